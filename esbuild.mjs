// Builds what the extension ships into dist/: its bundles and their notices, the resize function's zips,
// the lab's images.
import { rm } from 'node:fs/promises';
import { build, context } from 'esbuild';
import { bundles } from './bundles.mjs';
import { buildFunctionZips } from './lambda/build.mjs';
import { writeNotices } from './notices.mjs';
import { makeImages } from './src/sandbox/lab/makeImages.mjs';

const all = Object.values(bundles(process.argv.includes('--production')));

await rm('dist', { recursive: true, force: true });
await makeImages('dist/lab');
await buildFunctionZips('dist/lambda');
if (process.argv.includes('--watch')) {
  for (const bundle of all) await (await context(bundle)).watch();
} else {
  const built = await Promise.all(all.map(bundle => build({ ...bundle, metafile: true })));
  const metafiles = built.map(({ metafile }) => metafile);
  await writeNotices('dist/ThirdPartyNotices.txt', metafiles);
}
