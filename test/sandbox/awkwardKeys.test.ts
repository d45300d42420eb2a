import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeJob, runJob } from '../../src/aws/batchJobs/batchJobs.ts';
import { findReport } from '../../src/aws/batchJobs/completionReport.ts';
import { createJob } from '../../src/aws/batchJobs/createJob.ts';
import type { Job } from '../../src/aws/batchJobs/job.ts';
import { isFinal } from '../../src/aws/batchJobs/jobStatus.ts';
import { createRetryJob } from '../../src/aws/batchJobs/retryJob.ts';
import { readManifest } from '../../src/aws/manifest/manifest.ts';
import { checkManifest } from '../../src/aws/manifestCheck/checkManifest.ts';
import { writeObject } from '../../src/aws/objects/objects.ts';
import { deleteObjects } from '../support/deleteKeys.ts';
import { getObjectTags } from '../../src/aws/objects/tags.ts';
import { indexReport } from '../../src/aws/report/indexReport.ts';
import { writeRetryManifest } from '../../src/aws/report/retryManifest.ts';
import { batchRolePolicy } from '../../src/aws/roles/rolePolicy.ts';
import { createBatchRole } from '../../src/aws/roles/roles.ts';
import { createManifest } from '../../src/aws/selection/createManifest.ts';
import type { ObjectSelection } from '../../src/aws/selection/selection.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';

const TAGS = [{ key: 'phototype', value: 'finished' }];
/** What has broken such paths somewhere: separators, encodings, quotes, controls, lone slashes, dots. */
const AWFUL = [
  ...[
    'a b',
    'a+b',
    'a%20b',
    '100%',
    '%',
    '%2B',
    'a,b',
    '"',
    '""',
    '"a","b"',
    "it's",
    'a;b|c',
    '=1+1',
  ],
  ...[
    'a\tb',
    'a\nb',
    'a\r\nb',
    '\u0001',
    '\u007f',
    '/',
    '//',
    'a//b',
    '.',
    '..',
    'a/../b',
    ' a ',
    '~',
  ],
  ...[
    'ü',
    'u\u0308',
    '日本',
    '👩‍👩‍👧',
    '\u200d',
    '\u202e',
    '\ufeff',
    'null',
    'undefined',
    'bucket,key',
  ],
  ...['?a=b#c', '&amp;', '<x>', '\\', 'C:\\a', '*', '[a]', '{a}', 'x'.repeat(1024)],
];

let sandbox: SandboxClients;
let root: string;

beforeAll(async () => {
  sandbox = await startSandboxClients();
  root = await mkdtemp(join(tmpdir(), 'bucket-brigade-keys-'));
});
afterAll(async () => {
  await sandbox.close();
  await rm(root, { recursive: true, force: true });
});

/** Keys that S3 takes: 1 to 1,024 bytes of Unicode. XML has no word for most control characters. */
const legalKey = fc
  .oneof(
    { weight: 3, arbitrary: fc.constantFrom(...AWFUL) },
    { weight: 1, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }) },
    { weight: 1, arbitrary: fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 40 }) },
  )
  .filter(key => key.isWellFormed() && Buffer.byteLength(key) <= 1024 && key !== '');

const journal = () => {
  let saved: unknown;
  return {
    entry: { createdAt: new Date().toISOString() },
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- as the journal's
    checkpoint: <T>() => saved as T | undefined,
    save: (checkpoint: unknown) => {
      saved = checkpoint;
      return Promise.resolve();
    },
  };
};

async function run(jobId: string): Promise<Job> {
  for (let tries = 0; tries < 400; tries += 1) {
    const job = await describeJob(sandbox.clients, { jobId, justCreated: true });
    if (isFinal(job.status)) return job;
    if (job.status === 'Suspended') await runJob(sandbox.clients, { jobId });
    await delay(25);
  }
  throw new Error(`The job ${jobId} did not end`);
}

async function failedRows(bucket: string, jobId: string): Promise<string> {
  const folder = join(root, jobId);
  const client = sandbox.clients.s3();
  for (;;) {
    const report = await findReport(client, { bucket, jobId }).catch(() => undefined);
    if (report === undefined) await delay(25);
    else {
      await indexReport(sandbox.clients, { report, folder });
      return folder;
    }
  }
}

