import { describe, expect, it } from 'vitest';
import { cleanUp, linesOfExample, runExample } from './run-example.js';

const PEOPLE = ['Ada', 'Ben', 'Cleo', 'Dan'];

cleanUp();

const example = (name: string) => linesOfExample(`processes/${name}`);

/** The numbers in a line. */
const numbers = (line = '') => (line.match(/\d+/g) ?? []).map(Number);

describe('examples of processes', () => {
  it.each(['01-four-children.js', '02-subclass.js'])(
    '%s: the parent goes first, then each child begins and ends',
    async (name) => {
      const [first, ...lines] = await example(name);
      expect(first).toBe('the parent starts four children');
      expect(lines.length).toBe(8);
      for (const person of PEOPLE) {
        expect(lines.filter((line) => line.startsWith(person))).toEqual([
          `${person} begins`,
          `${person} has finished`,
        ]);
      }
    },
  );

  it.each([
    ['03-daemonic-subclass.js', 'Ada begins', 'the parent ends'],
    ['07-daemon.js', 'the child begins', "the parent's last line"],
  ])('%s: the daemon never finishes', async (name, begins, ends) => {
    const lines = await example(name);
    // On a busy machine the parent may be through before the child has begun.
    expect(lines.filter((line) => line !== begins)).toEqual([ends]);
  });

  it.each(['04-two-cores.js', '05-two-cores-subclass.js'])(
    '%s: two processes compute at the same time',
    async (name) => {
      let atOnce = false;
      // Once is enough: on a busy machine one child may have finished before the other gets a core.
      for (let round = 0; round < 4 && !atOnce; round++) {
        const lines = await example(name);
        expect(lines.map((line) => line.replace(/\d+ ms$/, 'so long'))).toEqual([
          'the sum is 1800000000, computed in so long',
          'the sum is 1800000000, computed in so long',
          'one after the other: so long',
          'the sum is 1800000000, computed in so long',
          'the sum is 1800000000, computed in so long',
          'both at once: so long',
        ]);
        const [, , , first = 0, second = 0, both = 0] = lines.map((line) => numbers(line).at(-1));
        // What takes less time than its parts cannot have done them one after the other.
        atOnce = both < first + second;
      }
      expect(atOnce).toBe(true);
    },
  );

  it('06-outlives-the-parent.js: the program waits for the child', async () => {
    const lines = await example('06-outlives-the-parent.js');
    // Nothing orders the two processes: on a busy machine the child may be first.
    expect(lines.filter((line) => line !== "the parent's last line")).toEqual([
      'the child begins',
      'the child has finished',
    ]);
    expect(lines.length).toBe(3);
  });

  it('08-arguments.js: arguments arrive by position and by name', async () => {
    expect((await example('08-arguments.js')).sort()).toEqual([
      'good morning Ben, by name',
      'hello Ada, by position',
    ]);
  });

  it('09-ten-children.js: ten children of one parent, each a process of its own', async () => {
    const lines = await example('09-ten-children.js');
    const [parent] = numbers(lines.pop());
    const greetings = lines.map(numbers).sort(([a = 0], [b = 0]) => a - b);
    expect(greetings.map(([child]) => child)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(new Set(greetings.map(([, of]) => of))).toEqual(new Set([parent]));
    expect(new Set([parent, ...greetings.map(([, , own]) => own)]).size).toBe(11);
  });

  it('10-isolation.js: the parent keeps its own variable', async () => {
    expect(await example('10-isolation.js')).toEqual(['in the child: 1', 'in the parent: 100']);
  });

  it('11-join.js: each child before the next one, then all of them, and each join waits', async () => {
    const lines = await example('11-join.js');
    const inTurn = PEOPLE.slice(0, 3).flatMap((name) => [`${name} begins`, `${name} has finished`]);
    expect(lines.slice(0, 6)).toEqual(inTurn);
    // That they are faster together is no more than likely: a busy machine may run them in turn.
    expect(lines.slice(7, 13).sort()).toEqual(inTurn.sort());
    const times = [lines[6], lines[13]].map((line) => numbers(line)[0]);
    expect(times[0]).toBeGreaterThanOrEqual(600);
    expect(times[1]).toBeGreaterThanOrEqual(200);
    expect(lines.length).toBe(14);
  });

  it('12-terminate.js: the child is dead after the join, of signal 15', async () => {
    const [atOnce, afterJoin] = await example('12-terminate.js');
    expect(atOnce).toMatch(/^at once: (true|false)$/);
    expect(afterJoin).toBe('after join: false, exit code -15');
  });

  it('13-pids.js: parent and child tell the same', async () => {
    const lines = (await example('13-pids.js')).sort();
    const [[child, parentOfChild] = [], [parent, childOfParent] = []] = lines.map(numbers);
    expect(lines.map((line) => line.split(':')[0])).toEqual(['child', 'parent']);
    expect([child, parent]).toEqual([childOfParent, parentOfChild]);
    expect(child).not.toBe(parent);
  });

  it('14-errors.js: printed in a child, thrown to the caller of a pool', async () => {
    const { code, lines, stderr } = await runExample('processes/14-errors.js');
    expect(code).toBe(0);
    expect(lines).toEqual([
      'exit code: 1',
      'caught: OrderError: order 8 cannot be read',
      'an OrderError: true, its number: 8',
      'its cause: SyntaxError',
    ]);
    expect(stderr.match(/^OrderError: order 7 cannot be read$/gm)?.length).toBe(1);
    expect(stderr).toMatch(/at read \(.*14-errors\.js:\d+:\d+\)/);
    expect(stderr).not.toContain('order 8');
  });

  it('15-tcp-server.js: two clients at once, each with a process of its own', async () => {
    const [first, second, ...answers] = await example('15-tcp-server.js');
    expect([first, second].join(' ')).toMatch(/^served by \d+ served by \d+$/);
    expect(first).not.toBe(second);
    expect(answers).toEqual(['hello → HELLO', 'good morning → GOOD MORNING', 'bye → BYE']);
  });

  it('16-thread-per-request.js: each request is answered by another thread', async () => {
    const lines = await example('16-thread-per-request.js');
    const thread = / \(thread (\d+)\)$/;
    const answers = lines.map((line) => line.replace(thread, ''));
    expect(answers).toEqual(['TCP: ONE', 'TCP: TWO', 'UDP: THREE', 'UDP: FOUR']);
    expect(new Set(lines.map((line) => line.match(thread)?.[1])).size).toBe(4);
  });

  it('17-async-targets.js: each of four processes has a hundred results', async () => {
    expect((await example('17-async-targets.js')).sort()).toEqual(
      [1, 2, 3, 4].map((i) => `Process-${i}: 100 results, their sum is 5050`),
    );
  });
});
