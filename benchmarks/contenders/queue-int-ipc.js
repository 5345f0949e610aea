import { receiveSent } from './queue-ipc-run.js';

receiveSent(import.meta.url, 'int', 60_000);
