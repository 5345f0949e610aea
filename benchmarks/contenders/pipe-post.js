import { receivePosted } from './pipe-post-run.js';

receivePosted(new URL(import.meta.url), { size: 0, count: 1_000_000, window: 4096 });
