import { receivePosted } from './pipe-post-run.js';

receivePosted(new URL(import.meta.url), { size: 8388608, count: 100, window: 2 });
