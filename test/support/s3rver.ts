import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { runOrFail } from './exec.ts';
import { withLock } from './lock.ts';
import { cacheFolder, newTemporaryFolder } from './paths.ts';

const VERSION = '3.7.1';

/** The program that starts it and prints its port. */
const START = `const S3rver = require('s3rver');
const [directory] = process.argv.slice(1);
new S3rver({ address: '127.0.0.1', port: 0, silent: true, directory })
  .run()
  .then(({ port }) => console.log(port));`;

export interface S3rver {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  stop(): void;
}

/**
 * Starts s3rver, an S3-compatible server of others that has S3 alone: no STS, no versions, none of
 * AWS's headers, and it stores what today's SDKs add to a stream as data. It comes from the npm
 * registry into the cache folder once (five seconds, 14 MB).
 */
export async function startS3rver(): Promise<S3rver> {
  const folder = await installedS3rver();
  const data = newTemporaryFolder('s3rver');
  const child = spawn(process.execPath, ['-e', START, data], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
    // In an extension host of the desktop this is Electron.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
  const port = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve);
    child.once('exit', code => reject(new Error(`s3rver ended with ${code}`)));
  });
  return {
    endpoint: `http://127.0.0.1:${port}`,
    accessKeyId: 'S3RVER',
    secretAccessKey: 'S3RVER',
    stop() {
      child.removeAllListeners('exit').kill();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

async function installedS3rver(): Promise<string> {
  const folder = join(cacheFolder(), `s3rver-${VERSION}`);
  if (!existsSync(folder)) {
    await withLock(
      `${folder}.lock`,
      async () => {
        if (!existsSync(folder)) await install(folder);
      },
      () => console.error('Waiting for another run that is installing s3rver …'),
    );
  }
  return folder;
}

async function install(folder: string): Promise<void> {
  const temporary = `${folder}.${process.pid}.tmp`;
  mkdirSync(temporary, { recursive: true });
  writeFileSync(join(temporary, 'package.json'), '{ "name": "s3-server", "private": true }\n');
  const flags = ['--no-audit', '--no-fund', '--loglevel=error', '--ignore-scripts'];
  try {
    const args = ['install', ...flags, `s3rver@${VERSION}`];
    await runOrFail('npm', args, { cwd: temporary, shell: process.platform === 'win32' });
    renameSync(temporary, folder);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
