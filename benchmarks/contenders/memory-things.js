// Resident bytes that one more thing takes.
import { Lock } from '@multiproc/lock';
import { ManagerDict } from '@multiproc/manager-dict';
import { Queue } from '@multiproc/queue';
import SharedMap from 'sharedmap';
import { perThing } from './memory-load.js';
import { parameter } from './parameters.js';

const items = parameter('items', 100_000);
const dict = new ManagerDict();
const map = new Map();
const fixed = new SharedMap(items * 2, 16, 8);

const MAKE = {
  lock: () => new Lock(),
  queue: () => new Queue(),
  'queue-used': () => {
    const queue = new Queue();
    queue.putSync(1);
    return queue;
  },
  'dict-entry': (i) => void dict.set(`key-${i}`, i),
  'map-entry': (i) => void map.set(`key-${i}`, i),
  'sharedmap-entry': (i) => void fixed.set(`key-${i}`, i),
};

console.log(perThing(items, MAKE[parameter('of', 'lock')]));
