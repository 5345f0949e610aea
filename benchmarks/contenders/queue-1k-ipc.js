import { receiveSent } from './queue-ipc-run.js';

receiveSent(import.meta.url, 1_024, 40_000);
