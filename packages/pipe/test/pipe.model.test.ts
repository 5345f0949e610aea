import type { Model } from '@multiproc/testing';
import { type Breakage, modelSuite } from '@multiproc/testing/suites';
import { expect } from 'vitest';
import {
  BREAKS,
  ENDS,
  HEAD,
  holding,
  ITEMS,
  RECEIVED,
  RECEIVERS,
  ROOM,
  SENDERS,
  SENT,
  TAIL,
  WORDS,
} from './fixtures/layout.js';

const labels = {
  [TAIL]: 'TAIL',
  [HEAD]: 'HEAD',
  [ITEMS]: 'ITEMS',
  [ROOM]: 'ROOM',
  [SENDERS]: 'SENDERS',
  [RECEIVERS]: 'RECEIVERS',
  [RECEIVED]: 'RECEIVED',
  [ENDS]: 'ENDS',
  [BREAKS]: 'BREAKS',
  [SENT]: 'SENT',
};

type Expected = { received?: number; ends?: number; breaks?: number };

/** Nobody hangs; what was sent is received before the end, and everybody sees the end. */
function model(
  agents: string[],
  senders: number[],
  receivers: number[],
  expected: Expected,
  options: Partial<Model> = {},
): Model {
  return {
    module: new URL('./fixtures/pipe-agents.js', import.meta.url),
    subject: new URL('./fixtures/model-subject.ts', import.meta.url),
    agents,
    words: WORDS,
    labels,
    init: holding(senders, receivers),
    check: (words) => {
      expect({
        received: words[RECEIVED],
        ends: words[ENDS],
        breaks: words[BREAKS],
      }).toMatchObject(expected);
    },
    ...options,
  };
}

const MODELS = {
  'a message and the end, for a receiver': model(['sender', 'receiver'], [0], [1], {
    received: 1,
    ends: 1,
  }),
  'a message and the end, for two receivers': model(
    ['sender', 'receiver', 'receiver'],
    [0],
    [1, 2],
    { received: 1, ends: 2 },
  ),
  'a message and the end, for a blocking and an awaiting receiver': model(
    ['sender', 'receiver', 'asyncReceiver'],
    [0],
    [1, 2],
    { received: 1, ends: 2 },
    { bound: 1 },
  ),
  'two senders that close, and a receiver': model(['sender', 'sender', 'receiver'], [0, 1], [2], {
    received: 2,
    ends: 1,
  }),
  'two holders that close at the same time, and two receivers': model(
    ['closer', 'closer', 'receiver', 'receiver'],
    [0, 1],
    [2, 3],
    { received: 0, ends: 2 },
    { bound: 1 },
  ),
  'a poller passes the message on': model(
    ['sendsTwo', 'poller', 'receiver'],
    [0],
    [1, 2],
    { received: 2, ends: 1 },
    { bound: 1 },
  ),
  'the receiver closes while a sender waits for room': model(
    ['sendsForEver', 'receivesNone'],
    [0],
    [1],
    { breaks: 1 },
  ),
  'the receiver closes while two senders wait for room': model(
    ['sendsForEver', 'sendsForEver', 'receivesOne'],
    [0, 1],
    [2],
    { received: 1, breaks: 2 },
    { bound: 1 },
  ),
  'the receiver closes while a blocking and an awaiting sender wait for room': model(
    ['sendsForEver', 'asyncSendsForEver', 'receivesNone'],
    [0, 1],
    [2],
    { breaks: 2 },
    { bound: 1 },
  ),
  'a sender is killed at any step': model(
    ['sender', 'watchfulReceiver'],
    [0],
    [1],
    { ends: 1 },
    {
      kills: 1,
      killable: ['sender'],
      timeouts: 2,
      bound: 1,
      check: (words) => {
        expect(words[ENDS]).toBe(1);
        // What was put is received; the sender may have died before it counted it.
        expect(words[RECEIVED]).toBe(words[TAIL]);
        expect(words[RECEIVED]).toBeGreaterThanOrEqual(words[SENT] as number);
      },
    },
  ),
  'a receiver is killed at any step': model(
    ['watchfulSender', 'receivesOne'],
    [0],
    [1],
    { breaks: 1 },
    { kills: 1, killable: ['receivesOne'], timeouts: 2, bound: 1 },
  ),
} satisfies Record<string, Model>;

/** One-line breakages, and the model that must notice each. */
const SABOTAGE: Breakage<keyof typeof MODELS>[] = [
  [
    'a message and the end, for a receiver',
    {
      name: 'there is no second look before the end',
      find: '    const last = this.#source.take();\n    if (last !== undefined) return last;\n',
      replace: '    if (this.#source) return ENDED;\n',
    },
  ],
  [
    'a message and the end, for two receivers',
    {
      name: 'closing wakes one receiver, and no receiver the next',
      find: '    return this.#source.size > 0 || !this.#peer.isOpen(false);\n  }\n}',
      replace: '    return this.#source.size > 0;\n  }\n}',
    },
  ],
  [
    'two holders that close at the same time, and two receivers',
    {
      name: 'closing wakes nobody',
      find: '  items?.wake(ringer, true);',
      replace: '',
    },
  ],
  [
    'a poller passes the message on',
    {
      name: 'a poller keeps the wake-up',
      find: '  /** The message is still there, for one who may have been passed over. */\n  more(): boolean {\n    return true;',
      replace: '  more(): boolean {\n    return false;',
    },
  ],
  [
    'the receiver closes while a sender waits for room',
    {
      name: 'a sender does not look at the other end',
      find: '    if (!this.#peer.isOpen(thorough)) return BROKEN;',
      replace: '',
    },
  ],
  [
    'the receiver closes while two senders wait for room',
    {
      name: 'closing wakes no sender',
      find: '  room?.wake(ringer, true);',
      replace: '',
    },
  ],
  [
    'a sender is killed at any step',
    {
      name: 'a receiver does not look for the dead',
      find: '    if (this.#peer.isOpen(thorough)) return undefined;',
      replace: '    if (this.#peer.isOpen(false)) return undefined;',
    },
  ],
];

modelSuite('nobody hangs, no message is lost at the end', MODELS, SABOTAGE);
