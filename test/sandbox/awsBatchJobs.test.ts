import {
  DeleteRolePolicyCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { DeleteBucketCommand } from '@aws-sdk/client-s3';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  cancelJob,
  describeJob,
  listJobs,
  runJob,
  setJobPriority,
} from '../../src/aws/batchJobs/batchJobs.ts';
import { findReport, type CompletionReport } from '../../src/aws/batchJobs/completionReport.ts';
import { summarizeReport } from '../../src/aws/batchJobs/reportSummary.ts';
import { createJob, type CreateJobInput } from '../../src/aws/batchJobs/createJob.ts';
import { BrigadeError } from '../../src/aws/errors.ts';
import type { Job } from '../../src/aws/batchJobs/job.ts';
import { isFinal } from '../../src/aws/batchJobs/jobStatus.ts';
import { readManifest } from '../../src/aws/manifest/manifest.ts';
import { encodeManifestKey } from '../../src/aws/manifest/manifestKey.ts';
import { writeObject } from '../../src/aws/objects/objects.ts';
import { checkRole } from '../../src/aws/roles/roleCheck.ts';
import { BATCH_SERVICE, batchRolePolicy } from '../../src/aws/roles/rolePolicy.ts';
import { createBatchRole, listServiceRoles } from '../../src/aws/roles/roles.ts';
import { getObjectTags, putObjectTags } from '../../src/aws/objects/tags.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';

const KEYS = ['image1.png', 'my photo+1.png', 'ü/日本 & "x".png', '100%.png'];
const TAGS = [{ key: 'phototype', value: 'finished' }];

let sandbox: SandboxClients;
let images: string;
let assets: string;
let role: string;
let roles = 0;

beforeAll(async () => {
  sandbox = await startSandboxClients();
});
afterAll(() => sandbox.close());

beforeEach(async () => {
  images = await sandbox.bucket();
  assets = await sandbox.bucket();
  roles += 1;
  role = `tagging-${roles}`;
  for (const key of KEYS) {
    await writeObject(sandbox.clients.s3(), { bucket: images, key, body: key });
  }
});

const roleInput = (
  name: 'S3PutObjectTagging' | 'S3DeleteObjectTagging' = 'S3PutObjectTagging',
) => ({
  partition: 'aws',
  operation: { name, targets: [{ bucket: images }] },
  manifest: { bucket: assets, key: 'manifest.csv' },
  report: { bucket: assets, prefix: 'reports' },
});

/** Writes the manifest, makes the role it needs and creates the job. */
async function create(change: Partial<CreateJobInput> = {}, keys: readonly string[] = KEYS) {
  const { clients } = sandbox;
  const body = keys.map(key => `${images},${encodeManifestKey(key)}\n`).join('');
  const at = { bucket: assets, key: 'manifest.csv' };
  await writeObject(clients.s3(), { ...at, body });
  const manifest = await readManifest(clients.s3(), at);
  const removes = change.operation?.name === 'S3DeleteObjectTagging';
  const { arn } = await createBatchRole(clients, {
    name: role,
    policy: batchRolePolicy(roleInput(removes ? 'S3DeleteObjectTagging' : undefined)),
  });
  const { jobId } = await createJob(clients, {
    manifest,
    operation: { name: 'S3PutObjectTagging', tags: TAGS },
    roleArn: arn,
    report: { bucket: assets, prefix: 'reports', scope: 'AllTasks' },
    priority: 10,
    clientRequestToken: randomUUID(),
    ...change,
  });
  return jobId;
}

async function until(jobId: string, done: (job: Job) => boolean): Promise<Job> {
  for (let tries = 0; tries < 400; tries += 1) {
    const job = await describeJob(sandbox.clients, { jobId, justCreated: true });
    if (done(job)) return job;
    await delay(25);
  }
  throw new Error(`The job ${jobId} did not get there`);
}

