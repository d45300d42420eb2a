import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClients } from '../../src/aws/clients.ts';
import type { FindProgress } from '../../src/aws/find/findTask.ts';
import { WorkerHost } from '../../src/vscode/hostedWorker/workerHost.ts';
import {
  AWS,
  byProgram,
  isInstalled,
  RCLONE,
  watchPeak,
  type ListingCommand,
  type Measured,
} from './listingPrograms.ts';
import { MANY_BUCKET } from './manyObjects.ts';
import type { Row } from './row.ts';
import type { Server } from './servers.ts';
import { summarize } from './statistics.ts';

const WORKER = fileURLToPath(new URL('../../dist/worker.js', import.meta.url));

/** Of a hundred keys one matches. */
const REGEX = '[05]7$';
const MATCHES_PER_THOUSAND = 20;

/** The same by the shell: `rclone lsf -R … | grep`. */
const RCLONE_GREP: ListingCommand = sandbox => {
  const { args, env } = RCLONE(sandbox);
  return { args: ['-c', `rclone ${args.join(' ')} | grep -E '${REGEX}'`], env };
};

/** JMESPath has no regular expressions: what ends alike is the same keys. */
const AWS_QUERY: ListingCommand = sandbox => {
  const { args, env } = AWS(sandbox);
  const query = `Contents[?ends_with(Key, '07') || ends_with(Key, '57')].[Key]`;
  return { args: args.map(arg => (arg.startsWith('Contents') ? query : arg)), env };
};

/**
 * Finds keys by a regular expression, as the worker does it from its start to the last answer, beside what
 * people type for it. The rates are of keys looked at.
 */
export async function measureFind(sandbox: Server, count: number): Promise<Row[]> {
  const found = (count / 1000) * MATCHES_PER_THOUSAND;
  const ours = await byWorker(sandbox, found);
  const group = `Find by regular expression in ${count.toLocaleString('en')} keys`;
  const rows: Row[] = [];
  const add = (name: string, aim: number, { seconds }: Measured): void => {
    rows.push({
      ...{ group, measure: `against ${name}`, unit: 'objects/s', aim: { ratio: aim } },
      ours: summarize([count / ours.seconds]),
      peer: { name, sample: summarize([count / seconds]) },
    });
  };
  if (isInstalled('rclone', 'version')) {
    add('rclone lsf -R | grep', 2, await byProgram('sh', RCLONE_GREP, sandbox, found));
  }
  if (isInstalled('aws', '--version')) {
    add('aws list-objects-v2 --query', 5, await byProgram('aws', AWS_QUERY, sandbox, found));
  }
  rows.push({
    ...{ group, measure: 'peak memory of the worker', unit: 'MB', aim: { atMost: 200 } },
    ours: summarize([ours.peakMb]),
  });
  return rows;
}

async function byWorker(sandbox: Server, found: number): Promise<Measured> {
  const { region, endpoint, accountId } = sandbox;
  const identity = { accountId, partition: 'aws', arn: '', userId: '' };
  const clients = createClients({ region, endpoint, credentials: sandbox }, identity);
  const root = await mkdtemp(path.join(tmpdir(), 'bucket-brigade-bench-find-'));
  const host = new WorkerHost({ program: WORKER, root, onLog: line => console.error(line) });
  const peak = watchPeak(() => host.pid);
  const listing = {
    ...{ kind: 'listing', bucket: MANY_BUCKET, prefixes: ['many/'], versions: 'current' },
    filter: { regex: REGEX },
  };
  const input = { listings: [listing], file: path.join(root, 'found.csv') };
  const began = performance.now();
  const result = (await host.run(
    { key: 'bench', connection: { id: 'bench', label: 'Bench', region }, identity, clients },
    { name: 'findObjects', title: 'Bench', input },
  )) as FindProgress;
  const seconds = (performance.now() - began) / 1000;
  const peakMb = peak();
  host.dispose();
  clients.destroy();
  await rm(root, { recursive: true, force: true });
  if (result.found !== found) throw new Error(`${result.found} found instead of ${found}`);
  return { seconds, peakMb };
}
