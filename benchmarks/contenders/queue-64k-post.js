import { receivePosted } from './queue-post-run.js';

receivePosted(new URL(import.meta.url), 65_536, 10_000);
