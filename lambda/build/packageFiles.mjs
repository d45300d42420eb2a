import { readFile } from 'node:fs/promises';
import { globSync } from 'node:fs';
import { join } from 'node:path';

/** What of each package is needed at run time; everything else stays out. */
const nativeFiles = cpu => ({
  [`@img/sharp-linux-${cpu}`]: ['package.json', 'index.cjs', 'lib/*.node'],
  [`@img/sharp-libvips-linux-${cpu}`]: ['package.json', 'versions.json', 'lib/*.so.*'],
});

const WASM_FILES = {
  '@img/sharp-wasm32': [
    'package.json',
    'index.cjs',
    'lib/*',
    'versions.json',
    'LICENSE',
    'README.md',
  ],
  '@emnapi/runtime': ['package.json', 'index.js', 'dist/emnapi.cjs*.js', 'LICENSE'],
};

/** Files by their path in a zip or folder, with the packages they are of. */
export class PackageFiles extends Map {
  /** @type {string[]} */
  packages = [];
}

/**
 * The native part of sharp for linux and glibc on a CPU; its JavaScript is in the bundle.
 *
 * @param {string} modules a `node_modules`
 * @param {string} cpu npm's name of it
 */
export function functionFiles(modules, cpu) {
  return read(modules, nativeFiles(cpu));
}

/** sharp's WebAssembly build, to be found by `NODE_PATH` where there is no native one. */
export function wasmFiles(modules) {
  return read(modules, WASM_FILES);
}

async function read(modules, globsOf) {
  const files = new PackageFiles();
  for (const [name, globs] of Object.entries(globsOf)) {
    files.packages.push(name);
    for (const glob of globs) {
      const found = globSync(glob, { cwd: join(modules, name) }).sort();
      if (found.length === 0) throw new Error(`The package ${name} has no ${glob} any more.`);
      for (const file of found) {
        const path = `node_modules/${name}/${file.replaceAll('\\', '/')}`;
        files.set(path, await readFile(join(modules, name, file)));
      }
    }
  }
  return files;
}
