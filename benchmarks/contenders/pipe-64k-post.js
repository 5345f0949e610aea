import { receivePosted } from './pipe-post-run.js';

receivePosted(new URL(import.meta.url), { size: 65536, count: 10000, window: 16 });
