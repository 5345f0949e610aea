// npm run docs: the API pages from the sources, the site around them, and a check of every link.
// npm run docs:dev serves the site and rebuilds a page when it changes.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { brokenLinks } from './link-rules.mjs';
import { install, root, run, tool } from './run.mjs';

const { values } = parseArgs({
  options: { dev: { type: 'boolean' }, port: { type: 'string', default: '5173' } },
});
const site = join(root, 'docs', 'dist', 'site');

await install();
if (values.dev) {
  await step('typedoc', [
    '--treatWarningsAsErrors',
    'false',
    '--treatValidationWarningsAsErrors',
    'false',
  ]);
  await step('vitepress', ['dev', 'docs', '--port', values.port]);
} else {
  await step('typedoc', []);
  remove('docs/dist/site');
  await step('vitepress', ['build', 'docs']);
  const problems = brokenLinks(site, process.env.DOCS_BASE ?? '/');
  for (const problem of problems) console.error(problem);
  console.log(
    problems.length === 0 ? 'every link leads somewhere' : `${problems.length} dead links`,
  );
  process.exitCode = problems.length === 0 ? 0 : 1;
}

function remove(path) {
  rmSync(join(root, path), { recursive: true, force: true });
}

async function step(name, args) {
  if (name === 'typedoc') remove('docs/api');
  const { code } = await run(tool(name), args);
  // A build that fails leaves it behind.
  remove('docs/.vitepress/.temp');
  if (code !== 0) process.exit(code);
}
