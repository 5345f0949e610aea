import { receivePosted } from './queue-post-run.js';

receivePosted(new URL(import.meta.url), 'int', 500_000);