const settled = (jobId: string) =>
  until(jobId, job => isFinal(job.status) || job.status === 'Suspended');
const ended = (jobId: string) => until(jobId, job => isFinal(job.status));

/** A report may come after the job's end. */
async function report(job: Job): Promise<CompletionReport> {
  for (let tries = 0; ; tries += 1) {
    try {
      const at = { bucket: assets, prefix: 'reports', jobId: job.jobId, job };
      return await findReport(sandbox.clients.s3(), at);
    } catch (error) {
      const early = error instanceof BrigadeError && error.reason === 'NotYetWritten';
      if (!early || tries > 100) throw error;
      await delay(25);
    }
  }
}

describe('a tagging job', () => {
  it('waits, runs, tags every object and reports it', async () => {
    const { clients } = sandbox;
    const jobId = await create({ description: 'lab' });
    const waiting = await settled(jobId);
    expect(waiting).toMatchObject({
      status: 'Suspended',
      total: KEYS.length,
      tags: TAGS,
      description: 'lab',
      manifest: { bucket: assets, key: 'manifest.csv', fields: ['Bucket', 'Key'] },
      report: { bucket: assets, prefix: 'reports', scope: 'AllTasks' },
      confirmationRequired: true,
      failureReasons: [],
    });
    await runJob(clients, { jobId });
    const job = await ended(jobId);
    expect(job).toMatchObject({ status: 'Complete', succeeded: KEYS.length, failed: 0 });
    for (const key of KEYS) {
      expect(await getObjectTags(clients.s3(), { bucket: images, key })).toEqual(TAGS);
    }
    const summary = await summarizeReport(clients.s3(), await report(job));
    expect(summary).toMatchObject({ total: KEYS.length, failed: 0, groups: [] });
    expect(summary.rows.map(row => row.key).sort()).toEqual([...KEYS].sort());
    const [listed] = await listJobs(clients, { statuses: ['Complete'] });
    expect(listed).toMatchObject({ jobId, operation: 'S3PutObjectTagging', succeeded: 4 });
  });

  it('removes all tags when it is given none', async () => {
    const { clients } = sandbox;
    const object = { bucket: images, key: 'image1.png' };
    await putObjectTags(clients.s3(), { ...object, tags: TAGS });
    const jobId = await create({ operation: { name: 'S3DeleteObjectTagging' } });
    await settled(jobId);
    await runJob(clients, { jobId });
    const job = await ended(jobId);
    expect(job).toMatchObject({ operation: 'S3DeleteObjectTagging', succeeded: 4 });
    expect(await getObjectTags(clients.s3(), object)).toEqual([]);
  });

  it('with the same token is the same job', async () => {
    const clientRequestToken = randomUUID();
    const jobId = await create({ clientRequestToken });
    const job = await settled(jobId);
    const manifest = await readManifest(sandbox.clients.s3(), {
      bucket: assets,
      key: 'manifest.csv',
    });
    const again = await createJob(sandbox.clients, {
      manifest,
      operation: { name: 'S3PutObjectTagging', tags: TAGS },
      roleArn: job.roleArn ?? '',
      report: job.report,
      priority: 10,
      clientRequestToken,
    });
    expect(again.jobId).toBe(jobId);
  });

  it('takes another priority, can be cancelled, and then no more', async () => {
    const { clients } = sandbox;
    const jobId = await create();
    await settled(jobId);
    await setJobPriority(clients, { jobId, priority: 77 });
    await cancelJob(clients, { jobId, reason: 'not now' });
    const job = await ended(jobId);
    expect(job).toMatchObject({ status: 'Cancelled', priority: 77, statusUpdateReason: 'not now' });
    await expect(runJob(clients, { jobId })).rejects.toMatchObject({ code: 'Conflict' });
    const missing = findReport(clients.s3(), { bucket: assets, prefix: 'reports', jobId, job });
    await expect(missing).rejects.toMatchObject({ code: 'NotFound', reason: 'NoTaskRan' });
  });

  it('that is not there is not found', async () => {
    const jobId = randomUUID();
    await expect(describeJob(sandbox.clients, { jobId })).rejects.toMatchObject({
      code: 'NotFound',
      subject: jobId,
    });
  });

  it('groups what failed: objects that are gone', async () => {
    const jobId = await create({}, [...KEYS, 'gone 1.png', 'gone+2.png']);
    await settled(jobId);
    await runJob(sandbox.clients, { jobId });
    const job = await ended(jobId);
    expect(job).toMatchObject({ status: 'Complete', succeeded: 4, failed: 2 });
    const { groups } = await summarizeReport(sandbox.clients.s3(), await report(job));
    expect(groups).toHaveLength(1);
    expect(groups[0]).toMatchObject({ errorCode: 'NoSuchKey', httpStatus: 404, count: 2 });
    expect([...(groups[0]?.sampleKeys ?? [])].sort()).toEqual(['gone 1.png', 'gone+2.png']);
  });

  it('fails where the report bucket is gone', async () => {
    const reports = await sandbox.bucket();
    const jobId = await create({ report: { bucket: reports, scope: 'AllTasks' } });
    await settled(jobId);
    await sandbox.clients.s3().send(new DeleteBucketCommand({ Bucket: reports }));
    await runJob(sandbox.clients, { jobId });
    const job = await ended(jobId);
    expect(job.status).toBe('Failed');
    expect(job.failureReasons.length).toBeGreaterThan(0);
  });
});

