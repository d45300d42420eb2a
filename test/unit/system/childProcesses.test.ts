import { globSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { nodesOf, parseSource, readText, root } from '../../support/sources.ts';

/** What emits `error`, and ends the process when nobody listens. */
const MAKERS = new Set([
  ...['spawn', 'fork', 'exec', 'execFile', 'createServer', 'createConnection', 'connect'],
  ...['createWriteStream', 'createReadStream'],
]);

/** Callers that listen to what they are given, or throw what it says. */
const LISTENERS = new Set([
  ...['guardChild', 'pipeline', 'createInterface', 'finished'],
  // They read it by `for await`.
  ...['csvRefs', 'lineRefs'],
]);

/** Where errors of something that a file makes are heard by nobody. */
function unheard(source: ts.SourceFile): string[] {
  const text = source.getText();
  return [...nodesOf(source)]
    .filter(ts.isCallExpression)
    .filter(call => MAKERS.has(nameOf(call)) && !isHeard(call, text))
    .map(call => `${source.fileName}: ${call.getText().split('\n')[0]}`);
}

function nameOf({ expression }: ts.CallExpression): string {
  // A method is our own: `this.#spawn()`.
  if (ts.isIdentifier(expression)) return expression.text;
  const isOfModule =
    ts.isPropertyAccessExpression(expression) &&
    /^(fs|net|tls)$/.test(expression.expression.getText());
  return isOfModule ? expression.name.text : '';
}

function isHeard(call: ts.CallExpression, text: string): boolean {
  for (let node: ts.Node = call; !ts.isSourceFile(node.parent); node = node.parent) {
    const { parent } = node;
    if (ts.isCallExpression(parent) && LISTENERS.has(nameOf(parent))) return true;
    if (ts.isForOfStatement(parent)) return true;
    const name = assigned(parent);
    if (name !== undefined) {
      const escaped = name.replaceAll('.', '\\.');
      const own = new RegExp(
        `${escaped}\\.on\\('error'|(guardChild|finished|createInterface)\\((\\{ input: )?${escaped}\\b|of ${escaped}\\b`,
      );
      return own.test(text);
    }
    // A callback, or whoever is given it: `body: createReadStream(…)` goes to code that reads it.
    if (ts.isPropertyAssignment(parent) || ts.isArrowFunction(parent)) return true;
    if (ts.isExpressionStatement(parent)) return call.arguments.some(ts.isArrowFunction);
  }
  return false;
}

function assigned(node: ts.Node): string | undefined {
  if (ts.isVariableDeclaration(node)) return node.name.getText();
  const isAssignment =
    ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken;
  return isAssignment ? node.left.getText() : undefined;
}

describe('an error of a child process, stream or server', () => {
  it('has a listener, so that it never ends the extension host, the worker or the sandbox', () => {
    const call = new RegExp(`\\b(${[...MAKERS].join('|')})\\(`);
    const files = globSync('src/**/*.ts', { cwd: root }).filter(file => call.test(readText(file)));
    expect(files.length).toBeGreaterThan(20);
    expect(files.flatMap(file => unheard(parseSource(file, readText(file))))).toEqual([]);
  });

  it.each([
    ["const child = spawn('aws'); child.stdin.write('x');", 1],
    ["const child = spawn('aws'); child.once('error', fail);", 1],
    ["const child = guardChild(spawn('aws'));", 0],
    ["const server = createServer(); server.on('error', log);", 0],
    ['const server = createServer();', 1],
    ['this.file = createWriteStream(path);', 1],
    ['await pipeline(body, createWriteStream(path));', 0],
  ])('%s', (text, count) => {
    expect(unheard(parseSource('x.ts', text))).toHaveLength(count);
  });
});
