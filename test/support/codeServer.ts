import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { installDebianPackages } from './debian.ts';
import { findOnPath, runOrFail } from './exec.ts';
import { withLock } from './lock.ts';
import { cacheFolder } from './paths.ts';

const CODE_SERVER = '4.139.1';
const NODE = '24.21.0';

/** The server half of VS Code as code-server packs it, and the Node it needs. */
export interface CodeServer {
  readonly version: string;
  readonly node: string;
  readonly serverMain: string;
}

/**
 * VS Code's server from the npm registry, installed once into the cache folder (about two minutes and
 * 900 MB: its native modules are compiled).
 *
 * @throws Error saying what to install when a compiler or a library is missing and may not be added.
 */
export async function findCodeServer(): Promise<CodeServer> {
  const folder = join(cacheFolder(), `code-server-${CODE_SERVER}-node-${NODE}`);
  if (!existsSync(folder)) {
    await withLock(
      `${folder}.lock`,
      async () => {
        if (!existsSync(folder)) await install(folder);
      },
      () => console.error('Waiting for another run that is installing VS Code …'),
    );
  }
  const modules = join(folder, 'node_modules');
  return {
    version: CODE_SERVER.replace(/^4/, '1'),
    node: join(modules, 'node', 'bin', 'node'),
    serverMain: join(modules, 'code-server', 'lib', 'vscode', 'out', 'server-main.js'),
  };
}

async function install(folder: string): Promise<void> {
  await installBuildTools();
  console.error(`Installing VS Code's server (code-server ${CODE_SERVER}) into ${folder}.`);
  console.error('This is done once and takes two to four minutes …');
  const temporary = `${folder}.${process.pid}.tmp`;
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary, { recursive: true });
  writeFileSync(join(temporary, 'package.json'), '{ "name": "vscode-server", "private": true }\n');
  try {
    const headers = `node-linux-${process.arch}`;
    await npmInstall(temporary, [`node@${NODE}`, `${headers}@${NODE}`]);
    const modules = join(temporary, 'node_modules');
    await npmInstall(temporary, [`code-server@${CODE_SERVER}`], {
      PATH: `${join(modules, 'node', 'bin')}${delimiter}${process.env['PATH'] ?? ''}`,
      // Native modules compile against these headers instead of downloading them.
      npm_config_nodedir: join(modules, headers),
    });
    renameSync(temporary, folder);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

async function npmInstall(
  folder: string,
  packages: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<void> {
  const flags = ['--no-audit', '--no-fund', '--loglevel=error'];
  // An npm around us tells its own Node's version here, and code-server's install script believes it.
  await runOrFail('npm', ['install', ...flags, ...packages], {
    cwd: folder,
    env: { ...process.env, npm_config_user_agent: undefined, ...env },
  });
}

async function installBuildTools(): Promise<void> {
  const missing = [
    ...['python3', 'make', 'g++', 'pkg-config'].filter(tool => !findOnPath(tool)),
    ...(existsSync('/usr/include/krb5.h') ? [] : ['libkrb5-dev']),
  ];
  if (missing.length > 0) {
    await installDebianPackages(missing, "to compile VS Code's server");
  }
}
