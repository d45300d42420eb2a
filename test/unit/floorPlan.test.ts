import { existsSync, globSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readText, root } from '../support/sources.ts';

/** Where docs/architecture.md counts paths from: the repository, its sources, the sandbox, the functions, the pages. */
const BASES = [
  ...['', 'src', 'src/sandbox', 'src/explorer', 'src/jobs', 'lambda', 'lambda/resize', 'media'],
];

const named = [...readText('docs/architecture.md').matchAll(/`([\w./-]+\.(?:ts|mjs)|[\w./-]+\/)`/g)]
  .map(([, name]) => name!)
  .filter((name, index, all) => all.indexOf(name) === index);

/** A name without a folder may be any file of that name. */
function isThere(name: string): boolean {
  if (BASES.some(base => existsSync(path.join(root, base, name)))) return true;
  return !name.includes('/') && globSync(`{src,media,lambda}/**/${name}`, { cwd: root }).length > 0;
}

test('docs/architecture.md names many files', () => {
  expect(named.length).toBeGreaterThan(50);
});

test.each(named)('%s, which docs/architecture.md names, is there', name => {
  expect(isThere(name)).toBe(true);
});
