import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateJobCommand,
  DeleteJobTaggingCommand,
  DescribeJobCommand,
  GetJobTaggingCommand,
  GetPublicAccessBlockCommand,
  ListJobsCommand,
  PutJobTaggingCommand,
  UpdateJobPriorityCommand,
  UpdateJobStatusCommand,
} from '@aws-sdk/client-s3-control';
import type {
  CreateJobCommandInput,
  JobManifestGeneratorFilter,
  S3ControlClient,
} from '@aws-sdk/client-s3-control';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { controlClient, iamClient, waitForJob } from './controlClients.ts';
import { failure, startTestSandbox } from './testSandbox.ts';
import type { TestSandbox } from './testSandbox.ts';

const FunctionArn = 'arn:aws:lambda:us-east-1:123456789012:function:resize';
let test: TestSandbox;
let control: S3ControlClient;
let AccountId: string;
let input: CreateJobCommandInput;

beforeAll(async () => {
  test = await startTestSandbox();
  control = controlClient(test.sandbox);
  AccountId = test.sandbox.accountId;
  await test.s3.send(new CreateBucketCommand({ Bucket: 'bucket' }));
  for (const Key of ['a.png', 'b.png']) {
    await test.s3.send(new PutObjectCommand({ Bucket: 'bucket', Key, Body: Key }));
  }
  const manifest = { Bucket: 'bucket', Key: 'manifest.csv', Body: 'bucket,a.png\nbucket,b.png\n' };
  const { ETag } = await test.s3.send(new PutObjectCommand(manifest));
  const iam = iamClient(test.sandbox);
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName: 'batch',
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: {
          Effect: 'Allow',
          Principal: { Service: 'batchoperations.s3.amazonaws.com' },
          Action: 'sts:AssumeRole',
        },
      }),
    }),
  );
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: 'batch',
      PolicyName: 'all',
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' },
      }),
    }),
  );
  input = {
    AccountId,
    Operation: { S3PutObjectTagging: { TagSet: [{ Key: 'k', Value: 'v' }] } },
    Manifest: {
      Spec: { Format: 'S3BatchOperations_CSV_20180820', Fields: ['Bucket', 'Key'] },
      Location: {
        ObjectArn: 'arn:aws:s3:::bucket/manifest.csv',
        ETag: ETag!.replaceAll('"', ''),
      },
    },
    Report: {
      Enabled: true,
      Bucket: 'arn:aws:s3:::bucket',
      Format: 'Report_CSV_20180820',
      Prefix: 'reports',
      ReportScope: 'AllTasks',
    },
    RoleArn: Role!.Arn,
    Priority: 10,
    ConfirmationRequired: true,
    Description: 'tag them',
  };
});
afterAll(() => test.close());

const create = (changes: Partial<CreateJobCommandInput> = {}) =>
  control.send(new CreateJobCommand({ ...input, ...changes }));
const suspended = async (changes: Partial<CreateJobCommandInput> = {}): Promise<string> => {
  const { JobId } = await create(changes);
  await waitForJob(control, { AccountId, JobId }, 'Suspended');
  return JobId!;
};
const setStatus = (JobId: string, RequestedJobStatus: 'Ready' | 'Cancelled', reason?: string) =>
  control.send(
    new UpdateJobStatusCommand({
      AccountId,
      JobId,
      RequestedJobStatus,
      StatusUpdateReason: reason,
    }),
  );

const generator = (Filter: JobManifestGeneratorFilter, EnableManifestOutput = false) => ({
  S3JobManifestGenerator: { SourceBucket: 'arn:aws:s3:::bucket', EnableManifestOutput, Filter },
});
const generated = (filter: JobManifestGeneratorFilter, output = false) => ({
  Manifest: undefined,
  ManifestGenerator: generator(filter, output),
});

