import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { MANY_BUCKET } from './manyObjects.ts';
import type { Server } from './servers.ts';

export interface Measured {
  readonly seconds: number;
  readonly peakMb: number;
}

/** How a program is called to list a bucket of the sandbox. */
export type ListingCommand = (sandbox: Server) => { args: string[]; env: Record<string, string> };

export const AWS: ListingCommand = ({ endpoint, region }) => ({
  args: [
    ...['s3api', 'list-objects-v2', '--bucket', MANY_BUCKET, '--prefix', 'many/'],
    ...['--query', 'Contents[].[Key]', '--output', 'text'],
  ],
  env: {
    ...{ AWS_ENDPOINT_URL: endpoint, AWS_DEFAULT_REGION: region, AWS_PAGER: '' },
    ...{ AWS_CONFIG_FILE: '/nonexistent', AWS_SHARED_CREDENTIALS_FILE: '/nonexistent' },
  },
});

export const RCLONE: ListingCommand = ({ endpoint, region }) => ({
  args: ['lsf', '-R', '--files-only', `:s3:${MANY_BUCKET}/many`],
  env: {
    ...{ RCLONE_S3_PROVIDER: 'Other', RCLONE_S3_ENV_AUTH: 'true', RCLONE_S3_ENDPOINT: endpoint },
    ...{ RCLONE_S3_REGION: region, RCLONE_CONFIG: '/dev/null' },
  },
});

/** A program that prints each key on a line of its own. */
export async function byProgram(
  program: string,
  command: ListingCommand,
  sandbox: Server,
  lines: number,
): Promise<Measured> {
  const { args, env } = command(sandbox);
  const began = performance.now();
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...{ PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
      AWS_ACCESS_KEY_ID: sandbox.accessKeyId,
      AWS_SECRET_ACCESS_KEY: sandbox.secretAccessKey,
    },
  });
  const peak = watchPeak(() => child.pid);
  const ended = once(child, 'exit');
  let printed = 0;
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    for (const byte of chunk) if (byte === 0x0a) printed += 1;
  }
  await ended;
  const seconds = (performance.now() - began) / 1000;
  if (printed !== lines) throw new Error(`${program} printed ${printed} keys instead of ${lines}`);
  return { seconds, peakMb: peak() };
}

/** The most memory that a process held, asked for again and again as it may end at any time. */
export function watchPeak(pid: () => number | undefined): () => number {
  let peakMb = 0;
  const look = (): void => {
    try {
      const status = readFileSync(`/proc/${pid() ?? 'none'}/status`, 'utf8');
      peakMb = Math.max(peakMb, Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024);
    } catch {
      // It has ended, or does not run yet.
    }
  };
  const timer = setInterval(look, 20);
  return () => {
    look();
    clearInterval(timer);
    return peakMb;
  };
}

export function isInstalled(program: string, argument: string): boolean {
  return spawnSync(program, [argument], { stdio: 'ignore' }).status === 0;
}
