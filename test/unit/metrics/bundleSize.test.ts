import { build } from 'esbuild';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { ROOT } from '../../support/paths.ts';

/** Bytes. The chart library is nearly all of it; what makes it grow is to be noticed. */
const MOST_BYTES = 80_000;
const MOST_ZIPPED = 35_000;

test('the panel’s script stays small', async () => {
  const { outputFiles } = await build({
    entryPoints: [join(ROOT, 'media', 'metrics', 'main.ts')],
    outdir: 'unwritten',
    bundle: true,
    minify: true,
    platform: 'browser',
    target: 'es2024',
    format: 'iife',
    legalComments: 'none',
    write: false,
    logLevel: 'error',
  });
  const script = outputFiles.find(({ path }) => path.endsWith('.js'));
  expect(script?.contents.length).toBeLessThan(MOST_BYTES);
  expect(gzipSync(script?.contents ?? '').length).toBeLessThan(MOST_ZIPPED);
});
