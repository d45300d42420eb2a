import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { installDebianPackages } from './debian.ts';
import { findOnPath, runOrFail } from './exec.ts';
import { withLock } from './lock.ts';
import { cacheFolder } from './paths.ts';

/** A build of VS Code's server on the npm registry, and the Node.js that this VS Code has. */
export interface Build {
  readonly codeServer: string;
  readonly node: string;
  /**
   * The native modules to compile; all of them when absent. What these tests use goes without the others,
   * and is installed in half a minute.
   */
  readonly compiled?: readonly string[];
}

export const NEWEST: Build = { codeServer: '4.139.1', node: '24.21.0' };

/** The oldest VS Code that `engines` of package.json admits. */
export const MINIMUM: Build = {
  ...{ codeServer: '4.103.2', node: '22.17.0' },
  compiled: ['@vscode/spdlog', 'native-watchdog'],
};

/** code-server 4.x.y is VS Code 1.x.y. */
export function versionOf({ codeServer }: Build): string {
  return codeServer.replace(/^4/, '1');
}

/** The server half of VS Code as code-server packs it, and the Node it needs. */
export interface CodeServer {
  readonly version: string;
  readonly node: string;
  readonly serverMain: string;
}

/**
 * VS Code's server from the npm registry, installed once into the cache folder (the whole of it takes
 * about two minutes and 900 MB: its native modules are compiled).
 *
 * @throws Error saying what to install when a compiler or a library is missing and may not be added.
 */
export async function findCodeServer(build: Build): Promise<CodeServer> {
  const folder = join(cacheFolder(), `code-server-${build.codeServer}-node-${build.node}`);
  if (!existsSync(folder)) {
    await withLock(
      `${folder}.lock`,
      async () => {
        if (!existsSync(folder)) await install(folder, build);
      },
      () => console.error('Waiting for another run that is installing VS Code …'),
    );
  }
  return {
    version: versionOf(build),
    node: join(folder, 'node_modules', headers, 'bin', 'node'),
    serverMain: join(serverFolder(folder), 'out', 'server-main.js'),
  };
}

/** The package that has the program and, which npm's `node` leaves out, the headers. */
const headers = `node-linux-${process.arch}`;

function serverFolder(folder: string): string {
  return join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
}

async function install(folder: string, build: Build): Promise<void> {
  const { codeServer, compiled } = build;
  await installBuildTools();
  console.error(`Installing VS Code's server (code-server ${codeServer}) into ${folder}.`);
  const time = compiled ? 'about a minute' : 'two to four minutes';
  console.error(`This is done once and takes ${time} …`);
  const temporary = `${folder}.${process.pid}.tmp`;
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary, { recursive: true });
  writeFileSync(join(temporary, 'package.json'), '{ "name": "vscode-server", "private": true }\n');
  try {
    const node = join(temporary, 'node_modules', headers);
    const env = {
      PATH: `${join(node, 'bin')}${delimiter}${process.env['PATH'] ?? ''}`,
      // Native modules compile against these headers instead of downloading them.
      npm_config_nodedir: node,
    };
    await npm(temporary, ['install', `${headers}@${build.node}`]);
    await npm(
      temporary,
      ['install', `code-server@${codeServer}`, ...(compiled ? ['--ignore-scripts'] : [])],
      env,
    );
    if (compiled) await installPart(serverFolder(temporary), compiled, env);
    renameSync(temporary, folder);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** Does what code-server's own install script does, and compiles no more than `compiled`. */
async function installPart(
  folder: string,
  compiled: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<void> {
  await npm(folder, ['install', '--omit=dev', '--ignore-scripts'], env);
  await npm(folder, ['rebuild', ...compiled], env);
  symlinkSync('node_modules', join(folder, 'node_modules.asar'));
}

async function npm(
  folder: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<void> {
  const flags = ['--no-audit', '--no-fund', '--loglevel=error'];
  // An npm around us tells its own Node's version here, and code-server's install script believes it.
  await runOrFail('npm', [...args, ...flags], {
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
