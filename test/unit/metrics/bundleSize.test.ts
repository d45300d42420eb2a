import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { bundleInMemory, productionBundle } from '../../support/bundles.ts';

/**
 * Bytes. The chart library is most of it, then annotations, tables and states; what makes it grow is to be
 * noticed.
 */
const MAX_BYTES = 85_000;
const MAX_ZIPPED = 36_500;

test('the panel’s script stays small', async () => {
  const { outputFiles } = await bundleInMemory(productionBundle('panel'));
  const script = outputFiles.find(({ path }) => path.endsWith('.js'));
  expect(script?.contents.length).toBeLessThan(MAX_BYTES);
  expect(gzipSync(script?.contents ?? '').length).toBeLessThan(MAX_ZIPPED);
});
