import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** Milliseconds that what was read of the other files is believed: an editor's ESLint lives on. */
const FRESH_MS = 30_000;

/**
 * The files that a text imports, types and `import()` included.
 * @param {string} file relative to the root
 * @returns {string[]} relative to the root
 */
function importsOf(file, text) {
  return ts
    .preProcessFile(text, true, true)
    .importedFiles.filter(({ fileName }) => fileName.startsWith('.'))
    .map(({ fileName }) => path.posix.join(path.posix.dirname(file), fileName));
}

/**
 * Where an import counts: between the two entries, files or folders, of the lowest folder that holds both
 * files. A circle of files, wherever they are, so becomes a circle of the entries of one folder, and a
 * circle of folders is one even when no two files import each other.
 * @returns {[from: string, to: string]}
 */
function entriesOf(file, imported) {
  const from = file.split('/');
  const to = imported.split('/');
  let shared = 0;
  while (from[shared] === to[shared] && shared < from.length - 1) shared += 1;
  return [from.slice(0, shared + 1).join('/'), to.slice(0, shared + 1).join('/')];
}

/** The way from one entry to another by imports, both included; undefined when there is none. */
function wayBetween(graph, from, to) {
  const cameFrom = new Map([[from, undefined]]);
  for (const entry of cameFrom.keys()) {
    if (entry === to) {
      const way = [];
      for (let step = to; step !== undefined; step = cameFrom.get(step)) way.unshift(step);
      return way;
    }
    for (const next of graph.get(entry) ?? []) if (!cameFrom.has(next)) cameFrom.set(next, entry);
  }
  return undefined;
}

function graphOf(imports) {
  const graph = new Map();
  for (const [file, imported] of imports) {
    for (const each of imported) {
      if (!imports.has(each)) continue;
      const [from, to] = entriesOf(file, each);
      graph.set(from, (graph.get(from) ?? new Set()).add(to));
    }
  }
  return graph;
}

let known = { root: '', read: 0, imports: new Map(), graph: new Map() };

/** What every file imports, and the graph of that. */
function readProject(root, globs) {
  if (known.root === root && Date.now() - known.read < FRESH_MS) return known;
  const files = globs
    .flatMap(glob => globSync(glob, { cwd: root }))
    .map(file => file.replaceAll('\\', '/'));
  const imports = new Map(
    files.map(file => [file, importsOf(file, readFileSync(path.join(root, file), 'utf8'))]),
  );
  known = { root, read: Date.now(), imports, graph: graphOf(imports) };
  return known;
}

/** The project with a file as an editor, or a test, has it. */
function projectWith(project, file, text) {
  const imported = importsOf(file, text);
  if (project.imports.get(file)?.join() === imported.join()) return project;
  const imports = new Map(project.imports).set(file, imported);
  return { imports, graph: graphOf(imports) };
}

/** ESLint's rule: no circle of files or of folders, types included. Its option names the files by globs. */
export const noCircles = {
  meta: {
    type: 'problem',
    schema: [{ type: 'array', items: { type: 'string' } }],
    messages: { circle: 'A circle of imports: {{ way }}.' },
  },
  create(context) {
    const file = path.relative(context.cwd, context.filename).replaceAll('\\', '/');
    const project = readProject(context.cwd, context.options[0]);
    const { imports, graph } = projectWith(project, file, context.sourceCode.text);
    const check = source => {
      if (!source?.value?.startsWith?.('.')) return;
      const imported = path.posix.join(path.posix.dirname(file), source.value);
      if (!imports.has(imported) || imported === file) return;
      const [from, to] = entriesOf(file, imported);
      const back = wayBetween(graph, to, from);
      if (!back) return;
      const way = [from, ...back].join(' → ');
      context.report({ node: source, messageId: 'circle', data: { way } });
    };
    return {
      ImportDeclaration: node => check(node.source),
      ExportNamedDeclaration: node => check(node.source),
      ExportAllDeclaration: node => check(node.source),
      ImportExpression: node => check(node.source),
      TSImportType: node => check(node.source ?? node.argument?.literal),
    };
  },
};