describe('DescribeJob', () => {
  it('gives back what a manifest is made by, and where it is', async () => {
    const generator = {
      SourceBucket: 'arn:aws:s3:::bucket',
      EnableManifestOutput: true,
      ManifestOutputLocation: {
        Bucket: 'arn:aws:s3:::bucket',
        ManifestPrefix: 'manifests',
        ManifestFormat: 'S3InventoryReport_CSV_20211130' as const,
        ManifestEncryption: { SSES3: {} },
      },
      Filter: {
        CreatedAfter: new Date(1000),
        CreatedBefore: new Date('2100-01-01'),
        KeyNameConstraint: {
          MatchAnyPrefix: ['a'],
          MatchAnySuffix: ['.png'],
          MatchAnySubstring: ['.'],
        },
        ObjectSizeGreaterThanBytes: 1,
        ObjectSizeLessThanBytes: 100,
        MatchAnyStorageClass: ['STANDARD' as const],
        ObjectReplicationStatuses: ['NONE' as const],
        MatchAnyObjectEncryption: [{ SSES3: {} }],
      },
    };
    const JobId = await suspended({
      Manifest: undefined,
      ManifestGenerator: { S3JobManifestGenerator: generator },
    });
    const { Job } = await control.send(new DescribeJobCommand({ AccountId, JobId }));
    expect(Job!.Manifest).toBeUndefined();
    expect(Job!.ManifestGenerator).toEqual({ S3JobManifestGenerator: generator });
    expect(Job!.ProgressSummary!.TotalNumberOfTasks).toBe(1);
    const { Format, Location } = Job!.GeneratedManifestDescriptor!;
    expect(Format).toBe('S3InventoryReport_CSV_20211130');
    // What was made can be given to another job.
    const again = await suspended({
      Manifest: {
        Spec: { Format: 'S3InventoryReport_CSV_20161130' },
        Location: { ObjectArn: Location!.ObjectArn, ETag: Location!.ETag },
      },
    });
    const other = await control.send(new DescribeJobCommand({ AccountId, JobId: again }));
    expect(other.Job!.ProgressSummary!.TotalNumberOfTasks).toBe(1);
  });

  it('gives back what a job invokes', async () => {
    const LambdaInvoke = {
      FunctionArn,
      InvocationSchemaVersion: '2.0',
      UserArguments: { width: '100', note: '<&>' },
    };
    const JobId = await suspended({ Operation: { LambdaInvoke } });
    const { Job } = await control.send(new DescribeJobCommand({ AccountId, JobId }));
    expect(Job!.Operation).toEqual({ LambdaInvoke });
  });

  it('gives back what was asked for', async () => {
    const JobId = await suspended();
    const { Job } = await control.send(new DescribeJobCommand({ AccountId, JobId }));
    expect(Job).toMatchObject({
      JobId,
      JobArn: `arn:aws:s3:us-east-1:${AccountId}:job/${JobId}`,
      Status: 'Suspended',
      SuspendedCause: 'AWAITING_CONFIRMATION',
      ConfirmationRequired: true,
      Description: 'tag them',
      Priority: 10,
      Operation: input.Operation,
      Manifest: input.Manifest,
      Report: input.Report,
      RoleArn: input.RoleArn,
      ProgressSummary: { TotalNumberOfTasks: 2, NumberOfTasksSucceeded: 0, NumberOfTasksFailed: 0 },
    });
    expect(Job?.CreationTime).toBeInstanceOf(Date);
    expect(Job?.SuspendedDate).toBeInstanceOf(Date);
    expect(Job?.TerminationDate).toBeUndefined();
  });

  it('does not know a job that is not there', async () => {
    const call = control.send(new DescribeJobCommand({ AccountId, JobId: 'no-such-job' }));
    expect(await failure(call)).toMatchObject({
      name: 'NoSuchJob',
      status: 404,
      message: 'The specified job does not exist',
    });
  });
});

