import { isDeepStrictEqual } from 'node:util';
import { serialize } from 'node:v8';
import { MessageChannel } from 'node:worker_threads';
import * as all from 'multiproc';
import { expect, it } from 'vitest';

const [connection] = all.Pipe();

const objects = {
  Lock: new all.Lock(),
  RLock: new all.RLock(),
  Semaphore: new all.Semaphore(),
  BoundedSemaphore: new all.BoundedSemaphore(),
  Event: new all.Event(),
  Condition: new all.Condition(),
  Barrier: new all.Barrier(2),
  Value: new all.Value('i32', 1),
  RawValue: new all.RawValue('i32', 1),
  SharedArray: new all.SharedArray('f64', 3),
  RawArray: new all.RawArray('f64', 3),
  SharedMemory: new all.SharedMemory({ create: true, size: 8 }),
  ShareableList: new all.ShareableList([1, 'two']),
  Queue: new all.Queue(),
  SimpleQueue: new all.SimpleQueue(),
  JoinableQueue: new all.JoinableQueue(),
  LifoQueue: new all.LifoQueue(),
  PriorityQueue: new all.PriorityQueue(),
  ManagerDict: new all.ManagerDict([['key', 1]]),
  Connection: connection,
};

it.each(Object.entries(objects))('a %s that is cloned says what to do instead', (_, object) => {
  const advice = /is not cloned: send its handle, and call \w+\.from\(handle\) there/;
  expect(() => structuredClone({ object })).toThrow(advice);
  expect(() => new MessageChannel().port1.postMessage([object])).toThrow(advice);
  expect(() => serialize(object)).toThrow(advice);
});

it.each(Object.entries(objects))(
  'a %s is compared and shown without a look at its memory',
  (_, object) => {
    expect(isDeepStrictEqual(object, {})).toBe(false);
    expect(() => expect(object).toEqual({ other: 1 })).toThrow(/expected/);
  },
);
