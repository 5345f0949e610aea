import { parentPort } from 'node:worker_threads';

/** Adds two numbers; a value that is alone goes back. */
parentPort.on('message', ([id, a, b]) => parentPort.postMessage([id, b === undefined ? a : a + b]));
