// Which hosts asked for /robots.txt? A folder of gzipped access logs, one file per task.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ProcessPoolExecutor } from '@multiproc/executor';
import { isMainProcess } from '@multiproc/process';

export function findRobots(file) {
  const robots = new Set();
  for (const line of gunzipSync(readFileSync(file)).toString().split('\n')) {
    if (line.includes('GET /robots.txt ')) robots.add(line.split(' ')[0]);
  }
  return robots;
}

if (isMainProcess()) {
  const folder = process.argv[2] ?? join(import.meta.dirname, 'logs');
  const files = readdirSync(folder).filter((name) => name.endsWith('.log.gz'));
  const paths = files.map((name) => join(folder, name));

  const executor = new ProcessPoolExecutor({ maxWorkers: 2 });
  const hosts = new Set();
  for await (const robots of executor.map(findRobots, paths)) {
    for (const host of robots) hosts.add(host);
  }
  await executor.shutdown();
  for (const host of [...hosts].sort()) console.log(host);
}
