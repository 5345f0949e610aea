import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';

/**
 * Turns an example into a program that records what it promises. A comment `// → text` belongs to the statement in
 * front of it:
 *
 * - after a statement with a `console.log(…)`, it is what that prints, every time or, separated by commas, each time;
 * - after another expression or a declaration, it is the value, as `console.log` would print it;
 * - `// → throws CODE`, it is the `code` (or the name) of the error that the expression throws or rejects with.
 *
 * Further outputs may stand below, as comments of their own. `// prints: text` is a line of output, from whichever process.
 *
 * @param block one of `loadBlocks`
 * @param recorder URL of `record.mjs`, with the file to write to in its query
 * @returns `{ program, expectations: [{ id, line, text }], prints: [{ line, text }], problems, usesSources }`
 */
export function instrument(block, recorder) {
  const code = `${block.before}${block.before && '\n'}${block.code}`;
  const shift = block.before ? block.before.split('\n').length : 0;
  const file = ts.createSourceFile('example.ts', code, ts.ScriptTarget.ESNext, true);
  const edits = [];
  const expectations = [];
  const prints = [];
  const problems = [];
  const lineAt = (position) => file.getLineAndCharacterOfPosition(position).line;

  for (const comment of code.matchAll(/\/\/ (→|prints:) *([^\n]*)$/gm)) {
    const line = block.line + 1 + lineAt(comment.index) - shift;
    const text = comment[2].trim();
    if (comment[1] === 'prints:') {
      prints.push({ line, text });
      continue;
    }
    const lineStart = code.lastIndexOf('\n', comment.index) + 1;
    const standsAlone = code.slice(lineStart, comment.index).trim() === '';
    const anchor = standsAlone ? endOfCodeBefore(code, lineStart) : comment.index;
    const statement = statementBefore(file, anchor);
    const earlier = expectations.at(-1);
    if (standsAlone && earlier?.statement === statement && statement) {
      earlier.text += `, ${text}`;
      continue;
    }
    if (!isRecordable(statement)) {
      problems.push(`${block.file}:${line}: "// →" belongs behind an expression or a declaration`);
      continue;
    }
    const id = expectations.length;
    expectations.push({ id, line, text, statement });
    edits.push(...record(statement, id, text));
  }

  const sources = relativeImports(file);
  for (const { node, specifier } of block.page.includes('/src/') ? sources : []) {
    const url = pathToFileURL(resolve(block.folder, specifier.replace(/\.js$/, '.ts')));
    edits.push({ start: node.getStart(), end: node.getEnd(), text: JSON.stringify(url.href) });
  }
  const program = `import ${JSON.stringify(recorder)}; ${applyEdits(code, edits)}`;
  return {
    code,
    program: ts.transpileModule(program, {
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
    }).outputText,
    expectations,
    prints,
    problems,
    usesSources: block.page.includes('/src/') && sources.length > 0,
  };
}

/** Comments of their own below a statement are about it, one for each time that it prints. */
function endOfCodeBefore(code, position) {
  const lines = code.slice(0, position).split('\n');
  while (lines.length > 0 && /^\s*(\/\/.*)?$/.test(lines.at(-1))) lines.pop();
  return lines
    .join('\n')
    .replace(/\/\/ →.*$/, '')
    .trimEnd().length;
}

/** The innermost statement that ends on the line of the comment, and before it. */
function statementBefore(file, position) {
  const line = file.getLineAndCharacterOfPosition(position).line;
  let found;
  const visit = (node) => {
    const end = node.getEnd();
    const isOnLine = end <= position && file.getLineAndCharacterOfPosition(end).line === line;
    if (isOnLine && ts.isStatement(node) && !ts.isBlock(node) && end >= (found?.getEnd() ?? 0))
      found = node;
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function isRecordable(statement) {
  if (!statement) return false;
  const isValue = ts.isVariableStatement(statement) || ts.isExpressionStatement(statement);
  return isValue || lastPrint(statement) !== undefined;
}

/** The edits that make a statement report what it prints, gives or throws. */
function record(statement, id, text) {
  const start = statement.getStart();
  const end = statement.getEnd();
  const source = ts.isExpressionStatement(statement) ? statement.expression.getText() : '';
  if (source && text.startsWith('throws ')) {
    const attempt = `try { __doctest.value(${id}, ${source}); }`;
    return [{ start, end, text: `${attempt} catch (error) { __doctest.threw(${id}, error); }` }];
  }
  const print = lastPrint(statement);
  if (print)
    return [{ start: print.getStart(), end: print.getEnd(), text: `__doctest.print(${id})` }];
  if (source) return [{ start, end, text: `__doctest.value(${id}, (${source}));` }];
  const { name } = statement.declarationList.declarations.at(-1);
  return [{ start: end, end, text: ` __doctest.value(${id}, ${name.getText()});` }];
}

/** The last `console.log` that is called in a statement, in a loop or callback of it as well. */
function lastPrint(statement) {
  let found;
  const visit = (node) => {
    if (ts.isCallExpression(node) && node.expression.getText() === 'console.log')
      found = node.expression;
    ts.forEachChild(node, visit);
  };
  visit(statement);
  return found;
}

function relativeImports(file) {
  return file.statements
    .filter(ts.isImportDeclaration)
    .map(({ moduleSpecifier: node }) => ({ node, specifier: node.text }))
    .filter(({ specifier }) => specifier.startsWith('.'));
}

function applyEdits(code, edits) {
  return edits
    .toSorted((a, b) => b.start - a.start)
    .reduce((text, edit) => text.slice(0, edit.start) + edit.text + text.slice(edit.end), code);
}
