import { receivePosted } from './queue-post-run.js';

receivePosted(new URL(import.meta.url), 8_388_608, 60);
