import { isBuiltin } from 'node:module';
import { dirname, relative, resolve } from 'node:path';
import ts from 'typescript';
import { below } from './workspace.mjs';

const MAX_LINES = 400;
const WAITING = new Set(['wait', 'waitAsync', 'notify']);

/**
 * `Atomics.x(...)` is called in place (the schedule explorer replaces the methods, so a copy would escape it),
 * and waking, sleeping and native calls happen in core alone. `testing` simulates them and is excepted.
 */
export function atomicsUse(packages) {
  const problems = [];
  eachNode(packages, (node, { folder, at }) => {
    if (folder === 'testing') return;
    if (ts.isIdentifier(node) && node.text === 'Atomics' && !isTypeOrName(node)) {
      const member = node.parent;
      const called =
        ts.isPropertyAccessExpression(member) &&
        member.expression === node &&
        ts.isCallExpression(member.parent) &&
        member.parent.expression === member;
      if (!called) problems.push(`${at()}: call Atomics.x(...) in place, do not copy or alias it`);
      else if (folder !== 'core' && WAITING.has(member.name.text))
        problems.push(`${at()}: Atomics.${member.name.text} belongs in core (block, blockAsync)`);
    }
    if (folder !== 'core' && ts.isStringLiteralLike(node) && /^koffi($|\/)/.test(node.text))
      problems.push(`${at()}: only core calls koffi`);
  });
  return problems;
}

/** `Atomics` as a type (`typeof Atomics`) or as somebody else's member is no use of the global. */
function isTypeOrName(node) {
  const { parent } = node;
  return (
    ts.isTypeQueryNode(parent) ||
    ts.isQualifiedName(parent) ||
    ts.isTypeReferenceNode(parent) ||
    (ts.isPropertyAccessExpression(parent) && parent.name === node)
  );
}

/** Hoisting hides an undeclared dependency from everybody but the user. */
export function imports(packages) {
  const problems = [];
  for (const { folder, path, manifest, sources } of packages) {
    const { dependencies, optionalDependencies, peerDependencies } = manifest;
    const declared = { ...dependencies, ...optionalDependencies, ...peerDependencies };
    for (const { name, path: file, text } of sources) {
      for (const { fileName: specifier } of ts.preProcessFile(text).importedFiles) {
        if (specifier.startsWith('.')) {
          const target = relative(path, resolve(dirname(file), specifier));
          if (!target.startsWith('src')) problems.push(`${name}: '${specifier}' leaves src`);
        } else if (!isBuiltin(specifier)) {
          const wanted = specifier.match(/^(@[^/]+\/)?[^/]+/)?.[0];
          if (!Object.hasOwn(declared, wanted))
            problems.push(`${name}: '${wanted}' is not in the dependencies of ${manifest.name}`);
        }
      }
    }
    problems.push(...upwardArrows(folder, manifest, declared, packages));
  }
  return problems;
}

function upwardArrows(folder, manifest, declared, packages) {
  const allowed = below(folder);
  if (!allowed) return [`packages/${folder} is not in the table of scripts/workspace.mjs`];
  return packages
    .filter((other) => Object.hasOwn(declared, other.manifest.name) && !allowed.has(other.folder))
    .map((other) => `${manifest.name} must not depend on ${other.manifest.name}`);
}

export function fileLength(packages) {
  return packages
    .flatMap(({ sources }) => sources)
    .map(({ name, text }) => ({ name, lines: text.trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > MAX_LINES)
    .map(({ name, lines }) => `${name}: ${lines} lines`);
}

/** `require()` of an ESM package throws if anything in it awaits while loading. */
export function topLevelAwait(packages) {
  const problems = [];
  const published = packages.filter(({ isPublic }) => isPublic);
  eachNode(published, (node, { at }) => {
    const awaits =
      ts.isAwaitExpression(node) ||
      (ts.isForOfStatement(node) && node.awaitModifier) ||
      (ts.isVariableDeclarationList(node) &&
        (node.flags & ts.NodeFlags.AwaitUsing) === ts.NodeFlags.AwaitUsing);
    if (awaits && !ts.findAncestor(node, ts.isFunctionLike))
      problems.push(`${at()}: top-level await`);
  });
  return problems;
}

function eachNode(packages, visit) {
  for (const { folder, sources } of packages) {
    for (const { name, text } of sources) {
      const file = ts.createSourceFile(name, text, ts.ScriptTarget.ESNext, true);
      const walk = (node) => {
        const at = () => `${name}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
        visit(node, { folder, at });
        ts.forEachChild(node, walk);
      };
      walk(file);
    }
  }
}
