import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, readdirSync } from 'node:fs';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { createClients } from '../../src/aws/clients.ts';
import type { TransferResult } from '../../src/aws/transfers/transfer.ts';
import { WorkerHost } from '../../src/vscode/hostedWorker/workerHost.ts';
import type { Row } from './row.ts';
import { isInstalled, watchPeak } from './listingPrograms.ts';
import type { Server } from './servers.ts';
import { summarize } from './statistics.ts';

const WORKER = fileURLToPath(new URL('../../dist/worker.js', import.meta.url));
const PROXY = fileURLToPath(new URL('latencyProxy.ts', import.meta.url));
const BUCKET = 'bench-transfers';
const MIB = 1024 * 1024;

export interface TransferSizes {
  /** Files of 4 KiB. */
  readonly files: number;
  /** MiB of the large one. */
  readonly large: number;
  /** Milliseconds that are added to each answer. */
  readonly latency: number;
  readonly rounds: number;
}

interface Measured {
  readonly seconds: number;
  readonly peakMb: number;
}

/** Moves what is in a folder to below a prefix, or the other way. */
interface Mover {
  readonly name: string;
  readonly up: (folder: string, prefix: string) => Promise<Measured>;
  readonly down: (prefix: string, folder: string) => Promise<Measured>;
  readonly end?: () => Promise<void>;
}

/**
 * Uploads and downloads many small files and a large one, by the worker as a window asks it, by rclone and
 * by the AWS CLI with their defaults, in turns.
 */
export async function measureTransfers(
  sandbox: Server,
  folder: string,
  sizes: TransferSizes,
): Promise<Row[]> {
  await using proxy = await startProxy(sandbox, sizes.latency);
  const server = { ...sandbox, endpoint: proxy.endpoint };
  const ours = await startOurs(server, folder);
  const peers = [...(isInstalled('rclone', 'version') ? [rclone(server)] : [])];
  if (isInstalled('aws', '--version')) peers.push(awsCli(server));
  const sources = { small: path.join(folder, 'small'), large: path.join(folder, 'large') };
  await makeFiles(sources, sizes);
  const rows: Row[] = [];
  for (const kind of ['small', 'large'] as const) {
    rows.push(...(await measureKind([ours, ...peers], { kind, folder, sizes })));
  }
  await ours.end?.();
  return rows;
}

async function measureKind(
  movers: readonly Mover[],
  { kind, folder, sizes }: { kind: 'small' | 'large'; folder: string; sizes: TransferSizes },
): Promise<Row[]> {
  const times = new Map<string, number[]>();
  let peakMb = 0;
  const note = (key: string, { seconds, peakMb: peak }: Measured, isOurs: boolean): void => {
    times.set(key, [...(times.get(key) ?? []), seconds]);
    if (isOurs) peakMb = Math.max(peakMb, peak);
  };
  for (let round = 0; round < sizes.rounds; round++) {
    for (const mover of movers) {
      const prefix = `${mover.name.replaceAll(' ', '-')}/${kind}${round}`;
      const target = path.join(folder, 'target');
      await mkdir(target);
      note(
        `up ${mover.name}`,
        await mover.up(path.join(folder, kind), prefix),
        mover === movers[0],
      );
      note(`down ${mover.name}`, await mover.down(prefix, target), mover === movers[0]);
      await checkArrived(target, kind, sizes);
      await rm(target, { recursive: true });
    }
  }
  const [ours, ...peers] = movers;
  const what = kind === 'small' ? `${sizes.files} files of 4 KiB` : `${sizes.large} MiB`;
  const group = `${what}${sizes.latency > 0 ? `, ${sizes.latency} ms` : ''}`;
  const aim = sizes.latency > 0 ? 1.5 : kind === 'small' ? 0.8 : 1;
  const rows = (['up', 'down'] as const).flatMap(way =>
    peers.map((peer): Row => ({
      ...{ group, measure: way, unit: 's' },
      ours: summarize(times.get(`${way} ${ours?.name}`) ?? []),
      peer: { name: peer.name, sample: summarize(times.get(`${way} ${peer.name}`) ?? []) },
      ...(peer.name === 'rclone' && { aim: { ratio: aim } }),
    })),
  );
  const memory: Row = {
    ...{ group, measure: 'peak memory of the worker', unit: 'MB', aim: { atMost: 200 } },
    ours: summarize([peakMb]),
  };
  return [...rows, memory];
}

async function checkArrived(
  target: string,
  kind: 'small' | 'large',
  { files, large }: TransferSizes,
): Promise<void> {
  const names = readdirSync(target, { recursive: true, withFileTypes: true });
  const arrived = names.filter(each => each.isFile());
  const [first] = arrived;
  const wanted = kind === 'small' ? { files, bytes: 4096 } : { files: 1, bytes: large * MIB };
  const size = first ? (await stat(path.join(first.parentPath, first.name))).size : 0;
  if (arrived.length !== wanted.files || size !== wanted.bytes) {
    throw new Error(`${arrived.length} files of ${size} bytes have arrived`);
  }
}

