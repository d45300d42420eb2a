import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { describeJob, runJob } from '../../src/aws/batchJobs/batchJobs.ts';
import { createJob } from '../../src/aws/batchJobs/createJob.ts';
import { createRequestedJob } from '../../src/aws/batchJobs/createRequestedJob.ts';
import type { Job } from '../../src/aws/batchJobs/job.ts';
import type { JobOperation } from '../../src/aws/batchJobs/jobOperation.ts';
import { isFinal } from '../../src/aws/batchJobs/jobStatus.ts';
import { roleOperation } from '../../src/aws/batchJobs/operations/operations.ts';
import { readRequest } from '../../src/aws/batchJobs/request/readRequest.ts';
import { readManifest } from '../../src/aws/manifest/manifest.ts';
import { writeObject } from '../../src/aws/objects/objects.ts';
import { getObjectTags, putObjectTags } from '../../src/aws/objects/tags.ts';
import { batchRolePolicy } from '../../src/aws/roles/rolePolicy.ts';
import { createBatchRole } from '../../src/aws/roles/roles.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';

const KEYS = ['a.txt', 'b.txt'];

let sandbox: SandboxClients;
let source: string;
let target: string;
let assets: string;
let roles = 0;

beforeAll(async () => {
  sandbox = await startSandboxClients();
});
afterAll(() => sandbox.close());

beforeEach(async () => {
  [source, target, assets] = [
    await sandbox.bucket(),
    await sandbox.bucket(),
    await sandbox.bucket(),
  ];
  const s3 = sandbox.clients.s3();
  for (const key of KEYS) {
    await writeObject(s3, { bucket: source, key, body: key });
    await putObjectTags(s3, { bucket: source, key, tags: [{ key: 'from', value: key }] });
  }
  const body = KEYS.map(key => `${source},${key}\n`).join('');
  await writeObject(s3, { bucket: assets, key: 'manifest.csv', body });
});

/** Creates a job with the least role that we say it needs. */
async function create(operation: JobOperation): Promise<string> {
  const { clients } = sandbox;
  const manifest = await readManifest(clients.s3(), { bucket: assets, key: 'manifest.csv' });
  const place = { partition: 'aws', targets: [{ bucket: source }] };
  const report = { bucket: assets, prefix: 'reports' };
  const policy = batchRolePolicy({
    partition: 'aws',
    operation: roleOperation(operation, place),
    manifest,
    report,
  });
  roles += 1;
  const { arn } = await createBatchRole(clients, { name: `operation-${roles}`, policy });
  const input = { operation, manifest, roleArn: arn, priority: 1, description: `it's a job` };
  const { jobId } = await createJob(clients, {
    ...{ ...input, report: { ...report, scope: 'AllTasks' }, clientRequestToken: randomUUID() },
  });
  return jobId;
}

async function finished(jobId: string): Promise<Job> {
  const { clients } = sandbox;
  const look = async () => (await describeJob(clients, { jobId, justCreated: true })).status;
  await expect.poll(look).toBe('Suspended');
  await runJob(clients, { jobId });
  await expect.poll(async () => isFinal(await look())).toBe(true);
  return await describeJob(clients, { jobId });
}

describe('a job that copies', () => {
  it('can do so with the role that we make for it, tags included', async () => {
    const jobId = await create({
      name: 'S3PutObjectCopy',
      settings: {
        TargetResource: `arn:aws:s3:::${target}`,
        TargetKeyPrefix: 'copies',
        StorageClass: 'STANDARD_IA',
        MetadataDirective: 'REPLACE',
        NewObjectMetadata: { ContentType: 'text/x-copy', UserMetadata: { by: 'job' } },
      },
    });
    expect(await finished(jobId)).toMatchObject({ status: 'Complete', succeeded: 2, failed: 0 });
    const s3 = sandbox.clients.s3();
    const copy = { bucket: target, key: 'copies/a.txt' };
    expect(await getObjectTags(s3, copy)).toEqual([{ key: 'from', value: 'a.txt' }]);
    const head = await s3.send(new HeadObjectCommand({ Bucket: target, Key: copy.key }));
    expect(head).toMatchObject({
      ContentType: 'text/x-copy',
      StorageClass: 'STANDARD_IA',
      Metadata: { by: 'job' },
    });
  });

  it('is told in full, and made again from what was told, by way of JSON', async () => {
    const settings = {
      TargetResource: `arn:aws:s3:::${target}`,
      NewObjectTagging: [{ Key: 'a', Value: 'b' }],
      UnModifiedSinceConstraint: new Date('2035-01-01T00:00:00Z'),
      ChecksumAlgorithm: 'SHA256' as const,
    };
    const jobId = await create({ name: 'S3PutObjectCopy', settings });
    const { clients } = sandbox;
    const { request, does, unknownMembers } = await describeJob(clients, { jobId });
    expect(does).toEqual({ name: 'S3PutObjectCopy', settings });
    expect(unknownMembers).toEqual([]);
    const read = readRequest(JSON.parse(JSON.stringify(request)));
    expect(read).toEqual({ request, problems: [] });
    const again = await createRequestedJob(clients, {
      request: { ...read.request, ClientRequestToken: randomUUID() },
    });
    expect(again.jobId).not.toBe(jobId);
    expect((await describeJob(clients, again)).request).toEqual(request);
    expect(await finished(again.jobId)).toMatchObject({ status: 'Complete', succeeded: 2 });
  });
});

it('computes checksums with the role that we make for it', async () => {
  const jobId = await create({
    name: 'S3ComputeObjectChecksum',
    settings: { ChecksumAlgorithm: 'SHA256', ChecksumType: 'FULL_OBJECT' },
  });
  expect(await finished(jobId)).toMatchObject({ status: 'Complete', succeeded: 2, failed: 0 });
});

it('says by its name what the sandbox does not run', async () => {
  const operation: JobOperation = {
    name: 'S3PutObjectLegalHold',
    settings: { LegalHold: { Status: 'ON' } },
  };
  await expect(create(operation)).rejects.toMatchObject({
    awsCode: 'NotImplemented',
    message: expect.stringContaining('S3PutObjectLegalHold') as string,
  });
});

describe('a requested job', () => {
  const request = (change: object) => ({
    Operation: { S3DeleteObjectTagging: {} },
    Manifest: {
      Spec: {
        Format: 'S3BatchOperations_CSV_20180820' as const,
        Fields: ['Bucket' as const, 'Key' as const],
      },
      Location: { ObjectArn: `arn:aws:s3:::${assets}/manifest.csv`, ETag: 'e' },
    },
    Report: { Enabled: false },
    Priority: 1,
    RoleArn: 'arn:aws:iam::000000000000:role/r',
    ClientRequestToken: randomUUID(),
    ...change,
  });
  const wrong: readonly (readonly [string, object])[] = [
    ['another account', { AccountId: '999999999999' }],
    ['no operation', { Operation: {} }],
    ['what AWS would refuse', { Operation: { S3InitiateRestoreObject: { ExpirationInDays: 0 } } }],
    ['a priority out of bounds', { Priority: -1 }],
  ];
  it.each(wrong)('is refused for %s before it is sent', async (_, change) => {
    await expect(
      createRequestedJob(sandbox.clients, { request: request(change) }),
    ).rejects.toMatchObject({ code: 'InvalidInput' });
  });
});
