import { runChild } from './run-child.js';
import { readMessage } from './start-message.js';

/*
 * What a spawned process runs first. Its arguments are `agent,size,position,length,liveness` and
 * the name of the process, which is there for those who list processes:
 *
 * | number | meaning |
 * | --- | --- |
 * | agent | its place in the agent table, claimed by the starter |
 * | size | length of the family's memory, whose file is descriptor 3 |
 * | position, length | the start message in that file |
 * | liveness | descriptor of the pipe whose last writer dies with the parent; 0: not a daemon |
 *
 * The message is read from the file without mapping it. A child that never touches anything
 * shared so loads no native code, and starts as fast as an empty program.
 */
const FAMILY_FILE = 3;

/** Where core, when and if it is loaded, finds which family this process belongs to. */
const INVITATION = Symbol.for('multiproc.family.invitation');

/** Has the kernel kill this process when its parent dies, however that happens. */
async function dieWithParent(liveness: number): Promise<void> {
  const fs = process.getBuiltinModule('node:fs');
  // Opened anew: whom to signal is a property of the open file, and the inherited one belongs to
  // all children together.
  const { O_RDONLY, O_NONBLOCK } = fs.constants;
  const own = fs.openSync(`/proc/self/fd/${liveness}`, O_RDONLY | O_NONBLOCK);
  fs.closeSync(liveness);
  const { loadNative } = await import('@multiproc/core');
  const native = loadNative();
  if (typeof native === 'string') throw new Error(`a daemon cannot watch its parent: ${native}`);
  native.dieWithWriters(own);
}

async function main(): Promise<void> {
  const numbers = (process.argv[2] as string).split(',').map(Number);
  const [agent, size, position, length, liveness] = numbers as [
    number,
    number,
    number,
    number,
    number,
  ];
  const message = new Uint8Array(length);
  process.getBuiltinModule('node:fs').readSync(FAMILY_FILE, message, 0, length, position);
  const { preamble, values } = readMessage(message);
  const invitation = { agent, fd: FAMILY_FILE, size, binary: preamble.binary };
  Object.defineProperty(process, INVITATION, { value: invitation });
  if (liveness !== 0) await dieWithParent(liveness);
  await runChild({ preamble, values, agent });
}

main().catch((error: unknown) => {
  // Stays, should the program have a listener that keeps Node from ending on this error.
  process.exitCode = process.exitCode || 1;
  throw error;
});
