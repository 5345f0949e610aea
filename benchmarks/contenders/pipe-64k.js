import { receiveBytes } from './pipe-bytes-run.js';

await receiveBytes(65536, 30000);
