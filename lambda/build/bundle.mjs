import { dirname } from 'node:path';
import { build } from 'esbuild';

/** CommonJS dependencies inside an ES module bundle still call require() for Node's own modules. */
const BANNER =
  "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);";

/**
 * Bundles the handler with its AWS SDK client; sharp stays outside, because it has native parts.
 *
 * @param {string} entry
 * @param {string} modules the `node_modules` that packages are taken from, never the checkout's own
 * @returns {Promise<{ code: string; packages: string[] }>} the code and the packages that are in it
 */
export async function bundleHandler(entry, modules) {
  const { outputFiles, metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    // Paths in the metafile are relative to it.
    absWorkingDir: modules,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    minify: true,
    // Names of functions and classes are in stack traces and error names.
    keepNames: true,
    legalComments: 'none',
    external: ['sharp'],
    banner: { js: BANNER },
    plugins: [packagesFrom(modules, dirname(entry))],
    logLevel: 'warning',
  });
  return { code: outputFiles[0].text, packages: bundledPackages(Object.keys(metafile.inputs)) };
}

/** Resolves what our own sources import from `modules`; what packages import is beside them anyway. */
function packagesFrom(modules, sources) {
  return {
    name: 'packages-from',
    setup({ onResolve, resolve }) {
      onResolve({ filter: /^[^.]/ }, ({ path, kind, importer, resolveDir, pluginData }) => {
        if (pluginData === 'resolved' || importer === '' || resolveDir !== sources)
          return undefined;
        if (path === 'sharp' || path.startsWith('node:')) return undefined;
        return resolve(path, { kind, resolveDir: dirname(modules), pluginData: 'resolved' });
      });
    },
  };
}

function bundledPackages(inputs) {
  const names = inputs
    .filter(input => !input.startsWith('..'))
    .map(input => /^(@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? '');
  return [...new Set(names)].sort();
}
