import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import {
  CreateJobCommand,
  DescribeJobCommand,
  UpdateJobPriorityCommand,
  UpdateJobStatusCommand,
} from '@aws-sdk/client-s3-control';
import type { CreateJobCommandInput, S3ControlClient } from '@aws-sdk/client-s3-control';
import {
  DeleteFunctionConcurrencyCommand,
  PutFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { controlClient, waitForJob } from './controlClients.ts';
import type { JobDescriptor } from './controlClients.ts';
import { FunctionWorld } from './functionWorld.ts';
import type { TestSandbox } from './testSandbox.ts';
import { startTestSandbox } from './testSandbox.ts';

const Bucket = 'bucket';
const STORE = { Effect: 'Allow', Action: 's3:*', Resource: '*' };
/** Does what the key asks for: of each task it is the function of the tests. */
const CODE = `
const { existsSync } = require('node:fs');
let calls = {};
exports.handler = async event => {
  record(event);
  const [task] = event.tasks;
  const key = decodeURIComponent(task.s3Key);
  calls[key] = (calls[key] ?? 0) + 1;
  const answer = (resultCode, resultString, more) => ({
    invocationSchemaVersion: event.invocationSchemaVersion,
    treatMissingKeysAs: 'PermanentFailure',
    invocationId: event.invocationId,
    results: [{ taskId: task.taskId, resultCode, resultString }],
    ...more,
  });
  if (key === 'throws') throw new TypeError('no "picture", sorry');
  if (key === 'hangs') await new Promise(resolve => setTimeout(resolve, 60_000));
  if (key === 'dies') process.exit(1);
  if (key === 'rubbish') return { results: [{ outcome: 'resized' }] };
  if (key === 'permanent') return answer('PermanentFailure', 'never, "ever"\\nagain');
  if (key === 'temporary') return answer('TemporaryFailure', 'later');
  if (key === 'twice') return calls[key] > 2 ? answer('Succeeded', 'at last') : answer('TemporaryFailure', '');
  if (key === 'missing') return answer('', '', { results: [], treatMissingKeysAs: 'Succeeded' });
  while (key === 'gated' && !existsSync(process.env.GATE)) await new Promise(resolve => setTimeout(resolve, 20));
  return answer('Succeeded', 'did ' + key);
};`;

let test: TestSandbox;
let world: FunctionWorld;
let control: S3ControlClient;
let AccountId: string;
let FunctionArn: string;
let RoleArn: string;

beforeAll(async () => {
  test = await startTestSandbox();
  world = await FunctionWorld.open(test.sandbox);
  control = controlClient(test.sandbox);
  AccountId = test.sandbox.accountId;
  await test.s3.send(new CreateBucketCommand({ Bucket }));
  // One of them hangs; the others need moments, and more on a busy machine.
  FunctionArn = await world.create('batch-task', CODE, { Timeout: 4 });
  const invoke = { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: FunctionArn };
  RoleArn = await world.role('job', 'batchoperations.s3.amazonaws.com', [STORE, invoke]);
});
afterAll(async () => {
  await world.close();
  await test.close();
});

async function create(
  keys: readonly string[],
  changes: Partial<CreateJobCommandInput> = {},
): Promise<string> {
  const Body = keys.map(key => `${Bucket},${key}\n`).join('');
  const { ETag } = await test.s3.send(new PutObjectCommand({ Bucket, Key: 'm.csv', Body }));
  const { JobId } = await control.send(
    new CreateJobCommand({
      AccountId,
      Operation: { LambdaInvoke: { FunctionArn } },
      Manifest: {
        Spec: { Format: 'S3BatchOperations_CSV_20180820', Fields: ['Bucket', 'Key'] },
        Location: { ObjectArn: `arn:aws:s3:::${Bucket}/m.csv`, ETag: ETag!.replaceAll('"', '') },
      },
      Report: {
        Enabled: true,
        Bucket: `arn:aws:s3:::${Bucket}`,
        Format: 'Report_CSV_20180820',
        ReportScope: 'AllTasks',
      },
      RoleArn,
      Priority: 10,
      ConfirmationRequired: false,
      ...changes,
    }),
  );
  // The manifest of the next job has another ETag.
  await waitForJob(control, { AccountId, JobId }, 'Suspended', 'Ready', 'Active');
  return JobId!;
}

const end = (JobId: string): Promise<JobDescriptor> => waitForJob(control, { AccountId, JobId });

/** The rows of a job's report by key, without bucket, key and version. */
async function rowsOf(JobId: string): Promise<Record<string, string[]>> {
  const read = async (Key: string): Promise<string> => {
    const { Body } = await test.s3.send(new GetObjectCommand({ Bucket, Key }));
    return Body!.transformToString();
  };
  const { Results } = JSON.parse(await read(`job-${JobId}/manifest.json`)) as {
    Results: { Key: string }[];
  };
  const files = await Promise.all(Results.map(({ Key }) => read(Key)));
  const rows = files.flatMap(text => parse(text));
  return Object.fromEntries(rows.map(([, key, , ...rest]) => [key!, rest]));
}

describe('a job that invokes a function', () => {
  it('reports what the function says of each object', async () => {
    const keys = ['a', 'b%20c', 'permanent', 'twice', 'missing', 'rubbish', 'throws'];
    const job = create([...keys, 'temporary', 'hangs', 'dies']);
    const { Status, ProgressSummary, FailureReasons } = await end(await job);
    expect(FailureReasons ?? []).toEqual([]);
    expect(Status).toBe('Complete');
    expect(ProgressSummary).toMatchObject({ NumberOfTasksSucceeded: 4, NumberOfTasksFailed: 6 });
    const rows = await rowsOf(await job);
    const failed = (row: string[] | undefined): string[] => {
      expect(row!.slice(0, 3)).toEqual(['failed', '200', 'PermanentFailure']);
      return row!;
    };
    expect(rows).toMatchObject({
      a: ['succeeded', '200', '', 'did a'],
      'b%20c': ['succeeded', '200', '', 'did b c'],
      twice: ['succeeded', '200', '', 'at last'],
      missing: ['succeeded', '200', '', expect.any(String)],
      permanent: ['failed', '200', 'PermanentFailure', 'never, "ever"\nagain'],
      temporary: ['failed', '200', 'TemporaryFailure', 'later'],
      rubbish: ['failed', '200', 'PermanentFailure', 'Invalid JSON returned in Lambda payload'],
    });
    expect(failed(rows['throws'])[3]).toMatch(
      /^Lambda returned function error: \{"errorType":"TypeError","errorMessage":"no \\"picture\\", sorry"/,
    );
    expect(failed(rows['hangs'])[3]).toMatch(
      /function error: .*Task timed out after 4\.00 seconds/,
    );
    expect(failed(rows['dies'])[3]).toMatch(/function error: .*Runtime exited/);
  });

  it('sends what AWS sends, in both schemas', async () => {
    const before = (await world.recorded('batch-task')).length;
    const first = await create(['x%2By%20z/1']);
    await end(first);
    const second = await create(['x%2By%20z/1'], {
      Operation: {
        LambdaInvoke: {
          FunctionArn,
          InvocationSchemaVersion: '2.0',
          UserArguments: { width: '100' },
        },
      },
    });
    await end(second);
    const events = (await world.recorded('batch-task')).slice(before).map(({ event }) => event);
    const string = expect.stringMatching(/^.{8,}$/) as string;
    const task = { taskId: string, s3Key: 'x%2By%20z/1', s3VersionId: null };
    expect(events).toEqual([
      {
        invocationSchemaVersion: '1.0',
        invocationId: string,
        job: { id: first },
        tasks: [{ ...task, s3BucketArn: `arn:aws:s3:::${Bucket}` }],
      },
      {
        invocationSchemaVersion: '2.0',
        invocationId: string,
        job: { id: second, userArguments: { width: '100' } },
        tasks: [{ ...task, s3Bucket: Bucket }],
      },
    ]);
  });

  it('may invoke only what its role may', async () => {
    const role = await world.role('no-invoke', 'batchoperations.s3.amazonaws.com', [STORE]);
    const JobId = await create(['a'], { RoleArn: role });
    expect(await end(JobId)).toMatchObject({ Status: 'Complete' });
    const rows = await rowsOf(JobId);
    expect(rows['a']!.slice(0, 3)).toEqual(['failed', '403', 'AccessDenied']);
    expect(rows['a']![3]).toContain('is not authorized to perform: lambda:InvokeFunction');
  });

  it('fails the tasks of a function that is not there', async () => {
    const role = await world.role('any-invoke', 'batchoperations.s3.amazonaws.com', [
      STORE,
      { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: '*' },
    ]);
    const Operation = {
      LambdaInvoke: { FunctionArn: FunctionArn.replace('batch-task', 'nobody') },
    };
    const JobId = await create(['a'], { RoleArn: role, Operation });
    await end(JobId);
    const rows = await rowsOf(JobId);
    expect(rows['a']!.slice(0, 3)).toEqual(['failed', '404', 'ResourceNotFoundException']);
  });

  it('runs side by side, tries what was throttled again, and reports all once', async () => {
    const concurrency = { FunctionName: 'batch-task', ReservedConcurrentExecutions: 1 };
    await world.lambda.send(new PutFunctionConcurrencyCommand(concurrency));
    const keys = ['slow', ...Array.from({ length: 40 }, (_, index) => `k${index}`)];
    const JobId = await create(keys);
    await end(JobId);
    await world.lambda.send(new DeleteFunctionConcurrencyCommand(concurrency));
    const rows = await rowsOf(JobId);
    expect(Object.keys(rows).toSorted()).toEqual(keys.toSorted());
    expect(Object.values(rows).every(([status]) => status === 'succeeded')).toBe(true);
  });

  it('fails when more than half of a thousand tasks fail', async () => {
    const role = await world.role('never', 'batchoperations.s3.amazonaws.com', [STORE]);
    const keys = Array.from({ length: 1200 }, () => 'a');
    const JobId = await create(keys, { RoleArn: role });
    const job = await waitForJob(control, { AccountId, JobId });
    expect(job.Status).toBe('Failed');
    // What was under way at that moment may be counted too.
    expect(job.ProgressSummary!.NumberOfTasksFailed).toBeGreaterThanOrEqual(1000);
    expect(job.ProgressSummary!.NumberOfTasksFailed).toBeLessThan(1100);
    expect(job.FailureReasons).toMatchObject([{ FailureCode: 'TaskFailureThresholdExceeded' }]);
  });

  it('is cancelled at once, though a function hangs', async () => {
    const name = 'hanging-task';
    const FunctionArn = await world.create(name, CODE, { Timeout: 60 });
    const invoke = { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: FunctionArn };
    const role = await world.role('hanging-job', 'batchoperations.s3.amazonaws.com', [
      STORE,
      invoke,
    ]);
    const JobId = await create(['a', ...Array.from({ length: 50 }, () => 'hangs')], {
      Operation: { LambdaInvoke: { FunctionArn } },
      RoleArn: role,
    });
    const progress = async () =>
      (await control.send(new DescribeJobCommand({ AccountId, JobId }))).Job!.ProgressSummary!;
    while ((await progress()).NumberOfTasksSucceeded === 0) {
      await new Promise(resolve => setTimeout(resolve, 5));
    }
    const started = performance.now();
    const cancel = { AccountId, JobId, RequestedJobStatus: 'Cancelled' as const };
    await control.send(new UpdateJobStatusCommand(cancel));
    expect(await end(JobId)).toMatchObject({ Status: 'Cancelled' });
    expect(performance.now() - started).toBeLessThan(10_000);
    expect((await rowsOf(JobId))['a']).toEqual(['succeeded', '200', '', 'did a']);
  });

  it('gives its place to a job of higher priority and goes on', async () => {
    const name = 'gated-task';
    const gate = join(test.directory, 'gate');
    const FunctionArn = await world.create(name, CODE, {
      Timeout: 60,
      Environment: { Variables: { GATE: gate } },
    });
    const invoke = { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: FunctionArn };
    const role = await world.role('gated-job', 'batchoperations.s3.amazonaws.com', [STORE, invoke]);
    const operation = { Operation: { LambdaInvoke: { FunctionArn } }, RoleArn: role, Priority: 1 };
    const slow = Array.from({ length: availableParallelism() + 20 }, () => 'gated');
    const low = await create(slow, operation);
    await waitForJob(control, { AccountId, JobId: low }, 'Active');
    await world.untilRecorded(name, 1);
    const high = await create(['a'], operation);
    await control.send(new UpdateJobPriorityCommand({ AccountId, JobId: high, Priority: 5 }));
    await writeFile(gate, '');
    await end(high);
    const { Job } = await control.send(new DescribeJobCommand({ AccountId, JobId: low }));
    expect(Job!.ProgressSummary!.NumberOfTasksSucceeded).toBeLessThan(slow.length);
    expect(await end(low)).toMatchObject({ Status: 'Complete' });
    // None was invoked twice for the pause.
    expect(await world.recorded(name)).toHaveLength(slow.length + 1);
  });
});
