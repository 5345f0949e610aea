import type { Task } from './task.js';

/** Spent places at the beginning of a list before it is cut. */
const SPENT = 1024;

/** Tasks of one priority. */
interface Level {
  readonly priority: number;
  tasks: (Task | undefined)[];
  /** Where the first one is. */
  head: number;
}

/** Tasks that wait in this thread: by priority, then by age. */
export class TaskQueue {
  /** Highest priority first; hardly ever more than one. */
  readonly #levels: Level[] = [];
  #size = 0;

  /** How many tasks wait. */
  get size(): number {
    return this.#size;
  }

  /** Adds a task behind those of its priority. */
  push(task: Task): void {
    this.#level(task.traits.priority).tasks.push(task);
    this.#size++;
  }

  /** Puts a task before those of its priority: it had its turn, and lost it. */
  putBack(task: Task): void {
    const level = this.#level(task.traits.priority);
    if (level.head > 0) level.tasks[--level.head] = task;
    else level.tasks.unshift(task);
    this.#size++;
  }

  /** The task whose turn it is. */
  peek(): Task | undefined {
    for (const level of this.#levels) {
      while (level.head < level.tasks.length) {
        const task = level.tasks[level.head];
        if (task !== undefined) return task;
        level.head++;
      }
    }
    return undefined;
  }

  /** Takes the task whose turn it is. */
  shift(): Task | undefined {
    const task = this.peek();
    if (task !== undefined) this.#takeHead(this.#level(task.traits.priority));
    return task;
  }

  /** Takes a certain task out. `false`: it does not wait here. */
  remove(task: Task): boolean {
    const level = this.#level(task.traits.priority);
    const position = level.tasks.indexOf(task, level.head);
    if (position < 0) return false;
    // Its place stays, so that taking many out of a long queue is not quadratic in moves.
    level.tasks[position] = undefined;
    this.#size--;
    return true;
  }

  /** Takes all tasks out, in order. */
  clear(): Task[] {
    const all = this.#levels.flatMap((level) => level.tasks.slice(level.head));
    this.#levels.length = 0;
    this.#size = 0;
    return all.filter((task) => task !== undefined);
  }

  #takeHead(level: Level): void {
    level.tasks[level.head++] = undefined;
    this.#size--;
    if (level.head === level.tasks.length) {
      level.tasks.length = 0;
      level.head = 0;
    } else if (level.head >= SPENT && level.head * 2 > level.tasks.length) {
      level.tasks = level.tasks.slice(level.head);
      level.head = 0;
    }
  }

  #level(priority: number): Level {
    const first = this.#levels[0];
    if (first?.priority === priority) return first;
    const position = this.#levels.findIndex((level) => level.priority <= priority);
    const found = this.#levels[position];
    if (found?.priority === priority) return found;
    const level: Level = { priority, tasks: [], head: 0 };
    this.#levels.splice(position < 0 ? this.#levels.length : position, 0, level);
    return level;
  }
}
