import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { describeJob, runJob } from '../../src/aws/batchJobs/batchJobs.ts';
import { findReport } from '../../src/aws/batchJobs/completionReport.ts';
import { createJob } from '../../src/aws/batchJobs/createJob.ts';
import type { Job } from '../../src/aws/batchJobs/job.ts';
import { isFinal } from '../../src/aws/batchJobs/jobStatus.ts';
import { readLineage } from '../../src/aws/batchJobs/lineage.ts';
import { createRetryJob } from '../../src/aws/batchJobs/retryJob.ts';
import type { AwsClients } from '../../src/aws/clients.ts';
import { readManifest } from '../../src/aws/manifest/manifest.ts';
import { encodeManifestKey } from '../../src/aws/manifest/manifestKey.ts';
import { writeObject } from '../../src/aws/objects/objects.ts';
import { getObjectTags } from '../../src/aws/objects/tags.ts';
import { causeOf, type FailureCause } from '../../src/aws/report/failureCause.ts';
import { indexReport } from '../../src/aws/report/indexReport.ts';
import type { ReportSummary } from '../../src/aws/report/indexFiles.ts';
import { writeRetryManifest } from '../../src/aws/report/retryManifest.ts';
import { allowInRole, roleDenial } from '../../src/aws/report/roleDenial.ts';
import { batchRolePolicy } from '../../src/aws/roles/rolePolicy.ts';
import { createBatchRole } from '../../src/aws/roles/roles.ts';
import { assumeNewRole } from '../support/assumeNewRole.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';

const TAGS = [{ key: 'phototype', value: 'finished' }];
const OPEN = ['open/a.png', 'open/b.png'];
/** Keys below a prefix that the role may not tag. */
const CLOSED = ['closed/my photo+1.png', 'closed/ü 日本 & "x",\n.png', 'closed/100%.png'];

let sandbox: SandboxClients;
let root: string;
let images: string;
let assets: string;
let roleArn: string;
let roles = 0;

beforeAll(async () => {
  sandbox = await startSandboxClients();
  root = await mkdtemp(join(tmpdir(), 'bucket-brigade-retry-'));
});
afterAll(async () => {
  await sandbox.close();
  await rm(root, { recursive: true, force: true });
});
beforeEach(async () => {
  images = await sandbox.bucket();
  assets = await sandbox.bucket();
  const { clients } = sandbox;
  for (const key of [...OPEN, ...CLOSED]) {
    await writeObject(clients.s3(), { bucket: images, key, body: key });
  }
  const policy = batchRolePolicy({
    partition: 'aws',
    operation: { name: 'S3PutObjectTagging', targets: [{ bucket: images, prefix: 'open/' }] },
    manifest: { bucket: assets, key: 'm*' },
    report: { bucket: assets },
  });
  const read = { Effect: 'Allow', Action: 's3:GetObject*', Resource: `arn:aws:s3:::${assets}/*` };
  const Statement = [...policy.Statement, read as (typeof policy.Statement)[number]];
  const name = `retry-${(roles += 1)}`;
  ({ arn: roleArn } = await createBatchRole(clients, { name, policy: { ...policy, Statement } }));
});

async function parentJob(): Promise<Job> {
  const { clients } = sandbox;
  const at = { bucket: assets, key: 'manifest.csv' };
  const rows = [...OPEN, ...CLOSED].map(key => `${images},${encodeManifestKey(key)}\n`);
  await writeObject(clients.s3(), { ...at, body: rows.join('') });
  const { jobId } = await createJob(clients, {
    manifest: await readManifest(clients.s3(), at),
    operation: { name: 'S3PutObjectTagging', tags: TAGS },
    roleArn,
    report: { bucket: assets, scope: 'AllTasks' },
    priority: 7,
    clientRequestToken: randomUUID(),
  });
  return await run(jobId);
}

async function run(jobId: string): Promise<Job> {
  for (let tries = 0; tries < 400; tries += 1) {
    const job = await describeJob(sandbox.clients, { jobId, justCreated: true });
    if (isFinal(job.status)) return job;
    if (job.status === 'Suspended') await runJob(sandbox.clients, { jobId });
    await delay(25);
  }
  throw new Error(`The job ${jobId} did not end`);
}

async function index(jobId: string): Promise<{ folder: string; summary: ReportSummary }> {
  const folder = join(root, jobId);
  const client = sandbox.clients.s3();
  for (;;) {
    const found = await findReport(client, { bucket: assets, jobId }).catch(() => undefined);
    if (found === undefined) await delay(25);
    else return { folder, summary: await indexReport(sandbox.clients, { report: found, folder }) };
  }
}

