import workerpool from 'workerpool';
import { add, echo } from './pool-task.js';

workerpool.worker({ add, echo });
