import { receiveBytes } from './pipe-bytes-run.js';

await receiveBytes(1024, 200000);