describe("a job's role", () => {
  const arnOf = (name: string) => `arn:aws:iam::${sandbox.clients.accountId}:role/${name}`;

  /** Takes one kind of permission from the role's policy. */
  async function without(sid: string): Promise<void> {
    const policy = batchRolePolicy(roleInput());
    const Statement = policy.Statement.filter(statement => statement.Sid !== sid);
    await sandbox.clients.iam().send(
      new PutRolePolicyCommand({
        RoleName: role,
        PolicyName: 'BucketBrigadeBatchJob',
        PolicyDocument: JSON.stringify({ ...policy, Statement }),
      }),
    );
  }

  const denied = async () => {
    const { findings } = await checkRole(sandbox.clients, { roleArn: arnOf(role), ...roleInput() });
    return [...new Set(findings.filter(f => f.decision !== 'allowed').map(f => f.purpose))];
  };

  it('that we make is trusted, allowed and listed', async () => {
    const { clients } = sandbox;
    const policy = batchRolePolicy(roleInput());
    const made = await createBatchRole(clients, { name: role, policy, description: 'd' });
    expect(made).toEqual({ arn: arnOf(role), name: role, path: '/', description: 'd' });
    expect(await listServiceRoles(clients, BATCH_SERVICE)).toContainEqual(made);
    const check = await checkRole(clients, { roleArn: made.arn, ...roleInput() });
    expect(check.trusted).toBe(true);
    expect(check.findings.map(({ decision }) => decision)).toEqual(Array(7).fill('allowed'));
    await expect(createBatchRole(clients, { name: role, policy })).rejects.toMatchObject({
      code: 'Conflict',
      subject: role,
    });
  });

  it('of a name IAM would refuse is not asked for', async () => {
    const policy = batchRolePolicy(roleInput());
    const made = createBatchRole(sandbox.clients, { name: 'a b', policy });
    await expect(made).rejects.toMatchObject({ code: 'InvalidInput' });
  });

  it('is taken back when its policy is refused', async () => {
    const made = createBatchRole(sandbox.clients, {
      name: role,
      policy: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'nonsense', Resource: 'x' }],
      },
    });
    await expect(made).rejects.toMatchObject({ code: 'InvalidInput' });
    const names = (await listServiceRoles(sandbox.clients, BATCH_SERVICE)).map(({ name }) => name);
    expect(names).not.toContain(role);
  });

  it('that is missing is not found', async () => {
    const check = checkRole(sandbox.clients, { roleArn: arnOf('nobody'), ...roleInput() });
    await expect(check).rejects.toMatchObject({ code: 'NotFound' });
  });

  it('without leave to tag fails its tasks, as the check foretells', async () => {
    const jobId = await create();
    await settled(jobId);
    await without('Tag');
    expect(await denied()).toEqual(['tag']);
    await runJob(sandbox.clients, { jobId });
    const job = await ended(jobId);
    expect(job).toMatchObject({ failed: KEYS.length, succeeded: 0 });
    const { groups } = await summarizeReport(sandbox.clients.s3(), await report(job));
    expect(groups).toEqual([
      expect.objectContaining({ errorCode: 'AccessDenied', httpStatus: 403 }),
    ]);
  });

  it('without leave to list the bucket works, but does not tell what is missing', async () => {
    const jobId = await create({}, [...KEYS, 'gone.png']);
    await settled(jobId);
    await without('TellMissing');
    const { findings } = await checkRole(sandbox.clients, { roleArn: arnOf(role), ...roleInput() });
    const lacking = findings.filter(({ decision }) => decision !== 'allowed');
    expect(lacking).toMatchObject([
      { purpose: 'detectMissing', action: 's3:ListBucket', optional: true },
    ]);
    await runJob(sandbox.clients, { jobId });
    const job = await ended(jobId);
    expect(job).toMatchObject({ status: 'Complete', succeeded: KEYS.length, failed: 1 });
    const { groups } = await summarizeReport(sandbox.clients.s3(), await report(job));
    expect(groups).toMatchObject([{ errorCode: 'AccessDenied', httpStatus: 403, count: 1 }]);
  });

  it('without leave to read the manifest fails the job before any task', async () => {
    const first = await create();
    const roleArn = (await settled(first)).roleArn ?? '';
    await without('Manifest');
    expect(await denied()).toEqual(['readManifest']);
    const manifest = await readManifest(sandbox.clients.s3(), {
      bucket: assets,
      key: 'manifest.csv',
    });
    const { jobId } = await createJob(sandbox.clients, {
      manifest,
      operation: { name: 'S3PutObjectTagging', tags: TAGS },
      roleArn,
      priority: 1,
      clientRequestToken: randomUUID(),
    });
    const job = await settled(jobId);
    expect(job).toMatchObject({ status: 'Failed', succeeded: 0, failed: 0 });
    expect(job.failureReasons[0]?.reason).toContain('AccessDenied');
    expect(job.report).toBeUndefined();
  });

  it('without leave to write the report fails the job, as the check foretells', async () => {
    const jobId = await create();
    await settled(jobId);
    await without('Report');
    expect(await denied()).toEqual(['writeReport']);
    await runJob(sandbox.clients, { jobId });
    expect((await ended(jobId)).status).toBe('Failed');
  });

  it('that does not trust batch operations is neither listed nor usable', async () => {
    const jobId = await create();
    await settled(jobId);
    const { clients } = sandbox;
    await clients.iam().send(
      new UpdateAssumeRolePolicyCommand({
        RoleName: role,
        PolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'lambda.amazonaws.com' },
              Action: 'sts:AssumeRole',
            },
          ],
        }),
      }),
    );
    expect((await listServiceRoles(clients, BATCH_SERVICE)).map(({ name }) => name)).not.toContain(
      role,
    );
    expect((await checkRole(clients, { roleArn: arnOf(role), ...roleInput() })).trusted).toBe(
      false,
    );
    await clients
      .iam()
      .send(new DeleteRolePolicyCommand({ RoleName: role, PolicyName: 'BucketBrigadeBatchJob' }));
    await runJob(clients, { jobId });
    const job = await ended(jobId);
    expect(job.succeeded).toBe(0);
  });
});
