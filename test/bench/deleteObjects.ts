import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClients } from '../../src/aws/clients.ts';
import type {
  DeleteObjectsInput,
  DeleteObjectsResult,
} from '../../src/aws/deletion/deleteObjects.ts';
import { WorkerHost } from '../../src/vscode/hostedWorker/workerHost.ts';
import {
  byProgram,
  isInstalled,
  watchPeak,
  type ListingCommand,
  type Measured,
} from './listingPrograms.ts';
import { MANY_BUCKET } from './manyObjects.ts';
import type { Row } from './row.ts';
import type { Server } from './servers.ts';
import { summarize } from './statistics.ts';

const WORKER = fileURLToPath(new URL('../../dist/worker.js', import.meta.url));

/** Prints a line for each object that it deletes. */
const REMOVE: ListingCommand = ({ endpoint, region }) => ({
  args: ['s3', 'rm', '--recursive', `s3://${MANY_BUCKET}/many/`],
  env: {
    ...{ AWS_ENDPOINT_URL: endpoint, AWS_DEFAULT_REGION: region, AWS_PAGER: '' },
    ...{ AWS_CONFIG_FILE: '/nonexistent', AWS_SHARED_CREDENTIALS_FILE: '/nonexistent' },
  },
});

/**
 * Deletes many objects, each side those of a sandbox of its own.
 *
 * @param peer undefined to measure ours alone; of so many objects, as it takes long
 */
export async function measureDelete(
  ours: { readonly sandbox: Server; readonly count: number },
  peer: { readonly sandbox: Server; readonly count: number },
): Promise<Row[]> {
  const measured = await deleteByWorker(ours.sandbox, ours.count);
  const name = 'aws s3 rm --recursive';
  const theirs = isInstalled('aws', '--version')
    ? await byProgram('aws', REMOVE, peer.sandbox, peer.count)
    : undefined;
  const group = `Deleting ${ours.count.toLocaleString('en')} objects`;
  const rate = (count: number, { seconds }: Measured) => summarize([count / seconds]);
  return [
    {
      ...{ group, measure: 'deleted', unit: 'objects/s', ours: rate(ours.count, measured) },
      peer: theirs && { name, sample: rate(peer.count, theirs) },
      aim: { ratio: 5 },
    },
    {
      ...{ group, measure: 'peak memory', unit: 'MB', ours: summarize([measured.peakMb]) },
      peer: theirs && { name, sample: summarize([theirs.peakMb]) },
      aim: { atMost: 200 },
    },
  ];
}

/** Deletes all objects below a prefix, as the worker does it from its start to its last answer. */
async function deleteByWorker(sandbox: Server, count: number): Promise<Measured> {
  const { region, endpoint, accountId } = sandbox;
  const identity = { accountId, partition: 'aws', arn: '', userId: '' };
  const clients = createClients({ region, endpoint, credentials: sandbox }, identity);
  const root = await mkdtemp(path.join(tmpdir(), 'bucket-brigade-bench-tasks-'));
  const host = new WorkerHost({ program: WORKER, root, onLog: line => console.error(line) });
  const peak = watchPeak(() => host.pid);
  const input: DeleteObjectsInput = {
    selections: [
      {
        ...{ kind: 'listing', bucket: MANY_BUCKET, filter: {}, versions: 'current' },
        prefixes: ['many/'],
      },
    ],
    ...{ makesMarkers: false, folder: path.join(root, 'delete') },
    agreedAt: new Date().toISOString(),
  };
  const connection = { id: 'bench', label: 'Bench', region };
  const began = performance.now();
  const result = (await host.run(
    { key: 'bench', connection, identity, clients },
    { name: 'deleteObjects', title: 'Bench', input },
    {},
  )) as DeleteObjectsResult;
  const seconds = (performance.now() - began) / 1000;
  const peakMb = peak();
  host.dispose();
  clients.destroy();
  await rm(root, { recursive: true, force: true, maxRetries: 5 });
  if (result.deleted !== count) throw new Error(`${result.deleted} objects were deleted`);
  return { seconds, peakMb };
}
