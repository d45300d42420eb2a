import { createVSIX } from '@vscode/vsce';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.ts';
import { ROOT } from './paths.ts';
import { isPreRelease } from './releaseRules.ts';

/**
 * Builds for users and packs the `.vsix`.
 *
 * @returns its absolute path: `bucket-brigade-<version>.vsix` in the checkout, or `path`.
 */
export async function packageVsix(path?: string): Promise<string> {
  const { name, version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
  };
  const packagePath = path ?? join(ROOT, `${name}-${version}.vsix`);
  await build(true);
  // Everything the extension needs is in its bundles: no dependency is packed beside them.
  await createVSIX({
    cwd: ROOT,
    packagePath,
    dependencies: false,
    preRelease: isPreRelease(version),
  });
  return packagePath;
}
