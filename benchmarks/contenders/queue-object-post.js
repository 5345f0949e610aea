import { receivePosted } from './queue-post-run.js';

receivePosted(new URL(import.meta.url), 'object', 300_000);
