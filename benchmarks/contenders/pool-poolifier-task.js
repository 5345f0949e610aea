import { ThreadWorker } from 'poolifier';
import { addBoth, echo } from './pool-task.js';

// biome-ignore lint/style/noDefaultExport: poolifier asks for it
export default new ThreadWorker({ add: addBoth, echo });
