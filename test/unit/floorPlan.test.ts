import { existsSync, globSync } from 'node:fs';
import path from 'node:path';
import { expect, describe, test } from 'vitest';
import { readText, root } from '../support/sources.ts';

/** Where documents count paths from: the repository, its sources, a feature, the sandbox, a function, the pages. */
const BASES = [
  ...['', 'src', 'src/aws', 'src/sandbox', 'src/explorer', 'src/jobs'],
  ...['src/worker', 'lambda', 'lambda/resize', 'lambda/tagger', 'media'],
];

const DOCUMENTS = globSync('{README,CONTRIBUTING,SECURITY,docs/*}.md', { cwd: root })
  .map(file => file.replaceAll('\\', '/'))
  .sort();

/** What stands in backticks outside blocks of code, once each. */
function codeIn(document: string): string[] {
  const prose = readText(document).replace(/^ *```[^]*?^ *```$/gm, '');
  return [...new Set([...prose.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code!))];
}

const isFile = (code: string): boolean =>
  /^[\w./-]+\.(?:ts|mts|mjs)$|^(?:src|test|lambda|media|docs)\/[\w./-]+$/.test(code);
const isFolder = (code: string): boolean => /^[a-zA-Z][\w./-]*\/$/.test(code);
/** Made of two words or more, as functions, types and constants of ours are; AWS's names are, too. */
const isIdentifier = (code: string): boolean =>
  /^(?:[a-z]+|[A-Z][a-z0-9]+)(?:[A-Z][a-z0-9]*)+(?:\(\))?$|^[A-Z]{2,}(?:_[A-Z]+)+$/.test(code);

/** A name without a folder may be any file of that name. */
function isThere(name: string): boolean {
  if (BASES.some(base => existsSync(path.join(root, base, name)))) return true;
  return (
    !name.includes('/') && globSync(`{src,media,lambda,test}/**/${name}`, { cwd: root }).length > 0
  );
}

const sources = globSync(
  ['{src,lambda,media,test}/**/*.{ts,mjs,json}', '.github/workflows/*.yml'],
  {
    cwd: root,
    exclude: ['**/node_modules/**', '**/recordings/**'],
  },
);
const words = new Set(
  [...sources, 'package.json', 'eslint.config.mjs', 'noCircles.mjs'].flatMap(
    file => readText(file).match(/\w+/g) ?? [],
  ),
);

describe.each(DOCUMENTS)('%s names', document => {
  const code = codeIn(document);
  const paths = code.filter(isFile);
  const names = code.filter(isIdentifier).map(name => name.replace('()', ''));

  test('only files that exist', () => {
    expect(paths.filter(name => !isThere(name))).toEqual([]);
  });

  test('only identifiers that the code has', () => {
    expect(names.filter(name => !words.has(name))).toEqual([]);
  });
});

describe('docs/architecture.md', () => {
  const code = codeIn('docs/architecture.md');

  test('names many files, folders and identifiers', () => {
    expect(code.filter(isFile).length).toBeGreaterThan(60);
    expect(code.filter(isFolder).length).toBeGreaterThan(60);
    expect(code.filter(isIdentifier).length).toBeGreaterThan(10);
  });

  test('names only folders that exist', () => {
    expect(code.filter(isFolder).filter(name => !isThere(name))).toEqual([]);
  });

  test('has the anchors that it links to', () => {
    const text = readText('docs/architecture.md');
    const anchors = [...text.matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
      title!
        .toLowerCase()
        .replace(/[^\w\- ]/g, '')
        .replaceAll(' ', '-'),
    );
    const links = [...text.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor!);
    expect(links.length).toBeGreaterThan(4);
    expect(links.filter(link => !anchors.includes(link))).toEqual([]);
  });
});