/** What Retry Failed… does. */
async function retry(parent: Job, attempt: number, clients: AwsClients = sandbox.clients) {
  const { folder } = await index(parent.jobId);
  const place = { bucket: assets, key: `retry/${parent.jobId}.csv` };
  const { manifest, rows } = await writeRetryManifest(sandbox.clients, { folder, ...place });
  const clientRequestToken = randomUUID();
  const input = { parent, manifest, attempt, description: 'Again', clientRequestToken };
  return { rows, child: await createRetryJob(clients, input) };
}

describe('the failed tasks of a job', () => {
  it('are retried, awkward keys too, until all are done; each job knows the others', async () => {
    const parent = await parentJob();
    expect(parent).toMatchObject({ succeeded: 2, failed: 3 });
    const first = await retry(parent, 2);
    expect(first).toMatchObject({ rows: 3 });
    expect(first.child.untagged).toBeUndefined();
    const child = await run(first.child.jobId);
    expect(child).toMatchObject({ total: 3, failed: 3, priority: 7, tags: TAGS, roleArn });
    expect(child.report).toEqual(parent.report);

    const { summary } = await index(child.jobId);
    const cause = causeOf(child, summary.groups[0]!) as FailureCause & { kind: 'denied' };
    const needs = [
      { actions: ['s3:PutObjectTagging'], resources: [`arn:aws:s3:::${images}/closed/*`] },
    ];
    expect(cause.needs).toEqual(needs);
    const { clients } = sandbox;
    const denial = await roleDenial(clients, roleArn, cause.needs);
    expect(denial).toEqual({ decision: 'implicitDeny', missing: needs });
    expect(await allowInRole(clients, roleArn, denial.missing)).toMatch(/^BucketBrigade-/);
    const allowed = { decision: 'allowed', missing: [] };
    expect(await roleDenial(clients, roleArn, cause.needs)).toEqual(allowed);

    const second = await retry(child, 3);
    expect(await run(second.child.jobId)).toMatchObject({ succeeded: 3, failed: 0 });
    for (const key of CLOSED) {
      expect(await getObjectTags(clients.s3(), { bucket: images, key })).toEqual(TAGS);
    }
    const of = (jobId: string) => readLineage(clients, { jobId });
    expect(await of(parent.jobId)).toEqual({ attempt: 1, retry: child.jobId });
    expect(await of(child.jobId)).toEqual({
      ...{ parent: parent.jobId, attempt: 2, retry: second.child.jobId },
    });
    expect(await of(second.child.jobId)).toEqual({ parent: child.jobId, attempt: 3 });
  });

  it.each([
    ['tag no jobs', ['s3:CreateJob', 's3:DescribeJob', 's3:GetJobTagging', 'iam:PassRole']],
    ['read no tags', ['s3:CreateJob', 's3:DescribeJob', 's3:PutJobTagging', 'iam:PassRole']],
  ])('are retried by who may %s, and it is said', async (_, Action) => {
    const parent = await parentJob();
    const may = [{ Effect: 'Allow', Action, Resource: '*' }];
    const clients = await assumeNewRole(sandbox, `caller-${parent.jobId.slice(0, 8)}`, may);
    const { child } = await retry(parent, 2, clients);
    expect(child.untagged).toMatchObject({ code: 'AccessDenied' });
    expect(await run(child.jobId)).toMatchObject({ total: 3 });
    expect(await readLineage(sandbox.clients, { jobId: parent.jobId })).toEqual({ attempt: 1 });
    clients.destroy();
  });

  it('are not retried by who may create no job', async () => {
    const parent = await parentJob();
    const may = [
      { Effect: 'Allow', Action: ['s3:DescribeJob', 's3:PutJobTagging'], Resource: '*' },
    ];
    const clients = await assumeNewRole(sandbox, `nobody-${parent.jobId.slice(0, 8)}`, may);
    await expect(retry(parent, 2, clients)).rejects.toMatchObject({ code: 'AccessDenied' });
    clients.destroy();
  });

  it('of a job that AWS has deleted can’t be given to a job like it', async () => {
    const parent = await parentJob();
    const gone = { ...parent, jobId: randomUUID() };
    await index(parent.jobId);
    const place = { bucket: assets, key: 'retry/gone.csv' };
    const input = { folder: join(root, parent.jobId), ...place };
    const { manifest } = await writeRetryManifest(sandbox.clients, input);
    const creating = createRetryJob(sandbox.clients, {
      ...{ parent: gone, manifest, attempt: 2, description: '' },
      clientRequestToken: randomUUID(),
    });
    await expect(creating).rejects.toMatchObject({ code: 'NotFound' });
  });
});
