import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClients } from '../../src/aws/clients.ts';
import type { CreatedManifest } from '../../src/aws/selection/manifestTask.ts';
import { WorkerHost } from '../../src/vscode/hostedWorker/workerHost.ts';
import {
  AWS,
  byProgram,
  isInstalled,
  RCLONE,
  watchPeak,
  type Measured,
} from './listingPrograms.ts';
import { MANY_BUCKET } from './manyObjects.ts';
import type { Row } from './row.ts';
import type { Server } from './servers.ts';
import { summarize } from './statistics.ts';

const WORKER = fileURLToPath(new URL('../../dist/worker.js', import.meta.url));

interface Peer {
  readonly name: string;
  readonly aim: number;
  readonly measured: Measured;
}

/**
 * Writes a manifest of all objects of a bucket, as the worker does it from its start to the last answer,
 * beside what prints the keys of the same bucket.
 */
export async function measureManifestByListing(sandbox: Server, count: number): Promise<Row[]> {
  const ours = await byWorker(sandbox, count);
  const peers: Peer[] = [];
  if (isInstalled('aws', '--version')) {
    const name = 'aws s3api list-objects-v2';
    peers.push({ name, aim: 5, measured: await byProgram('aws', AWS, sandbox, count) });
  }
  if (isInstalled('rclone', 'version')) {
    const name = 'rclone lsf -R';
    peers.push({ name, aim: 2, measured: await byProgram('rclone', RCLONE, sandbox, count) });
  }
  const group = `Manifest by listing ${count.toLocaleString('en')} objects`;
  const rates = peers.map(({ name, aim, measured }): Row => ({
    ...{ group, measure: `against ${name}`, unit: 'objects/s', aim: { ratio: aim } },
    ours: summarize([count / ours.seconds]),
    peer: { name, sample: summarize([count / measured.seconds]) },
  }));
  const alone: Row = {
    ...{ group, measure: 'written', unit: 'objects/s', ours: summarize([count / ours.seconds]) },
  };
  const [first] = peers;
  return [
    ...(rates.length > 0 ? rates : [alone]),
    {
      ...{ group, measure: 'peak memory', unit: 'MB', ours: summarize([ours.peakMb]) },
      peer: first && { name: first.name, sample: summarize([first.measured.peakMb]) },
      aim: { atMost: 150 },
    },
  ];
}

async function byWorker(sandbox: Server, count: number): Promise<Measured> {
  const { region, endpoint, accountId } = sandbox;
  const identity = { accountId, partition: 'aws', arn: '', userId: '' };
  const clients = createClients({ region, endpoint, credentials: sandbox }, identity);
  const root = await mkdtemp(path.join(tmpdir(), 'bucket-brigade-bench-tasks-'));
  const host = new WorkerHost({ program: WORKER, root, onLog: line => console.error(line) });
  const peak = watchPeak(() => host.pid);
  const began = performance.now();
  const result = (await host.run(
    { key: 'bench', connection: { id: 'bench', label: 'Bench', region }, identity, clients },
    {
      name: 'createManifest',
      title: 'Bench',
      input: {
        selection: {
          ...{ kind: 'listing', bucket: MANY_BUCKET, filter: {}, versions: 'current' },
          prefixes: ['many/'],
        },
        ...{ bucket: MANY_BUCKET, key: 'manifest.csv' },
      },
    },
  )) as CreatedManifest;
  const seconds = (performance.now() - began) / 1000;
  const peakMb = peak();
  host.dispose();
  clients.destroy();
  await rm(root, { recursive: true, force: true });
  if (result.rows !== count) throw new Error(`${result.rows} rows instead of ${count}`);
  return { seconds, peakMb };
}
