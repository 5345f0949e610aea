// Two processes wait for an event, one of them with a time-out that comes before the event is set.
import { Event } from '@multiproc/event';
import { isMainProcess, Process } from '@multiproc/process';

export async function wait(event, name, timeout) {
  console.log(`${name} waits`);
  const isSet = await event.wait({ timeout });
  console.log(`${name} goes on, set: ${isSet}`);
}

if (isMainProcess()) {
  const event = new Event();
  event.set();
  console.log(`set: ${event.isSet()}`);
  event.clear();
  console.log(`cleared: ${!event.isSet()}`);

  const patient = new Process({ target: wait, args: [event, 'the patient one'] });
  const hasty = new Process({ target: wait, args: [event, 'the hasty one', 100] });
  patient.start();
  hasty.start();
  await hasty.join();
  console.log('the event is set again');
  event.set();
}
