// The rules about packages and sources that no tool knows. Each check returns its problems as lines.

/**
 * @param packages what `loadPackages` returns
 * @returns pairs of a title and a function that returns the problems found
 */
export async function structureChecks(packages) {
  // Loaded late: they need the installed TypeScript, which the caller may have had to install first.
  const [sources, manifests] = await Promise.all([
    import('./source-rules.mjs'),
    import('./manifest-rules.mjs'),
  ]);
  const built = await manifests.importBuilt(packages);
  return [
    ['Atomics is called in place, and only core waits', () => sources.atomicsUse(packages)],
    ['imports are declared and arrows point down', () => sources.imports(packages)],
    ['no source file is longer than 400 lines', () => sources.fileLength(packages)],
    ['no top-level await', () => sources.topLevelAwait(packages)],
    ['manifests have the common shape', () => manifests.shape(packages)],
    ['every public package has README and LICENSE', () => manifests.requiredFiles(packages)],
    ['packages are linked, not downloaded', () => manifests.linked(packages)],
    ['exported functions keep their names in dist', () => manifests.exportedNames(built)],
    ['a major changeset names every dependent', () => manifests.majorChangesets(packages)],
  ];
}
