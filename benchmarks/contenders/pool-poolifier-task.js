import { ThreadWorker } from 'poolifier';
import task from './pool-task.js';

// biome-ignore lint/style/noDefaultExport: poolifier asks for it
export default new ThreadWorker(task);
