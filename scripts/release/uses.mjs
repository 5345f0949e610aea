/**
 * The smallest real use of each package, as an expression over its module `m`, and what it gives. A package
 * that is missing here fails the test.
 */
export const USES = {
  '@multiproc/core': ["m.isMultiprocError(new m.HandleError('gone'), 'ERR_HANDLE')", true],
  '@multiproc/lock': ['new m.Lock().acquireSync().abandoned', false],
  '@multiproc/semaphore': ['new m.Semaphore(3).getValue()', 3],
  '@multiproc/event': ['new m.Event().waitSync({ timeout: 1 })', false],
  '@multiproc/condition': ['new m.Barrier(2).parties', 2],
  '@multiproc/shared': ["new m.Value('i', 41).add(1)", 41],
  '@multiproc/queue': ["(q => (q.putSync('x'), q.getSync()))(new m.Queue())", 'x'],
  '@multiproc/pipe': ["(([a, b]) => (a.sendSync('x'), b.recvSync()))(m.Pipe())", 'x'],
  '@multiproc/manager-dict': ["new m.ManagerDict([['a', 1]]).increment('a')", 2],
  '@multiproc/process': ['m.isMainProcess()', true],
  '@multiproc/pool': ['(p => (p.terminate(), p.queueSize))(new m.ThreadPool({ processes: 1 }))', 0],
  '@multiproc/executor': ['(f => (f.setResult(1), f.done()))(new m.Future())', true],
  multiproc: ["new m.Value('i', new m.Semaphore(7).getValue()).value", 7],
};
