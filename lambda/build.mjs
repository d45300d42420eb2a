// Builds what the extension ships of the resize function: a zip for each of Lambda's architectures, and
// sharp's WebAssembly build for machines that are neither; and the tagger's zip. The packages come from the npm registry by
// lambda/resize/package-lock.json, for linux and glibc, whatever machine this runs on.
import { spawnSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { cp, mkdir, readFile, rename, rm, utimes } from 'node:fs/promises';
import { existsSync, globSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { version as esbuildVersion } from 'esbuild';
import { bundleHandler } from './build/bundle.mjs';
import { writeLicences } from './build/licences.mjs';
import { functionFiles, wasmFiles } from './build/packageFiles.mjs';
import { copyFolder, writeFolder, writeZip } from './build/zip.mjs';

const LAMBDA = fileURLToPath(new URL('.', import.meta.url));
const RESIZE = join(LAMBDA, 'resize');
const TAGGER = join(LAMBDA, 'tagger');

/** What the zips are made of; a change of any of it makes them anew. */
const INPUTS = ['*/*.ts', '*/*.json', 'build.mjs', 'build/*.mjs', 'licenses/*.txt'];

/** What says which packages are installed. */
const LOCK = ['package.json', 'package-lock.json'];

/** How long what was built of other inputs is kept: other checkouts share the cache. */
const KEPT_DAYS = 7;

/** Lambda's names of its architectures, and what npm calls their CPUs. */
export const ARCHITECTURES = { x86_64: 'x64', arm64: 'arm64' };

/** npm installs sharp's WebAssembly build for a CPU of this name. */
const WASM = 'wasm32';

/**
 * Writes `resize-x86_64.zip`, `resize-arm64.zip`, `tagger.zip` and `wasm/node_modules` into a folder. What
 * was built before of the same inputs is copied from a cache; packages are downloaded when the lock file is new.
 *
 * @param {string} folder
 */
export async function buildFunctionZips(folder) {
  const built = join(cacheFolder(), `built-${await hashOf(INPUTS, builders())}`);
  if (!existsSync(built)) await intoFolder(built, draft => buildAnew(draft));
  await copyFolder(built, folder);
  await utimes(built, new Date(), new Date());
  await forgetUnused();
}

/** Every change of an input leaves a folder of 30 MB behind. */
async function forgetUnused() {
  const limit = Date.now() - KEPT_DAYS * 24 * 3600 * 1000;
  for (const name of globSync('*', { cwd: cacheFolder() })) {
    const path = join(cacheFolder(), name);
    const unused = (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? limit) < limit;
    if (unused && name.startsWith('built-')) await rm(path, { recursive: true, force: true });
  }
}

/**
 * Like `buildFunctionZips`, whatever was built before.
 *
 * @param {string} folder one that exists
 */
export async function buildAnew(folder) {
  const bundle = await bundleHandler(join(RESIZE, 'handler.ts'), await packages('x64'));
  for (const [architecture, cpu] of Object.entries(ARCHITECTURES)) {
    const modules = await packages(cpu);
    const files = await functionFiles(modules, cpu);
    files.set('index.mjs', Buffer.from(bundle.code));
    const names = [...bundle.packages, ...files.packages];
    await writeLicences(files, { modules, names, texts: join(LAMBDA, 'licenses') });
    await writeZip(join(folder, `resize-${architecture}.zip`), files);
  }
  await writeFolder(join(folder, 'wasm'), await wasmFiles(await packages(WASM)));
  await buildTagger(join(folder, 'tagger.zip'));
}

/** The tagger is JavaScript alone, of no package: one zip does for every architecture. */
async function buildTagger(path) {
  const { code } = await bundleHandler(join(TAGGER, 'handler.ts'), TAGGER);
  await writeZip(path, new Map([['index.mjs', Buffer.from(code)]]));
}

/**
 * The `node_modules` that a folder's lock file gives a CPU; installed once, then kept in the cache. npm
 * checks each package against the lock file's integrity. No script of any package is run.
 *
 * @param {string} cpu npm's name of it
 * @param {string} of the folder, the resize function's by default
 */
export async function packages(cpu, of = RESIZE) {
  const lock = await hashOf(LOCK, '', of);
  const folder = join(cacheFolder(), `packages-${lock}-${cpu}`);
  if (!existsSync(folder)) await intoFolder(folder, draft => install(draft, cpu, of));
  return join(folder, 'node_modules');
}

async function install(folder, cpu, of) {
  for (const file of LOCK) await cp(join(of, file), join(folder, file));
  console.error(
    `Installing the packages of ${join(of, 'package-lock.json')} for linux and ${cpu} …`,
  );
  const target = ['--os=linux', `--cpu=${cpu}`, '--libc=glibc'];
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  const npm = spawnSync('npm', ['ci', '--ignore-scripts', ...target, ...quiet], {
    cwd: folder,
    shell: process.platform === 'win32',
    stdio: ['ignore', 2, 2],
  });
  if (npm.status !== 0) {
    throw new Error(
      `The packages of ${join(of, 'package-lock.json')} could not be installed for ${cpu}.`,
    );
  }
}

/** Fills a folder whole or not at all, also when two builds do it at once. */
async function intoFolder(folder, fill) {
  const draft = `${folder}.${randomUUID()}`;
  await mkdir(draft, { recursive: true });
  try {
    await fill(draft);
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}

async function hashOf(globs, more = '', of = LAMBDA) {
  const hash = createHash('sha256').update(more);
  const files = globs.flatMap(glob => globSync(glob, { cwd: of })).sort();
  for (const file of files) {
    hash.update(`\0${file.replaceAll('\\', '/')}\0`).update(await readFile(join(of, file)));
  }
  return hash.digest('hex').slice(0, 16);
}

/** The tools whose versions can change a byte of the zips. */
function builders() {
  return [process.version, process.arch, `esbuild ${esbuildVersion}`].join(' ');
}

function cacheFolder() {
  const cache = process.env.BUCKET_BRIGADE_CACHE ?? join(homedir(), '.cache', 'bucket-brigade');
  return join(cache, 'lambda');
}
