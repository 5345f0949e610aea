// Python's `Timer`, a thread that waits until it is time or it is cancelled. (A timer that needs no
// thread is `setTimeout`.)
import { Event } from '@multiproc/event';
import { isMainProcess, Process } from '@multiproc/process';

export class Timer extends Process {
  constructor(delay, text) {
    super({ startMethod: 'thread' });
    this.delay = delay;
    this.text = text;
    this.cancelled = new Event();
  }

  async run() {
    if (await this.cancelled.wait({ timeout: this.delay })) return;
    console.log(this.text);
  }

  cancel() {
    this.cancelled.set();
  }
}

if (isMainProcess()) {
  const cancelled = new Timer(60_000, 'never printed');
  cancelled.start();
  cancelled.cancel();
  await cancelled.join();
  console.log('the first timer is cancelled');

  const begin = performance.now();
  const timer = new Timer(200, 'the second timer fires');
  timer.start();
  await timer.join();
  console.log(`after ${Math.round(performance.now() - begin)} ms`);
}
