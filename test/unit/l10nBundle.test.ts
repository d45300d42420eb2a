import { getL10nJson } from '@vscode/l10n-dev';
import { globSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseSources, readJson, readText, root } from '../support/sources.ts';

describe('l10n/bundle.l10n.json', () => {
  const bundle = readJson('l10n/bundle.l10n.json') as Record<string, unknown>;

  it(
    'holds the texts of the sources, no more and no less (npm run l10n)',
    { timeout: 180_000 },
    async () => {
      const files = globSync('src/**/*.ts', { cwd: root });
      const texts = await getL10nJson(
        files.map(file => ({ extension: '.ts', contents: readText(file) })),
      );
      expect(Object.keys(bundle).sort()).toEqual(Object.keys(texts).sort());
    },
  );

  it('is of one style: no two spaces, no space at an end, … instead of three dots', () => {
    const untidy = Object.keys(bundle).filter(text => /\.\.\.|^\s|\s$| {2}/.test(text));
    expect(untidy).toEqual([]);
  });

  it('is made of sources that never glue texts together', () => {
    const glued = parseSources('src/**/*.ts').flatMap(({ fileName, text }) =>
      [...text.matchAll(/l10n\.t\([^)]*\)\s*\+|\+\s*l10n\.t\(|l10n\.t\(\s*`/g)].map(
        ([found]) => `${fileName}: ${found}`,
      ),
    );
    expect(glued).toEqual([]);
  });
});
