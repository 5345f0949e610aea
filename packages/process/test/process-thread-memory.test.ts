import './suites/thread-memory.js';
import { getAllStartMethods, getContext, getStartMethod, Process } from '@multiproc/process';
import { describe, expect, it } from 'vitest';
import { processSuite } from './suites/process-suite.js';

describe('a process started by thread, in thread memory', () => processSuite('thread'));

describe('in thread memory', () => {
  it('thread is the only start method, and the default', () => {
    expect(getAllStartMethods()).toEqual(['thread']);
    expect(getStartMethod()).toBe('thread');
  });

  it('spawn is refused, with what it needs', () => {
    const refusal = expect.objectContaining({
      code: 'ERR_START_METHOD',
      message: expect.stringContaining('koffi'),
    });
    expect(() => new Process({ startMethod: 'spawn' }).start()).toThrow(refusal);
    expect(() => getContext('spawn')).toThrow(
      expect.objectContaining({ code: 'ERR_START_METHOD' }),
    );
  });
});
