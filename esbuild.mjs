// Bundles what the extension ships: the host (ES modules, split so that the AWS SDK loads on first
// use), the sandbox (a program of its own), the metrics panel (for a browser) and the resize function's
// zips.
import { rm } from 'node:fs/promises';
import { build, context } from 'esbuild';
import { buildFunctionZips } from './lambda/build.mjs';
import { makeImages } from './src/sandbox/lab/makeImages.mjs';

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');

/** CommonJS dependencies inside an ES module bundle still call require() for Node's own modules. */
const banner = {
  js: "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);",
};

const shared = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  mainFields: ['module', 'main'],
  minify: production,
  sourcemap: production ? false : 'linked',
  legalComments: 'none',
  logLevel: 'info',
  banner,
};

const bundles = [
  {
    ...shared,
    entryPoints: { extension: 'src/extension.ts' },
    splitting: true,
    outdir: 'dist',
    chunkNames: 'chunks/[name]-[hash]',
    external: ['vscode'],
  },
  {
    ...shared,
    entryPoints: { metrics: 'media/metrics/main.ts' },
    outdir: 'dist/webview',
    platform: 'browser',
    target: 'es2024',
    format: 'iife',
    mainFields: undefined,
    banner: {},
  },
  { ...shared, entryPoints: { sandbox: 'src/sandbox/main.ts' }, outdir: 'dist' },
  // What runs inside a function's process. It must not give functions a require of the bundle.
  {
    ...shared,
    entryPoints: { lambdaRuntime: 'src/sandbox/lambda/runtime/bootstrap.ts' },
    outdir: 'dist',
    banner: {},
  },
];

await rm('dist', { recursive: true, force: true });
await makeImages('dist/lab');
await buildFunctionZips('dist/lambda');
if (watch) {
  for (const bundle of bundles) await (await context(bundle)).watch();
} else {
  await Promise.all(bundles.map(bundle => build(bundle)));
}
