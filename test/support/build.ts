import { existsSync, globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { runOrFail } from './exec.ts';
import { ROOT } from './paths.ts';

const INPUTS = [
  ...['src/**/*', 'lambda/**/*', 'media/**/*.{ts,css}'],
  ...['bundles.mjs', 'notices.mjs', 'esbuild.mjs', 'package.json', 'package-lock.json'],
];

/** Builds dist/, for users with `production`. */
export async function build(production = false): Promise<void> {
  const flags = production ? ['--production'] : [];
  await runOrFail(process.execPath, ['esbuild.mjs', ...flags], { cwd: ROOT });
}

/** Builds dist/ when something it is made of is newer. */
export async function buildWhenStale(): Promise<void> {
  const built = join(ROOT, 'dist', 'extension.js');
  const newest = Math.max(
    ...globSync(INPUTS, { cwd: ROOT }).map(file => statSync(join(ROOT, file)).mtimeMs),
  );
  if (existsSync(built) && statSync(built).mtimeMs >= newest) return;
  console.error('Building …');
  await build();
}
