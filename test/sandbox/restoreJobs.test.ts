// Against S3 Control's API reference (S3InitiateRestoreObjectOperation) and the user guide's "Restore
// objects with Batch Operations": a task is done when its restore has begun.
import {
  CreateBucketCommand,
  HeadObjectCommand,
  PutObjectCommand,
  RestoreObjectCommand,
} from '@aws-sdk/client-s3';
import type { StorageClass } from '@aws-sdk/client-s3';
import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateJobCommand } from '@aws-sdk/client-s3-control';
import type { S3ControlClient, S3InitiateRestoreObjectOperation } from '@aws-sdk/client-s3-control';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { controlClient, iamClient, waitForJob } from './controlClients.ts';
import type { TestSandbox } from './testSandbox.ts';
import { failure, startTestSandbox } from './testSandbox.ts';

const Bucket = 'vault';
let test: TestSandbox;
let control: S3ControlClient;
let RoleArn: string | undefined;

beforeAll(async () => {
  test = await startTestSandbox();
  control = controlClient(test.sandbox);
  await test.s3.send(new CreateBucketCommand({ Bucket }));
  const iam = iamClient(test.sandbox);
  const RoleName = 'thaw';
  const Version = '2012-10-17';
  const Principal = { Service: 'batchoperations.s3.amazonaws.com' };
  const trust = { Effect: 'Allow', Principal, Action: 'sts:AssumeRole' };
  const AssumeRolePolicyDocument = JSON.stringify({ Version, Statement: trust });
  const role = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  RoleArn = role.Role?.Arn;
  const Statement = {
    Effect: 'Allow',
    Action: ['s3:GetObject', 's3:RestoreObject'],
    Resource: `arn:aws:s3:::${Bucket}/*`,
  };
  const PolicyDocument = JSON.stringify({ Version, Statement });
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'p', PolicyDocument }));
  iam.destroy();
});
afterAll(async () => {
  control.destroy();
  await test.close();
});

async function put(Key: string, storage: StorageClass): Promise<void> {
  await test.s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x', StorageClass: storage }));
}

async function createJob(
  keys: readonly string[],
  S3InitiateRestoreObject: S3InitiateRestoreObjectOperation,
): Promise<string | undefined> {
  const Body = keys.map(key => `${Bucket},${key}\n`).join('');
  const { ETag } = await test.s3.send(new PutObjectCommand({ Bucket, Key: 'manifest.csv', Body }));
  const { JobId } = await control.send(
    new CreateJobCommand({
      AccountId: test.sandbox.accountId,
      ConfirmationRequired: false,
      Operation: { S3InitiateRestoreObject },
      Manifest: {
        Spec: { Format: 'S3BatchOperations_CSV_20180820', Fields: ['Bucket', 'Key'] },
        Location: {
          ObjectArn: `arn:aws:s3:::${Bucket}/manifest.csv`,
          ETag: ETag?.replaceAll('"', ''),
        },
      },
      Report: { Enabled: false },
      Priority: 1,
      RoleArn,
    }),
  );
  return JobId;
}

const restoreOf = async (Key: string): Promise<string | undefined> =>
  (await test.s3.send(new HeadObjectCommand({ Bucket, Key }))).Restore;

it('begins to restore every archived object of its manifest', async () => {
  await put('glacier', 'GLACIER');
  await put('deep', 'DEEP_ARCHIVE');
  await put('warm', 'STANDARD');
  await put('asked', 'GLACIER');
  const Days = 1;
  await test.s3.send(new RestoreObjectCommand({ Bucket, Key: 'asked', RestoreRequest: { Days } }));
  const operation = { ExpirationInDays: 2, GlacierJobTier: 'BULK' } as const;
  const JobId = await createJob(['glacier', 'deep', 'warm', 'asked'], operation);
  const job = await waitForJob(control, { AccountId: test.sandbox.accountId, JobId });
  expect(job.FailureReasons).toBeUndefined();
  expect(job.Operation?.S3InitiateRestoreObject).toEqual(operation);
  // An object that is not archived, and a restore that is under way, are failures of their tasks.
  expect(job.ProgressSummary).toMatchObject({
    NumberOfTasksSucceeded: 2,
    NumberOfTasksFailed: 2,
  });
  expect(await restoreOf('glacier')).toBe('ongoing-request="true"');
  expect(await restoreOf('deep')).toBe('ongoing-request="true"');
  expect(await restoreOf('warm')).toBeUndefined();
});

it.each([
  ['no days', {}],
  ['no day', { ExpirationInDays: 0 }],
  ['the tier that jobs have not', { ExpirationInDays: 1, GlacierJobTier: 'EXPEDITED' as 'BULK' }],
])('is refused with %s', async (_what, operation) => {
  expect((await failure(createJob(['glacier'], operation))).status).toBe(400);
});