describe('CreateJob', () => {
  it('runs at once when no confirmation is required', async () => {
    const { JobId } = await create({ ConfirmationRequired: false, Report: { Enabled: false } });
    const job = await waitForJob(control, { AccountId, JobId });
    expect(job).toMatchObject({ Status: 'Complete', Report: { Enabled: false } });
    expect(job.TerminationDate).toBeInstanceOf(Date);
    expect(job.FailureReasons).toBeUndefined();
  });

  it('makes one job of a repeated request, and refuses another with the same token', async () => {
    const ClientRequestToken = 'once';
    const first = await create({ ClientRequestToken });
    const second = await create({ ClientRequestToken });
    expect(second.JobId).toBe(first.JobId);
    expect(await failure(create({ ClientRequestToken, Priority: 11 }))).toMatchObject({
      name: 'IdempotencyException',
      status: 400,
    });
  });

  it.each<[string, () => Partial<CreateJobCommandInput>, string, number]>([
    ['no operation', () => ({ Operation: {} }), 'InvalidRequest', 400],
    [
      'two operations',
      () => ({
        Operation: { S3DeleteObjectTagging: {}, S3PutObjectTagging: { TagSet: [] } },
      }),
      'InvalidRequest',
      400,
    ],
    ['no manifest', () => ({ Manifest: undefined }), 'InvalidRequest', 400],
    [
      'an unknown field',
      () => ({
        Manifest: {
          ...input.Manifest!,
          Spec: { Format: 'S3BatchOperations_CSV_20180820', Fields: ['Bucket', 'Name' as 'Key'] },
        },
      }),
      'InvalidRequest',
      400,
    ],
    ['an empty description', () => ({ Description: '' }), 'InvalidRequest', 400],
    ['a negative priority', () => ({ Priority: -1 }), 'InvalidRequest', 400],
    ['a report without a bucket', () => ({ Report: { Enabled: true } }), 'InvalidRequest', 400],
    ['no role ARN', () => ({ RoleArn: 'batch' }), 'InvalidRequest', 400],
    [
      'a role that is not there',
      () => ({ RoleArn: input.RoleArn!.replace('batch', 'nobody') }),
      'InvalidRequest',
      400,
    ],
    [
      "another account's role",
      () => ({ RoleArn: 'arn:aws:iam::999999999999:role/batch' }),
      'AccessDenied',
      403,
    ],
    [
      'a tag key twice',
      () => ({
        Operation: {
          S3PutObjectTagging: {
            TagSet: [
              { Key: 'a', Value: '1' },
              { Key: 'a', Value: '2' },
            ],
          },
        },
      }),
      'InvalidTag',
      400,
    ],
    [
      'an operation of a later day',
      () => ({ Operation: { S3ReplicateObject: {} } }),
      'NotImplemented',
      501,
    ],
    [
      'a function that is none',
      () => ({ Operation: { LambdaInvoke: { FunctionArn: 'arn:aws:lambda:x' } } }),
      'InvalidRequest',
      400,
    ],
    [
      'a schema that Lambda has not',
      () => ({ Operation: { LambdaInvoke: { FunctionArn, InvocationSchemaVersion: '3.0' } } }),
      'InvalidRequest',
      400,
    ],
    [
      'arguments in schema 1.0',
      () => ({ Operation: { LambdaInvoke: { FunctionArn, UserArguments: { width: '100' } } } }),
      'InvalidRequest',
      400,
    ],
    [
      'eleven arguments',
      () => ({
        Operation: {
          LambdaInvoke: {
            FunctionArn,
            InvocationSchemaVersion: '2.0',
            UserArguments: Object.fromEntries(
              Array.from({ length: 11 }, (_, index) => [`a${index}`, '']),
            ),
          },
        },
      }),
      'InvalidRequest',
      400,
    ],
    [
      'a manifest and a generator',
      () => ({ ManifestGenerator: generator({}) }),
      'InvalidRequest',
      400,
    ],
    ['the output of a manifest to nowhere', () => generated({}, true), 'InvalidRequest', 400],
    [
      'two prefixes',
      () => generated({ KeyNameConstraint: { MatchAnyPrefix: ['a', 'b'] } }),
      'InvalidRequest',
      400,
    ],
    [
      'a filter by replication rules',
      () => generated({ EligibleForReplication: true }),
      'NotImplemented',
      501,
    ],
    ['another account', () => ({ AccountId: '999999999999' }), 'AccessDenied', 403],
  ])('refuses %s', async (_what, changes, name, status) => {
    expect(await failure(create(changes()))).toMatchObject({ name, status });
  });
});

