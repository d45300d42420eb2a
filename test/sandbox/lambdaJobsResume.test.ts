import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { CreateJobCommand, DescribeJobCommand } from '@aws-sdk/client-s3-control';
import type { S3BatchEvent } from 'aws-lambda';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { controlClient, waitForJob } from './controlClients.ts';
import { FunctionWorld } from './functionWorld.ts';
import { startProcess } from './sandboxProcess.ts';
import { s3Client } from './testSandbox.ts';

const Bucket = 'bucket';
const KEYS = Array.from({ length: 120 }, (_, index) => `k${index}`);
/** Ends the tasks before the one whose number is in a file; the others wait. */
const CODE = `
const { readFileSync } = require('node:fs');
exports.handler = async event => {
  record(event);
  const [{ taskId, s3Key }] = event.tasks;
  while (Number(s3Key.slice(1)) >= Number(readFileSync(process.env.LIMIT, 'utf8')))
    await new Promise(resolve => setTimeout(resolve, 20));
  const { invocationSchemaVersion, invocationId } = event;
  const results = [{ taskId, resultCode: 'Succeeded', resultString: s3Key }];
  return { invocationSchemaVersion, invocationId, results };
};`;

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sandbox-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

it('reports every task once, though the sandbox is killed while functions run', async () => {
  const start = () => startProcess('--data', directory);
  let sandbox = await start();
  const world = await FunctionWorld.open(sandbox.printed);
  try {
    const s3 = s3Client(sandbox.printed);
    await s3.send(new CreateBucketCommand({ Bucket }));
    const Body = KEYS.map(key => `${Bucket},${key}\n`).join('');
    const { ETag } = await s3.send(new PutObjectCommand({ Bucket, Key: 'm.csv', Body }));
    const RoleArn = await world.role('job', 'batchoperations.s3.amazonaws.com', [
      { Effect: 'Allow', Action: ['s3:*', 'lambda:InvokeFunction'], Resource: '*' },
    ]);
    const { accountId: AccountId } = sandbox.printed;
    const limit = join(directory, 'limit');
    await writeFile(limit, '0');
    const Environment = { Variables: { LIMIT: limit } };
    const FunctionArn = await world.create('task', CODE, { Environment, Timeout: 120 });
    const { JobId } = await controlClient(sandbox.printed).send(
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
        Priority: 1,
        ConfirmationRequired: false,
      }),
    );
    const ask = { AccountId, JobId };
    for (const target of [10, 60]) {
      await writeFile(limit, String(target));
      await world.untilRecorded('task', target);
      await sandbox.stop('SIGKILL');
      sandbox = await start();
      const described = await controlClient(sandbox.printed).send(new DescribeJobCommand(ask));
      expect(described.Job!.Status).not.toBe('Complete');
    }
    await writeFile(limit, String(KEYS.length));
    const job = await waitForJob(controlClient(sandbox.printed), ask);
    expect(job).toMatchObject({
      Status: 'Complete',
      ProgressSummary: { NumberOfTasksSucceeded: KEYS.length, NumberOfTasksFailed: 0 },
    });
    const client = s3Client(sandbox.printed);
    const read = async (Key: string): Promise<string> => {
      const { Body: body } = await client.send(new GetObjectCommand({ Bucket, Key }));
      return body!.transformToString();
    };
    const { Results } = JSON.parse(await read(`job-${JobId}/manifest.json`)) as {
      Results: { Key: string }[];
    };
    const rows = parse(await read(Results[0]!.Key));
    // In the order of the manifest, each once.
    expect(rows.map(row => row[1])).toEqual(KEYS);
    const events = (await world.recorded('task')).map(({ event }) => event as unknown);
    const invoked = events.map(event => (event as S3BatchEvent).tasks[0]!.s3Key);
    expect(new Set(invoked)).toEqual(new Set(KEYS));
    // Only what was under way at the two kills was invoked again.
    expect(invoked.length - KEYS.length).toBeLessThan(40);
  } finally {
    await sandbox.stop('SIGKILL');
    await world.close();
  }
}, 120_000);
