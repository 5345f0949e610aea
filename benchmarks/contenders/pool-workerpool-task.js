import workerpool from 'workerpool';
import { add } from './pool-task.js';

workerpool.worker({ add });
