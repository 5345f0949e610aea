import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from './run.mjs';

const TROUBLESHOOTING = 'docs/guide/troubleshooting.md';

/** Every code of an error or warning has an entry in the troubleshooting guide, and no entry is out of date. */
export function errorCodes(packages) {
  const thrown = new Map(
    packages
      .filter(({ isPublic }) => isPublic)
      .flatMap(({ sources }) => sources)
      .flatMap(({ name, text }) => codesIn(text).map((code) => [code, name])),
  );
  const guide = readFileSync(join(root, TROUBLESHOOTING), 'utf8');
  const entries = [...guide.matchAll(/^### ((?:ERR|MULTIPROC)_\w+)$/gm)].map(([, code]) => code);
  return [
    ...[...thrown]
      .filter(([code]) => !entries.includes(code))
      .map(([code, file]) => `${file}: ${code} has no entry in ${TROUBLESHOOTING}`),
    ...entries
      .filter((code) => !thrown.has(code))
      .map((code) => `${TROUBLESHOOTING}: nothing has the code ${code}`),
  ];
}

/** A code is an argument of an error's constructor, or what a property or parameter `code` is set to. */
function codesIn(text) {
  const file = ts.createSourceFile('source.ts', text, ts.ScriptTarget.ESNext, true);
  const codes = [];
  const visit = (node) => {
    if (ts.isStringLiteral(node) && /^(ERR|MULTIPROC)_/.test(node.text)) {
      const { parent } = node;
      const isArgument =
        ts.isNewExpression(parent) ||
        (ts.isCallExpression(parent) && parent.expression.kind === ts.SyntaxKind.SuperKeyword);
      const isProperty =
        (ts.isPropertyAssignment(parent) ||
          ts.isPropertyDeclaration(parent) ||
          ts.isParameter(parent)) &&
        parent.name.getText() === 'code';
      if (isArgument || isProperty) codes.push(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return codes;
}

const SECTIONS = ['Guarantees', 'What a kill leaves', 'Differences from Python'];

/** Every published package has a guide with these sections, and the parts of READMEs that guides show are there. */
export function guides(packages) {
  return packages
    .filter(({ isPublic }) => isPublic)
    .flatMap(({ folder }) => {
      const name = `docs/packages/${folder}.md`;
      if (!existsSync(join(root, name))) return [`${name} is missing`];
      const guide = readFileSync(join(root, name), 'utf8');
      const gone = [...guide.matchAll(/<!--@include: (\S+?)#([\w-]+)-->/g)]
        .filter(([, path, region]) => !hasRegion(join(root, 'docs', 'packages', path), region))
        .map(([, path, region]) => `${name}: ${path} has no region "${region}"`);
      const untold = SECTIONS.filter((title) => !guide.includes(`\n## ${title}\n`));
      return [...gone, ...untold.map((title) => `${name} has no section "${title}"`)];
    });
}

function hasRegion(path, region) {
  if (!existsSync(path)) return false;
  const text = readFileSync(path, 'utf8');
  return ['#region', '#endregion'].every((mark) => text.includes(`<!-- ${mark} ${region} -->`));
}
