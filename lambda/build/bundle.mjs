import { builtinModules } from 'node:module';
import { dirname } from 'node:path';
import { build } from 'esbuild';

/** Makes `require` for Node's own modules and for sharp's native part. */
const BANNER =
  "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);";

/** sharp's native parts and its WebAssembly build: packages of their own, loaded at run time. */
const NATIVE = ['@img/sharp-*'];

/**
 * Bundles the handler with sharp's JavaScript into one file that loads fast:
 * of a cold start, loading code is the larger part.
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
    target: 'node22',
    format: 'esm',
    mainFields: ['module', 'main'],
    minify: true,
    legalComments: 'none',
    external: NATIVE,
    banner: { js: BANNER },
    plugins: [builtinsByRequire, packagesFrom(modules, dirname(entry))],
    logLevel: 'warning',
  });
  return { code: outputFiles[0].text, packages: bundledPackages(Object.keys(metafile.inputs)) };
}

/** sharp starts a program only to build itself anew or where it does not know the system. */
const CHILD_PROCESS = ['exec', 'execSync', 'spawnSync']
  .map(name => `exports.${name} = (...args) => require('node:child_process').${name}(...args);`)
  .join('\n');

/** Modules of Node whose functions are seldom called and that are loaded no sooner. */
const ON_CALL = { child_process: CHILD_PROCESS, 'node:child_process': CHILD_PROCESS };

/**
 * Turns `import` of a module of Node into `require`. An import reads every export, also those that Node
 * makes on first use: `node:http` alone would load the whole of fetch and WebSocket.
 */
const builtinsByRequire = {
  name: 'builtins-by-require',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(node:)?[a-z_0-9/]+$/ }, ({ path, namespace }) => {
      if (!path.startsWith('node:') && !builtinModules.includes(path)) return undefined;
      return namespace === 'builtin' ? { path, external: true } : { path, namespace: 'builtin' };
    });
    onLoad({ filter: /./, namespace: 'builtin' }, ({ path }) => ({
      contents: ON_CALL[path] ?? `module.exports = require(${JSON.stringify(path)});`,
    }));
  },
};

/** Resolves what our own sources import from `modules`; what packages import is beside them anyway. */
function packagesFrom(modules, sources) {
  return {
    name: 'packages-from',
    setup({ onResolve, resolve }) {
      onResolve({ filter: /^[^.]/ }, ({ path, kind, resolveDir, pluginData }) => {
        if (pluginData === 'resolved' || kind === 'entry-point' || resolveDir !== sources) {
          return undefined;
        }
        return resolve(path, { kind, resolveDir: dirname(modules), pluginData: 'resolved' });
      });
    },
  };
}

function bundledPackages(inputs) {
  const names = inputs
    .filter(input => !input.startsWith('..'))
    .map(input => /^node_modules\/((@[^/]+\/)?[^/]+)|^((@[^/]+\/)?[^/:]+)\//.exec(input))
    .map(match => match?.[1] ?? match?.[3])
    .filter(name => name !== undefined);
  return [...new Set(names)].sort();
}
