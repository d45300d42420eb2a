import { PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { describeJob, runJob } from '../../src/aws/batchJobs/batchJobs.ts';
import { createJob } from '../../src/aws/batchJobs/createJob.ts';
import type { Job } from '../../src/aws/batchJobs/job.ts';
import type { ManifestGenerator } from '../../src/aws/manifest/jobManifest.ts';
import { isFinal } from '../../src/aws/batchJobs/jobStatus.ts';
import { readManifest } from '../../src/aws/manifest/manifest.ts';
import { writeObject } from '../../src/aws/objects/objects.ts';
import { checkRole } from '../../src/aws/roles/roleCheck.ts';
import { batchRolePolicy } from '../../src/aws/roles/rolePolicy.ts';
import type { PolicyDocument } from '../../src/aws/roles/policyStatement.ts';
import { createBatchRole } from '../../src/aws/roles/roles.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';

let sandbox: SandboxClients;
let images: string;
let assets: string;
let role: string;
let roles = 0;

const TAGS = [{ key: 'phototype', value: 'finished' }];
const KEYS = ['2026/a b.png', '2026/c+d.png', '2026/e.jpg', '2025/f.png'];

beforeAll(async () => {
  sandbox = await startSandboxClients();
  images = await sandbox.bucket();
  assets = await sandbox.bucket();
  for (const key of KEYS)
    await writeObject(sandbox.clients.s3(), { bucket: images, key, body: '' });
});
beforeEach(() => {
  role = `Generator-${(roles += 1)}`;
});
afterAll(() => sandbox.close());

const generator = (): ManifestGenerator => ({
  sourceBucket: images,
  prefix: '2026/',
  suffix: '.png',
  output: { bucket: assets, prefix: 'manifests/' },
});

const needs = (manifest: ManifestGenerator) => ({
  partition: 'aws',
  operation: { name: 'S3PutObjectTagging', targets: [{ bucket: images }] } as const,
  manifest,
  report: { bucket: assets, prefix: 'reports' },
});

async function create(manifest: ManifestGenerator, policy: PolicyDocument): Promise<string> {
  const { clients } = sandbox;
  const { arn: roleArn } = await createBatchRole(clients, { name: role, policy });
  const { jobId } = await createJob(clients, {
    operation: { name: 'S3PutObjectTagging', tags: TAGS },
    manifest,
    roleArn,
    report: { bucket: assets, prefix: 'reports', scope: 'AllTasks' },
    priority: 10,
    clientRequestToken: randomUUID(),
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

const prepared = (jobId: string) =>
  until(jobId, job => job.status === 'Suspended' || isFinal(job.status));

describe('a job whose objects S3 finds', () => {
  it('goes over what the prefix and suffix say, with the role that we make', async () => {
    const jobId = await create(generator(), batchRolePolicy(needs(generator())));
    const job = await prepared(jobId);
    expect(job).toMatchObject({ status: 'Suspended', total: 2, generator: generator() });
    expect(job.manifest).toBeUndefined();
    await runJob(sandbox.clients, { jobId });
    const ended = await until(jobId, ({ status }) => isFinal(status));
    expect(ended).toMatchObject({ status: 'Complete', succeeded: 2, failed: 0 });
  });

  it('keeps the manifest where it is told to, in a form that we read', async () => {
    const jobId = await create(generator(), batchRolePolicy(needs(generator())));
    const { generatedManifest } = await prepared(jobId);
    expect(generatedManifest?.bucket).toBe(assets);
    expect(generatedManifest?.key).toMatch(/^manifests\/.*manifest\.json$/);
    const read = await readManifest(sandbox.clients.s3(), generatedManifest!);
    expect(read).toMatchObject({ rows: 2, problems: [], eTag: generatedManifest?.eTag });
    expect(read.sampleKeys).toEqual(['2026/a b.png', '2026/c+d.png']);
  });

  it('keeps none without a place for it, and needs no leave to', async () => {
    const all = { sourceBucket: images };
    const jobId = await create(all, batchRolePolicy(needs(all)));
    const job = await prepared(jobId);
    expect(job).toMatchObject({ status: 'Suspended', total: KEYS.length });
    expect(job.generatedManifest).toBeUndefined();
  });

  it('fails where nothing is found', async () => {
    const none = { ...generator(), prefix: 'none/' };
    const job = await prepared(await create(none, batchRolePolicy(needs(none))));
    expect(job).toMatchObject({ status: 'Failed', total: 0 });
    expect(job.failureReasons[0]?.reason).toContain('no keys matching');
  });

  it.each([
    ['s3:PutInventoryConfiguration', 'generateManifest'],
    ['s3:ListBucket', 'generateManifest'],
  ])('fails without %s, as the check of its role foretells', async (action, purpose) => {
    const policy = batchRolePolicy(needs(generator()));
    const Statement = policy.Statement.map(statement => ({
      ...statement,
      Action: [statement.Action].flat().filter(one => one !== action),
    }));
    const job = await prepared(await create(generator(), { ...policy, Statement }));
    expect(job.status).toBe('Failed');
    expect(job.failureReasons[0]?.reason).toContain('AccessDenied');
    expect(await denied()).toEqual([purpose]);
  });

  it('fails without leave to write the manifest, as the check of its role foretells', async () => {
    const policy = batchRolePolicy(needs(generator()));
    const Statement = policy.Statement.filter(({ Sid }) => Sid !== 'WriteManifest');
    const job = await prepared(await create(generator(), { ...policy, Statement }));
    expect(job.status).toBe('Failed');
    expect(job.failureReasons[0]?.reason).toContain('Failed to write manifest');
    expect(await denied()).toEqual(['writeManifest']);
    await sandbox.clients.iam().send(
      new PutRolePolicyCommand({
        RoleName: role,
        PolicyName: 'BucketBrigadeBatchJob',
        PolicyDocument: JSON.stringify(policy),
      }),
    );
    expect(await denied()).toEqual([]);
  });

  async function denied(): Promise<string[]> {
    const roleArn = `arn:aws:iam::${sandbox.clients.accountId}:role/${role}`;
    const { findings } = await checkRole(sandbox.clients, { roleArn, ...needs(generator()) });
    return [...new Set(findings.filter(f => f.decision !== 'allowed').map(f => f.purpose))];
  }
});
