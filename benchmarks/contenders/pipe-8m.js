import { receiveBytes } from './pipe-bytes-run.js';

await receiveBytes(8388608, 200);