async function makeFiles(
  sources: { small: string; large: string },
  { files, large }: TransferSizes,
): Promise<void> {
  for (let at = 0; at < files; at++) {
    const folder = path.join(sources.small, `d${at % 50}`);
    if (at < 50) await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, `f${at}`), randomBytes(4096));
  }
  await mkdir(sources.large, { recursive: true });
  const stream = createWriteStream(path.join(sources.large, 'large.bin'));
  for (let at = 0; at < large; at++) {
    if (!stream.write(randomBytes(MIB))) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'close');
}

async function startOurs(server: Server, folder: string): Promise<Mover> {
  const { region, endpoint, accountId } = server;
  const identity = { accountId, partition: 'aws', arn: '', userId: '' };
  const clients = createClients({ region, endpoint, credentials: server }, identity);
  // rclone sends an ACL with each object.
  const bucket = { Bucket: BUCKET, ObjectOwnership: 'ObjectWriter' } as const;
  await clients.s3().send(new CreateBucketCommand(bucket));
  const session = {
    ...{ key: 'bench', connection: { id: 'bench', label: 'Bench', region }, identity, clients },
  };
  const root = path.join(folder, 'tasks');
  const host = new WorkerHost({ program: WORKER, root, onLog: line => console.error(line) });
  const most = 48;
  const run = async (name: 'uploadFiles' | 'downloadFiles', input: object): Promise<Measured> => {
    const began = performance.now();
    const peak = watchPeak(() => host.pid);
    const task = { name, title: 'Bench', input };
    const result = (await host.run(session, task)) as TransferResult;
    const seconds = (performance.now() - began) / 1000;
    if (result.failed.length + result.left.length > 0) throw new Error('Not all were moved');
    return { seconds, peakMb: peak() };
  };
  const plans = new Map<string, { key: string; size: number }[]>();
  return {
    name: 'ours',
    up: async (from, prefix) => {
      const entries = readdirSync(from, { recursive: true, withFileTypes: true });
      const files = await Promise.all(
        entries
          .filter(each => each.isFile())
          .map(async each => {
            const file = path.join(each.parentPath, each.name);
            const key = `${prefix}/${path.relative(from, file)}`;
            return { path: file, key, size: (await stat(file)).size };
          }),
      );
      plans.set(prefix, files);
      return await run('uploadFiles', { bucket: BUCKET, files, most });
    },
    down: async (prefix, to) => {
      const files = (plans.get(prefix) ?? []).map(({ key, size }) => ({
        ...{ bucket: BUCKET, key, size, folder: to },
        names: key.slice(prefix.length + 1).split('/'),
      }));
      return await run('downloadFiles', { files, most });
    },
    end: async () => {
      host.dispose();
      clients.destroy();
      await rm(root, { recursive: true, force: true });
    },
  };
}

function rclone(server: Server): Mover {
  const env = {
    ...{ RCLONE_S3_PROVIDER: 'Other', RCLONE_S3_ENV_AUTH: 'true', RCLONE_CONFIG: '/dev/null' },
    ...{ RCLONE_S3_ENDPOINT: server.endpoint, RCLONE_S3_REGION: server.region },
  };
  const copy = (from: string, to: string) => byProgram('rclone', ['copy', from, to], env, server);
  return {
    name: 'rclone',
    up: (folder, prefix) => copy(folder, `:s3:${BUCKET}/${prefix}`),
    down: (prefix, folder) => copy(`:s3:${BUCKET}/${prefix}`, folder),
  };
}

function awsCli(server: Server): Mover {
  const env = {
    ...{ AWS_ENDPOINT_URL: server.endpoint, AWS_DEFAULT_REGION: server.region, AWS_PAGER: '' },
    ...{ AWS_CONFIG_FILE: '/nonexistent', AWS_SHARED_CREDENTIALS_FILE: '/nonexistent' },
  };
  const copy = (from: string, to: string) =>
    byProgram('aws', ['s3', 'cp', '--recursive', '--only-show-errors', from, to], env, server);
  return {
    name: 'aws s3 cp',
    up: (folder, prefix) => copy(folder, `s3://${BUCKET}/${prefix}`),
    down: (prefix, folder) => copy(`s3://${BUCKET}/${prefix}`, folder),
  };
}

async function byProgram(
  program: string,
  args: readonly string[],
  env: Record<string, string>,
  server: Server,
): Promise<Measured> {
  const began = performance.now();
  const child = spawn(program, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...{ PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
      AWS_ACCESS_KEY_ID: server.accessKeyId,
      AWS_SECRET_ACCESS_KEY: server.secretAccessKey,
    },
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`${program} has failed`);
  return { seconds: (performance.now() - began) / 1000, peakMb: 0 };
}

async function startProxy(
  { endpoint }: Server,
  latency: number,
): Promise<{ endpoint: string } & AsyncDisposable> {
  if (latency === 0) return { endpoint, [Symbol.asyncDispose]: () => Promise.resolve() };
  const { port } = new URL(endpoint);
  const child: ChildProcess = spawn(process.execPath, [PROXY, port, String(latency)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (!child.stdout) throw new Error('The proxy says nothing');
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return {
    endpoint: `http://127.0.0.1:${line}`,
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
  };
}
