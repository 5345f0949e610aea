import { receivePosted } from './queue-post-run.js';

receivePosted(new URL(import.meta.url), 1_024, 100_000);
