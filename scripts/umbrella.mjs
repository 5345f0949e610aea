// node scripts/umbrella.mjs: writes packages/multiproc/src/index.ts from what the packages export.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { root, run, tool } from './run.mjs';
import { loadPackages } from './workspace.mjs';

/** One name, two meanings: Python keeps them apart by module, so here neither gets the bare name. */
const RENAMED = {
  pipe: { wait: 'waitForConnections', waitSync: 'waitForConnectionsSync' },
  queue: { ShutdownOptions: 'QueueShutdownOptions' },
  executor: { wait: 'waitForFutures', ShutdownOptions: 'ExecutorShutdownOptions' },
};

/** What a package passes on from core, which has it here already. */
const PASSED_ON = { pool: ['registerClass'] };

/** What programs need of core. The rest is for writing packages, and is reached by `core.…`. */
const FROM_CORE = new Set([
  'AnyClass',
  'ArenaFullError',
  'ArgumentRangeError',
  'ArgumentTypeError',
  'ClassOptions',
  'configure',
  'DeadlockError',
  'DecodeError',
  'DisposedError',
  'EncodeError',
  'FamilyError',
  'FamilyOptions',
  'familyEnv',
  'Handle',
  'HandleError',
  'isMultiprocError',
  'MemoryKind',
  'MultiprocError',
  'memoryKind',
  'NameOptions',
  'NotExportedError',
  'registerClass',
  'registerFunction',
  'SharedObject',
  'TimeoutError',
  'UntimedOptions',
  'WaitOptions',
]);

/**
 * What the umbrella has to export.
 *
 * @returns for each package but the umbrella `{ folder, name, exports: [{ name, as, isType }] }`
 */
export function umbrellaExports() {
  const packages = loadPackages().filter(
    ({ folder, isPublic }) => isPublic && folder !== 'multiproc',
  );
  const entries = packages.map(({ path }) => join(path, 'src', 'index.ts'));
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const program = ts.createProgram(entries, options);
  const checker = program.getTypeChecker();
  return packages.map(({ folder, manifest }, i) => {
    const module = checker.getSymbolAtLocation(program.getSourceFile(entries[i]));
    const exports = checker
      .getExportsOfModule(module)
      .filter(({ name }) => folder !== 'core' || FROM_CORE.has(name))
      .filter(({ name }) => !PASSED_ON[folder]?.includes(name))
      .map((symbol) => ({
        name: symbol.name,
        as: RENAMED[folder]?.[symbol.name] ?? symbol.name,
        isType: isType(symbol, checker),
      }));
    return { folder, name: manifest.name, exports };
  });
}

function isType(symbol, checker) {
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return !(target.flags & ts.SymbolFlags.Value);
}

function source(list) {
  const lines = list.map(({ name, exports }) => {
    const names = exports.map(
      ({ name: own, as, isType: type }) =>
        `${type ? 'type ' : ''}${own}${own === as ? '' : ` as ${as}`}`,
    );
    return `export { ${names.join(', ')} } from '${name}';`;
  });
  return `/**
 * Python's \`multiprocessing\` for Node.js, as one package: everything that the \`@multiproc/…\` packages
 * export. What is for writing packages of one's own is in {@link core}.
 *
 * @packageDocumentation
 */
export * as core from '@multiproc/core';
${lines.join('\n')}
`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const path = join(root, 'packages', 'multiproc', 'src', 'index.ts');
  writeFileSync(path, source(umbrellaExports()));
  process.exitCode = (await run(tool('@biomejs/biome', 'biome'), ['check', '--write', path])).code;
}
