import { describe, expect, it } from 'vitest';
import { MINIMUM, NEWEST, versionOf } from '../support/codeServer.ts';
import { productionBundle } from '../support/bundles.ts';
import { readJson } from '../support/sources.ts';

const { engines, devDependencies } = readJson('package.json') as {
  readonly engines: { readonly vscode: string };
  readonly devDependencies: Readonly<Record<string, string>>;
};
const minor = (version: string): string => version.split('.').slice(0, 2).join('.');

describe('the oldest VS Code that we work in', () => {
  it('is the one that the compiler knows, to the digit', () => {
    expect(devDependencies['@types/vscode']).toBe(engines.vscode.replace('^', ''));
  });

  it('is the one that the host tests run in as well', () => {
    expect(`^${minor(versionOf(MINIMUM))}.0`).toBe(engines.vscode);
    expect(Number(minor(versionOf(NEWEST)).slice(2))).toBeGreaterThan(
      Number(minor(versionOf(MINIMUM)).slice(2)),
    );
  });

  it('has the Node.js that the bundles are made for and the compiler knows', () => {
    for (const name of ['host', 'sandbox', 'worker', 'lambdaRuntime']) {
      expect(productionBundle(name).target).toBe(`node${minor(MINIMUM.node)}`);
    }
    expect(devDependencies['@types/node']).toMatch(
      new RegExp(`^\\^${MINIMUM.node.split('.')[0]!}\\.`),
    );
  });
});
