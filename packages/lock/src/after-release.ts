/** What an agent puts off until it has given a lock away, so that nobody is woken only to wait for it. */
export class AfterRelease {
  #actions: (() => void)[] = [];

  /** Puts an action off. */
  add(action: () => void): void {
    this.#actions.push(action);
  }

  /** Does what was put off, in that order; called whenever this agent has given the lock away. */
  run(): void {
    if (this.#actions.length === 0) return;
    const actions = this.#actions;
    this.#actions = [];
    for (const action of actions) action();
  }
}
