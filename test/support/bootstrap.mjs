// `node test/support/bootstrap.mjs NAME …` runs NAME.ts of this folder from a clean clone: it installs
// the dependencies where they are missing and goes on under the Node that package-lock.json pins.
// Nothing but Node's own modules may be imported here, and any Node from 20 on must parse it.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const windows = process.platform === 'win32';
const modules = join(root, 'node_modules');
const pinnedNode = join(modules, 'node', 'bin', windows ? 'node.exe' : 'node');

const readJson = path => JSON.parse(readFileSync(path, 'utf8'));

/** Whether what is installed is what package-lock.json asks for (optional packages may be absent). */
function isInstalled() {
  const installedLock = join(modules, '.package-lock.json');
  if (!existsSync(installedLock) || !existsSync(pinnedNode)) return false;
  const wanted = readJson(join(root, 'package-lock.json')).packages;
  const installed = readJson(installedLock).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) =>
      path === '' || installed[path]?.version === version || (optional && !installed[path]),
  );
}

/** A node_modules that is a link belongs to another checkout: it is used, never replaced. */
function isLink() {
  return existsSync(modules) && lstatSync(modules).isSymbolicLink();
}

function install() {
  console.error('Installing the npm packages of package-lock.json (about a minute) …');
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    shell: windows,
    // Standard output is the script's own: `npm run sandbox` prints JSON there.
    stdio: ['ignore', 2, 2],
  });
  if (npm.status !== 0) {
    console.error('npm ci failed: see above.');
    process.exit(1);
  }
}

/** Runs the script in a child under the pinned Node, which gets our signals and gives its exit code. */
function runPinned(script, args) {
  const child = spawn(pinnedNode, [fileURLToPath(import.meta.url), script, ...args], {
    stdio: 'inherit',
  });
  // A terminal sends Ctrl-C to the child as well; anything else is passed on.
  process.on('SIGINT', () => child.kill('SIGINT'));
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}

/**
 * npm passes a signal to the shell between it and us, and that dies of it without passing it on: when
 * our parent is gone, we end as if the signal had come to us.
 */
function endWithNpm() {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, 250);
  timer.unref();
}

const [script, ...args] = process.argv.slice(2);
if (process.env.npm_lifecycle_event) endWithNpm();
if (!isInstalled() && !isLink()) install();
const pinnedVersion = readJson(join(modules, 'node', 'package.json')).version;
if (process.version === `v${pinnedVersion}`) {
  await import(pathToFileURL(join(root, 'test', 'support', `${script}.ts`)).href);
} else {
  runPinned(script, args);
}
