import { receivePosted } from './pipe-post-run.js';

receivePosted(new URL(import.meta.url), { size: 1024, count: 60000, window: 1024 });
