import { globSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readJson, readText, root } from '../support/sources.ts';

type Versions = Readonly<Record<string, string>>;
const { dependencies, devDependencies } = readJson('package.json') as {
  dependencies: Versions;
  devDependencies: Versions;
};

describe('package.json', () => {
  it('has as dependencies what is bundled, and nothing that only tests need', () => {
    const sources = globSync('{src,media}/**/*.ts', { cwd: root }).map(readText);
    const imported = (name: string): boolean =>
      sources.some(text => text.includes(` '${name}'`) || text.includes(` '${name}/`));
    expect(Object.keys(dependencies).filter(name => !imported(name))).toEqual([]);
  });

  it('has the SDK on one version', () => {
    // AWS releases a client when it has changed: S3 Control has no release between its newest and
    // one that would be too old for S3's annotation events.
    const parts = Object.entries({ ...dependencies, ...devDependencies }).filter(([name]) =>
      /^@aws-sdk\/(client-(?!s3-control)|lib-|credential-providers|s3-)/.test(name),
    );
    expect(parts.length).toBeGreaterThan(9);
    const versions = [...new Set(parts.map(([, version]) => version))];
    expect(versions).toEqual([expect.stringMatching(/^\d+\.\d+\.\d+$/)]);
  });
});
