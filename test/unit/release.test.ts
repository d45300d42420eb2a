import { describe, expect, it } from 'vitest';
import { checkRelease } from '../support/releaseRules.ts';
import { readJson, readText } from '../support/sources.ts';

const changelog = `# Changelog

## [Unreleased]

## [1.2.3] - 2026-11-30

### Added

- Something.
`;

describe('a tag', () => {
  it('is released where it names the version and the changelog has it', () => {
    const release = { tag: 'v1.2.3', version: '1.2.3', changelog };
    expect(checkRelease(release)).toEqual({ problems: [], isPreRelease: false });
  });

  it('is a pre-release where its minor number is odd', () => {
    const odd = changelog.replace('1.2.3', '1.3.0');
    const release = { tag: 'v1.3.0', version: '1.3.0', changelog: odd };
    expect(checkRelease(release)).toEqual({ problems: [], isPreRelease: true });
  });

  it.each([
    ['another version', { tag: 'v1.2.4' }],
    ['no tag', { tag: '' }],
    ['what the Marketplace does not take', { tag: 'v1.2.3-beta', version: '1.2.3-beta' }],
    ['a version without a date', { changelog: changelog.replace(' - 2026-11-30', '') }],
    [
      'changes that no version has',
      { changelog: changelog.replace('[Unreleased]\n', '[Unreleased]\n\n- More.\n') },
    ],
  ])('is not released with %s', (_, change) => {
    const release = { tag: 'v1.2.3', version: '1.2.3', changelog, ...change };
    expect(checkRelease(release).problems).not.toEqual([]);
  });
});

it('may be made of this version', () => {
  const { version } = readJson('package.json') as { version: string };
  const text = readText('CHANGELOG.md').replace(/(?<=## \[Unreleased\]\n)[\s\S]*?(?=^## )/m, '\n');
  expect(checkRelease({ tag: `v${version}`, version, changelog: text }).problems).toEqual([]);
});
