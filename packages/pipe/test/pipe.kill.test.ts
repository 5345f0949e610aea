import { currentFamily } from '@multiproc/core';
import { type Connection, Pipe } from '@multiproc/pipe';
import { Process, type StartMethod } from '@multiproc/process';
import { Board, eventually, SeededRandom } from '@multiproc/testing';
import { partnersOf } from '@multiproc/testing/suites';
import { expect, it } from 'vitest';
import * as partners from './fixtures/partners.js';

const { DONE, MEMBERS } = partners;
const KILLS = 100;

const METHODS: StartMethod[] = ['spawn', 'thread'];

/** A partner at the other end of a pipe. */
interface Partner {
  readonly process: Process;
  readonly mine: Connection;
  readonly word: number;
}

const { start } = partnersOf<StartMethod, Process>(Process);

/** Sends or receives until the partner's end is seen as closed; which must come. */
async function untilOver({ mine }: Partner, blocking: boolean): Promise<string> {
  const options = { timeout: 20_000 };
  try {
    for (let last = -1; ; ) {
      if (mine.readable) {
        const [i, text] = (blocking ? mine.recvSync(options) : await mine.recv(options)) as [
          number,
          string,
        ];
        expect(i).toBe(last + 1);
        expect(text.length).toBe(i % 200);
        last = i;
      } else {
        last++;
        const message = [last, 'y'.repeat(last % 200)];
        if (blocking) mine.sendSync(message, options);
        else await mine.send(message, options);
      }
    }
  } catch (error) {
    return (error as { code: string }).code;
  }
}

it('kills of senders and receivers hang nobody, tear nothing and leave nothing', async () => {
  const random = new SeededRandom('pipe kills');
  const board = new Board();
  const { arena, table } = currentFamily();
  const agents = [...table.tenants()].length;
  const used = arena.used;
  const partners4: Partner[] = [];

  const startAt = (position: number): void => {
    const word = MEMBERS + position;
    board.set(word, 0);
    const [reader, writer] = Pipe({ duplex: false });
    const [mine, theirs] = position % 2 === 0 ? [reader, writer] : [writer, reader];
    const args = [theirs, random.chance(0.5) ? 'blocking' : 'awaiting', board, word];
    const startMethod = METHODS[position >> 1] as StartMethod;
    const process = start(startMethod, partners.torture, ...args);
    theirs.close();
    partners4[position] = { process, mine, word };
  };
  for (let position = 0; position < 4; position++) startAt(position);

  for (let kill = 0; kill < KILLS; kill++) {
    const position = random.integer(0, 3);
    const victim = partners4[position] as Partner;
    // Some victims die while they start, most while they send or receive, or wait.
    if (random.chance(0.8)) await board.until(victim.word, 1);
    if (victim.mine.writable) {
      for (let i = random.integer(0, 50); i > 0; i--) victim.mine.sendSync([0, '']);
    }
    for (let spin = random.integer(0, 20_000); spin > 0; spin--) board.get(DONE);
    const how = random.chance(0.7) ? 'kill' : 'terminate';
    victim.process[how]();
    const outcome = await untilOver(victim, random.chance(0.5));
    expect(outcome).toBe(victim.mine.readable ? 'ERR_EOF' : 'ERR_BROKEN_PIPE');
    victim.mine.close();
    await victim.process.join();
    expect(victim.process.exitCode).toBe(how === 'kill' ? -9 : -15);
    startAt(position);
  }

  for (const { process, mine } of partners4) {
    mine.close();
    process.kill();
    await process.join();
  }
  await eventually(() => [...table.tenants()].length === agents, 20_000, 'all places are free');
  // A victim may leak the message that it had just taken or was about to put, and one block more.
  expect(arena.used - used).toBeLessThanOrEqual(KILLS * 512);
});
