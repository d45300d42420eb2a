import { expect, test } from 'vitest';
import { bundleInMemory, productionBundle } from '../support/bundles.ts';

/** The entry point, what it and import()s share, and esbuild's own helpers. */
const MAX_FILES = 3;
const MAX_BYTES = 120_000;

test('activation loads few files and little code', async () => {
  const { outputs } = (await bundleInMemory(productionBundle('host'))).metafile;
  const loaded = new Set<string>(['dist/extension.js']);
  for (const file of loaded) {
    for (const { path, kind } of outputs[file]!.imports) {
      if (kind === 'import-statement' && path in outputs) loaded.add(path);
    }
  }
  const bytes = [...loaded].reduce((sum, file) => sum + outputs[file]!.bytes, 0);
  expect(loaded.size).toBeLessThanOrEqual(MAX_FILES);
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThan(MAX_BYTES);
});
