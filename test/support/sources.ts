import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** The repository's folder. */
export const root = path.resolve(import.meta.dirname, '..', '..');

export function readText(file: string): string {
  return readFileSync(path.join(root, file), 'utf8');
}

export function readJson(file: string): unknown {
  return JSON.parse(readText(file));
}

/** The TypeScript files that match, parsed (not checked), with paths relative to the repository. */
export function parseSources(...globs: string[]): ts.SourceFile[] {
  return globs
    .flatMap(glob => globSync(glob, { cwd: root }))
    .map(file => file.replaceAll('\\', '/'))
    .map(file => parseSource(file, readText(file)));
}

export function parseSource(file: string, text: string): ts.SourceFile {
  return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
}

/** Every node under one, itself included. */
export function* nodesOf(node: ts.Node): Generator<ts.Node> {
  yield node;
  for (const child of node.getChildren()) yield* nodesOf(child);
}

/** The quoted property names of an interface, in order. */
export function propertiesOf(source: ts.SourceFile, interfaceName: string): string[] {
  return [...nodesOf(source)]
    .filter(ts.isInterfaceDeclaration)
    .filter(({ name }) => name.text === interfaceName)
    .flatMap(({ members }) => members)
    .flatMap(({ name }) => (name && ts.isStringLiteral(name) ? [name.text] : []));
}
