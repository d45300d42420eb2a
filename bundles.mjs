// How what the extension ships is bundled, as esbuild's options: the host (ES modules, split so that
// the AWS SDK loads on first use), the pages of webviews (for a browser), the sandbox (a program of its
// own), the worker (another), and what runs inside a function's process.
import path from 'node:path';

const ROOT = import.meta.dirname;

/** The Node.js of the oldest VS Code that package.json names in `engines`. */
const NODE = 'node22.17';

/** CommonJS dependencies inside an ES module bundle still call require() for Node's own modules. */
const banner = {
  js: "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);",
};

/**
 * Has nearly all that activation loads in one file, as each file more takes it half a millisecond.
 * esbuild makes a file of the modules that the same entry points reach, and what is imported by
 * import() is an entry point: so each of ours reaches extension.ts, which is loaded by then.
 */
const oneFileAtActivation = {
  name: 'one-file-at-activation',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\.ts$/ }, ({ kind, path: imported, resolveDir }) =>
      kind === 'dynamic-import'
        ? { path: path.resolve(resolveDir, imported), namespace: 'lazy' }
        : undefined,
    );
    onLoad({ filter: /./, namespace: 'lazy' }, ({ path: file }) => ({
      contents: `import './src/extension.ts'; export * from ${JSON.stringify(file)};`,
      resolveDir: ROOT,
    }));
  },
};

/** The bundles by name; in production they are minified and have no source maps. */
export function bundles(production) {
  const shared = {
    absWorkingDir: ROOT,
    bundle: true,
    platform: 'node',
    target: NODE,
    format: 'esm',
    mainFields: ['module', 'main'],
    minify: production,
    sourcemap: production ? false : 'linked',
    legalComments: 'none',
    logLevel: 'info',
    outdir: 'dist',
    banner,
  };
  const webview = {
    ...shared,
    outdir: 'dist/webview',
    platform: 'browser',
    target: 'es2024',
    format: 'iife',
    mainFields: undefined,
    banner: {},
  };
  return {
    host: {
      ...shared,
      entryPoints: { extension: 'src/extension.ts' },
      splitting: true,
      chunkNames: 'chunks/[name]-[hash]',
      external: ['vscode'],
      plugins: [oneFileAtActivation],
    },
    panel: { ...webview, entryPoints: { metrics: 'media/metrics/main.ts' } },
    page: { ...webview, entryPoints: { page: 'media/page/main.ts' } },
    report: { ...webview, entryPoints: { report: 'media/report/main.ts' } },
    sandbox: { ...shared, entryPoints: { sandbox: 'src/sandbox/main.ts' } },
    worker: { ...shared, entryPoints: { worker: 'src/worker/main.ts' } },
    // It must not give functions a require of the bundle.
    lambdaRuntime: {
      ...shared,
      entryPoints: { lambdaRuntime: 'src/sandbox/lambda/runtime/bootstrap.ts' },
      banner: {},
    },
  };
}
