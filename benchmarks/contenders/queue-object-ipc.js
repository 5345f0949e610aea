import { receiveSent } from './queue-ipc-run.js';

receiveSent(import.meta.url, 'object', 40_000);