interface World {
  readonly images: string;
  readonly assets: string;
  readonly roleArn: string;
}

/** A bucket with these keys, another for what jobs need, and a role for both. */
async function worldOf(keys: readonly string[], versioned: boolean): Promise<World> {
  const { clients } = sandbox;
  const [images, assets] = [await sandbox.bucket(), await sandbox.bucket()];
  if (versioned) {
    const on = { Status: 'Enabled' as const };
    const input = { Bucket: images, VersioningConfiguration: on };
    await clients.s3().send(new PutBucketVersioningCommand(input));
  }
  for (const key of keys) await writeObject(clients.s3(), { bucket: images, key, body: key });
  const policy = batchRolePolicy({
    partition: 'aws',
    operation: { name: 'S3PutObjectTagging', targets: [{ bucket: images }] },
    manifest: { bucket: assets, key: 'manifest.csv' },
    report: { bucket: assets },
  });
  const read = { Effect: 'Allow', Action: 's3:GetObject*', Resource: `arn:aws:s3:::${assets}/*` };
  const Statement = [...policy.Statement, read as (typeof policy.Statement)[number]];
  const name = `keys-${images}`;
  const role = { name, policy: { ...policy, Statement } };
  const { arn: roleArn } = await createBatchRole(clients, role);
  return { images, assets, roleArn };
}

/** Selection → manifest → check → job → report → retry, with some objects gone meanwhile. */
async function throughAll(
  { images, assets, roleArn }: World,
  selection: ObjectSelection,
  keys: readonly string[],
): Promise<void> {
  const { clients } = sandbox;
  const to = { bucket: assets, key: 'manifest.csv' };
  const made = await createManifest(clients, { selection, ...to }, { journal: journal() });
  expect(made.rows).toBe(keys.length);
  const input = { ...to, asksObjects: true, maxProblems: 10 };
  expect((await checkManifest(clients, input)).problemCounts).toEqual({});

  // What fails is retried, by its raw key, once it is there again.
  const gone = keys.filter((_, at) => at % 2 === 0);
  if (selection.kind === 'objects')
    await deleteObjects(clients.s3(), { bucket: images, keys: gone });
  const { jobId } = await createJob(clients, {
    manifest: await readManifest(clients.s3(), to),
    operation: { name: 'S3PutObjectTagging', tags: TAGS },
    roleArn,
    report: { bucket: assets, scope: 'AllTasks' },
    priority: 1,
    clientRequestToken: randomUUID(),
  });
  const parent = await run(jobId);
  const failed = selection.kind === 'objects' ? gone.length : 0;
  expect(parent).toMatchObject({ succeeded: keys.length - failed, failed });
  if (failed > 0) {
    for (const key of gone) await writeObject(clients.s3(), { bucket: images, key, body: key });
    const folder = await failedRows(assets, jobId);
    const place = { bucket: assets, key: 'retry.csv' };
    const { manifest, rows } = await writeRetryManifest(clients, { folder, ...place });
    expect(rows).toBe(failed);
    const clientRequestToken = randomUUID();
    const child = await createRetryJob(clients, {
      ...{ parent, manifest, attempt: 2, description: 'Again', clientRequestToken },
    });
    expect(await run(child.jobId)).toMatchObject({ succeeded: failed, failed: 0 });
  }
  for (const key of keys) {
    expect(await getObjectTags(clients.s3(), { bucket: images, key })).toEqual(TAGS);
  }
}

const someKeys = fc.uniqueArray(legalKey, { minLength: 1, maxLength: 6 });

it('brings any legal key from a selection to a retry', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(someKeys, async keys => {
      const world = await worldOf(keys, false);
      const objects = keys.map(key => ({ bucket: world.images, key }));
      await throughAll(world, { kind: 'objects', objects }, keys);
    }),
    { numRuns: 8 },
  );
});

it('lists any legal key, all at once, and its versions', { timeout: 120_000 }, async () => {
  for (const versions of ['current', 'all'] as const) {
    const world = await worldOf(AWFUL, versions === 'all');
    const listing = { kind: 'listing', bucket: world.images, prefixes: [''] } as const;
    await throughAll(world, { ...listing, filter: {}, versions }, AWFUL);
  }
});
