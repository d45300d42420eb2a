import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { createClients } from '../../src/aws/clients.ts';
import { changeTags } from '../../src/aws/tagChanges/changeTags.ts';
import { MANY_BUCKET, manyKey } from './manyObjects.ts';
import type { Row } from './row.ts';
import { hasBoto3, type Server } from './servers.ts';
import { summarize } from './statistics.ts';

const SCRIPT = fileURLToPath(new URL('tag_adding.py', import.meta.url));

/**
 * Adds a tag to `count` objects by the direct engine, from the listing until the report is written, and
 * to `pooled` of them by boto3 with 32 threads doing the two calls that this needs at least. Ours reads
 * each object's tags back besides, and writes down what was there.
 */
export async function measureAddingTags(
  sandbox: Server,
  { count, pooled, rounds }: { count: number; pooled: number; rounds: number },
): Promise<Row[]> {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(count / (await addByEngine(sandbox, count, `ours${round}`)));
    if (hasBoto3()) theirs.push(pooled / (await addByBoto3(sandbox, pooled, `theirs${round}=1`)));
  }
  return [
    {
      group: `Adding a tag, ${count.toLocaleString('en')} objects`,
      measure: 'listing until the report is written',
      unit: 'objects/s',
      ours: summarize(ours),
      peer:
        theirs.length > 0 ? { name: 'boto3, 32 threads', sample: summarize(theirs) } : undefined,
      aim: { ratio: 3 },
    },
  ];
}

/** Answers the seconds it took. */
async function addByEngine(sandbox: Server, count: number, key: string): Promise<number> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bucket-brigade-bench-tags-'));
  const { region, endpoint, accountId } = sandbox;
  const clients = createClients(
    { region, endpoint, credentials: sandbox },
    { accountId, partition: 'aws' },
  );
  const start = performance.now();
  const result = await changeTags(
    clients,
    {
      id: key,
      selection: {
        ...{ kind: 'listing', bucket: MANY_BUCKET, filter: {}, versions: 'current' },
        prefixes: ['many/'],
      },
      change: { kind: 'add', tags: [{ key, value: '1' }] },
      report: { bucket: MANY_BUCKET, prefix: 'reports' },
    },
    folder,
  );
  const seconds = (performance.now() - start) / 1000;
  clients.destroy();
  await rm(folder, { recursive: true });
  if (result.succeeded !== count) throw new Error(`${result.succeeded} of ${count} were tagged`);
  return seconds;
}

async function addByBoto3(sandbox: Server, count: number, tag: string): Promise<number> {
  const child = spawn('python3', [SCRIPT, sandbox.endpoint, MANY_BUCKET, tag], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      ...process.env,
      AWS_ACCESS_KEY_ID: sandbox.accessKeyId,
      AWS_SECRET_ACCESS_KEY: sandbox.secretAccessKey,
      AWS_REGION: sandbox.region,
      AWS_DEFAULT_REGION: sandbox.region,
    },
  });
  const exited = once(child, 'exit');
  child.stdin.end(Array.from({ length: count }, (_, number) => manyKey(number)).join('\n'));
  const seconds = await text(child.stdout);
  const [code] = (await exited) as [number | null];
  if (code !== 0) throw new Error('The pool of boto3 threads failed');
  return Number(seconds);
}