describe('UpdateJobStatus and UpdateJobPriority', () => {
  it('confirm, cancel, and refuse what is not possible any more', async () => {
    const JobId = await suspended();
    expect(await setStatus(JobId, 'Ready', 'go on, & run')).toMatchObject({
      JobId,
      Status: 'Ready',
      StatusUpdateReason: 'go on, & run',
    });
    expect(await waitForJob(control, { AccountId, JobId })).toMatchObject({
      Status: 'Complete',
      StatusUpdateReason: 'go on, & run',
    });
    for (const status of ['Ready', 'Cancelled'] as const) {
      expect(await failure(setStatus(JobId, status))).toMatchObject({
        name: 'JobStatusException',
        status: 400,
      });
    }
    const priority = new UpdateJobPriorityCommand({ AccountId, JobId, Priority: 1 });
    expect(await failure(control.send(priority))).toMatchObject({ name: 'InvalidRequest' });
  });

  it('cancel a job that waits', async () => {
    const JobId = await suspended();
    await setStatus(JobId, 'Cancelled');
    const job = await waitForJob(control, { AccountId, JobId });
    expect(job).toMatchObject({
      Status: 'Cancelled',
      ProgressSummary: { NumberOfTasksSucceeded: 0, TotalNumberOfTasks: 2 },
    });
  });

  it('set the priority', async () => {
    const JobId = await suspended();
    const answer = await control.send(
      new UpdateJobPriorityCommand({ AccountId, JobId, Priority: 2_147_483_647 }),
    );
    expect(answer).toMatchObject({ JobId, Priority: 2_147_483_647 });
    const { Job } = await control.send(new DescribeJobCommand({ AccountId, JobId }));
    expect(Job?.Priority).toBe(2_147_483_647);
  });
});

describe('ListJobs', () => {
  it('lists newest first, by status, in pages', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 5; index += 1) ids.unshift(await suspended());
    const found: (string | undefined)[] = [];
    let NextToken: string | undefined;
    do {
      const page: { Jobs?: { JobId?: string }[]; NextToken?: string } = await control.send(
        new ListJobsCommand({ AccountId, JobStatuses: ['Suspended'], MaxResults: 2, NextToken }),
      );
      expect(page.Jobs!.length).toBeLessThanOrEqual(2);
      found.push(...page.Jobs!.map(job => job.JobId));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(found.slice(0, 5)).toEqual(ids);
    const { Jobs = [] } = await control.send(
      new ListJobsCommand({ AccountId, JobStatuses: ['Complete', 'Cancelled'] }),
    );
    expect(new Set(Jobs.map(job => job.Status))).toEqual(new Set(['Complete', 'Cancelled']));
    expect(Jobs[0]).toMatchObject({
      Operation: 'S3PutObjectTagging',
      Description: 'tag them',
      Priority: 10,
      ProgressSummary: { TotalNumberOfTasks: 2 },
    });
  });

  it('refuses a token of no answer', async () => {
    const call = control.send(new ListJobsCommand({ AccountId, NextToken: 'x' }));
    expect(await failure(call)).toMatchObject({ name: 'InvalidNextTokenException', status: 400 });
  });
});

describe('tags of jobs', () => {
  it('are given with the job, replaced and deleted', async () => {
    const JobId = await suspended({ Tags: [{ Key: 'team', Value: 'photo' }] });
    const read = () => control.send(new GetJobTaggingCommand({ AccountId, JobId }));
    expect((await read()).Tags).toEqual([{ Key: 'team', Value: 'photo' }]);
    const Tags = [
      { Key: 'a', Value: '1 + 2' },
      { Key: 'b', Value: '' },
    ];
    await control.send(new PutJobTaggingCommand({ AccountId, JobId, Tags }));
    expect((await read()).Tags).toEqual(Tags);
    await control.send(new DeleteJobTaggingCommand({ AccountId, JobId }));
    expect((await read()).Tags).toEqual([]);
    const many = Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: '' }));
    const call = new PutJobTaggingCommand({ AccountId, JobId, Tags: many });
    expect(await failure(control.send(call))).toMatchObject({
      name: 'TooManyTagsException',
      status: 400,
    });
  });
});

it('says what it has not', async () => {
  expect(await failure(control.send(new GetPublicAccessBlockCommand({ AccountId })))).toMatchObject(
    {
      name: 'NotImplemented',
      status: 501,
    },
  );
});
