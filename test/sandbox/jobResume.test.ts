import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import {
  CreateBucketCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateJobCommand, DescribeJobCommand } from '@aws-sdk/client-s3-control';
import type { JobOperation } from '@aws-sdk/client-s3-control';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { controlClient, iamClient, waitForJob } from './controlClients.ts';
import { s3Client } from './testSandbox.ts';

const MAIN = fileURLToPath(new URL('../../src/sandbox/main.ts', import.meta.url));
const POLICY = { Version: '2012-10-17' };
/** Some tasks fail, so that both results are written. */
const OBJECTS = 1200;
const MISSING = 300;

interface Printed {
  readonly endpoint: string;
  readonly region: string;
  readonly accountId: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

let directory: string;
let child: ChildProcess | undefined;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sandbox-'));
});
afterEach(async () => {
  await kill();
  await rm(directory, { recursive: true, force: true });
});

async function start(taskDelay = 0): Promise<Printed> {
  const options = ['--data', directory, '--task-delay', String(taskDelay)];
  child = spawn(process.execPath, [MAIN, ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout! })) {
    return JSON.parse(line) as Printed;
  }
  throw new Error('The sandbox did not start.');
}

async function kill(): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

async function prepare(sandbox: Printed, Operation: JobOperation): Promise<string> {
  const s3 = s3Client(sandbox);
  const iam = iamClient(sandbox);
  await s3.send(new CreateBucketCommand({ Bucket: 'bucket' }));
  await s3.send(new CreateBucketCommand({ Bucket: 'copies' }));
  const VersioningConfiguration = { Status: 'Enabled' } as const;
  await s3.send(new PutBucketVersioningCommand({ Bucket: 'copies', VersioningConfiguration }));
  for (let start = 0; start < OBJECTS; start += 50) {
    await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        s3.send(new PutObjectCommand({ Bucket: 'bucket', Key: `k${start + index}`, Body: 'x' })),
      ),
    );
  }
  // Every fifth row is of a key that is not there.
  const rows = Array.from({ length: OBJECTS + MISSING }, (_, index) =>
    index % 5 === 4 ? `missing${index}` : `k${index - Math.floor(index / 5)}`,
  );
  const Body = rows.map(key => `bucket,${key}\n`).join('');
  const { ETag } = await s3.send(
    new PutObjectCommand({ Bucket: 'bucket', Key: 'manifest.csv', Body }),
  );
  const trust = {
    Effect: 'Allow',
    Principal: { Service: 'batchoperations.s3.amazonaws.com' },
    Action: 'sts:AssumeRole',
  };
  const all = { Effect: 'Allow', Action: 's3:*', Resource: '*' };
  const role = await iam.send(
    new CreateRoleCommand({
      RoleName: 'batch',
      AssumeRolePolicyDocument: JSON.stringify({ ...POLICY, Statement: trust }),
    }),
  );
  const PolicyDocument = JSON.stringify({ ...POLICY, Statement: all });
  await iam.send(
    new PutRolePolicyCommand({ RoleName: 'batch', PolicyName: 'all', PolicyDocument }),
  );
  const { JobId } = await controlClient(sandbox).send(
    new CreateJobCommand({
      AccountId: sandbox.accountId,
      Operation,
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
        ReportScope: 'AllTasks',
      },
      RoleArn: role.Role!.Arn,
      Priority: 1,
      ConfirmationRequired: false,
    }),
  );
  return JobId!;
}

/** Runs a job while the sandbox is killed again and again; answers the sandbox that ends it. */
async function runKilled(Operation: JobOperation): Promise<{ sandbox: Printed; JobId: string }> {
  let sandbox = await start(5);
  const JobId = await prepare(sandbox, Operation);
  const ask = { AccountId: sandbox.accountId, JobId };
  const done = async (): Promise<number> => {
    const { Job } = await controlClient(sandbox).send(new DescribeJobCommand(ask));
    const { NumberOfTasksSucceeded = 0, NumberOfTasksFailed = 0 } = Job!.ProgressSummary!;
    return NumberOfTasksSucceeded + NumberOfTasksFailed;
  };
  // Killed just after it was created, in the middle twice, and while it runs at full speed.
  let before = 0;
  for (const target of [0, 50, 200]) {
    while ((await done()) < target) await new Promise(resolve => setTimeout(resolve, 5));
    await kill();
    sandbox = await start(5);
    const after = await done();
    expect(after).toBeGreaterThanOrEqual(Math.max(before, target));
    expect(after).toBeLessThan(OBJECTS + MISSING);
    before = after;
  }
  await kill();
  await start();
  await kill();
  sandbox = await start();
  const job = await waitForJob(controlClient(sandbox), ask);
  expect(job).toMatchObject({
    Status: 'Complete',
    ProgressSummary: {
      TotalNumberOfTasks: OBJECTS + MISSING,
      NumberOfTasksSucceeded: OBJECTS,
      NumberOfTasksFailed: MISSING,
    },
  });
  await expectWholeReport(sandbox, JobId);
  return { sandbox, JobId };
}

async function expectWholeReport(sandbox: Printed, JobId: string): Promise<void> {
  const s3 = s3Client(sandbox);
  const read = async (Key: string): Promise<string> => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'bucket', Key }));
    return Body!.transformToString();
  };
  const report = JSON.parse(await read(`job-${JobId}/manifest.json`)) as {
    Results: { Key: string; TaskExecutionStatus: string }[];
  };
  const keys = new Map<string, string[]>();
  for (const { Key, TaskExecutionStatus } of report.Results) {
    keys.set(
      TaskExecutionStatus,
      parse(await read(Key)).map(row => row[1]!),
    );
  }
  for (const [status, count] of [
    ['succeeded', OBJECTS],
    ['failed', MISSING],
  ] as const) {
    expect(keys.get(status)).toHaveLength(count);
    expect(new Set(keys.get(status)).size).toBe(count);
  }
}

it('loses no task and reports none twice when it is killed again and again', async () => {
  const { sandbox } = await runKilled({
    S3PutObjectTagging: { TagSet: [{ Key: 'done', Value: 'yes' }] },
  });
  for (const Key of ['k0', `k${OBJECTS - 1}`]) {
    const command = new GetObjectTaggingCommand({ Bucket: 'bucket', Key });
    const { TagSet } = await s3Client(sandbox).send(command);
    expect(TagSet).toEqual([{ Key: 'done', Value: 'yes' }]);
  }
}, 120_000);

it('copies no object twice when it is killed again and again', async () => {
  const { sandbox } = await runKilled({
    S3PutObjectCopy: { TargetResource: 'arn:aws:s3:::copies' },
  });
  const keys: (string | undefined)[] = [];
  let KeyMarker: string | undefined;
  do {
    const command = new ListObjectVersionsCommand({ Bucket: 'copies', KeyMarker });
    const { Versions = [], NextKeyMarker } = await s3Client(sandbox).send(command);
    keys.push(...Versions.map(({ Key }) => Key));
    KeyMarker = NextKeyMarker;
  } while (KeyMarker !== undefined);
  expect(keys).toHaveLength(OBJECTS);
  expect(new Set(keys).size).toBe(OBJECTS);
}, 120_000);
