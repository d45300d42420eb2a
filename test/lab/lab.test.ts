// The lab's tasks by the extension's own commands, each checked by the official SDK behind its back.
import {
  GetObjectCommand,
  GetBucketNotificationConfigurationCommand,
  GetObjectTaggingCommand,
  ListObjectsV2Command,
  NoSuchKey,
  S3Client,
  type Tag,
} from '@aws-sdk/client-s3';
import { GetFunctionCommand, GetPolicyCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  DescribeJobCommand,
  S3ControlClient,
  type JobDescriptor,
} from '@aws-sdk/client-s3-control';
import { parse } from 'csv-parse/sync';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { ShownFigure } from '../../src/metrics/protocol.ts';
import { sandboxFolder } from '../host/sandboxFolder.ts';
import { report } from '../support/hostEntry.ts';

const NUMBER = '82834469';
const IMAGES = `images-${NUMBER}`;
const ASSETS = `assets-${NUMBER}`;
const RESIZED = `${IMAGES}-resized`;
const FUNCTION = 'ImageResizeFunction';
const TAGS: Tag[] = [{ Key: 'phototype', Value: 'finished' }];

interface Address {
  readonly endpoint: string;
  readonly region: string;
  readonly accountId: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

interface PolicyStatement {
  readonly Principal: unknown;
  readonly Action: string;
  readonly Condition: {
    readonly StringEquals: Readonly<Record<string, string>>;
    readonly ArnLike: Readonly<Record<string, string>>;
  };
}

let address: Address;
let s3: S3Client;
let control: S3ControlClient;
let lambda: LambdaClient;
let jobId: string;

const saw = (line: string): void => report({ type: 'line', text: line });

async function tagsOf(key: string): Promise<Tag[]> {
  const answer = await s3.send(new GetObjectTaggingCommand({ Bucket: IMAGES, Key: key }));
  return answer.TagSet ?? [];
}

async function describeJob(): Promise<JobDescriptor> {
  const input = { AccountId: address.accountId, JobId: jobId };
  const { Job } = await control.send(new DescribeJobCommand(input));
  assert.ok(Job);
  return Job;
}

async function waitFor(...statuses: string[]): Promise<JobDescriptor> {
  for (let tries = 0; tries < 600; tries++) {
    const job = await describeJob();
    if (statuses.includes(job.Status ?? '')) return job;
    await sleep(100);
  }
  return describeJob();
}

async function keysOf(bucket: string, prefix?: string): Promise<string[]> {
  const input = { Bucket: bucket, Prefix: prefix };
  const { Contents = [] } = await s3.send(new ListObjectsV2Command(input));
  return Contents.map(object => object.Key ?? '');
}

/** The function as the SDK sees it. */
async function functionArn(): Promise<string> {
  const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName: FUNCTION }));
  return Configuration?.FunctionArn ?? '';
}

/** An object that is written by somebody else, once it is there. */
async function waitForObject(bucket: string, key: string): Promise<Uint8Array> {
  for (let tries = 0; ; tries++) {
    try {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      assert.ok(Body);
      return await Body.transformToByteArray();
    } catch (error) {
      if (!(error instanceof NoSuchKey) || tries >= 600) throw error;
      await sleep(100);
    }
  }
}

/** What the metrics panel of the images bucket shows, once a figure is there. */
async function waitForFigure(label: string, value: string): Promise<Map<string, string>> {
  for (let tries = 0; ; tries++) {
    const shown = await vscode.commands.executeCommand<readonly ShownFigure[]>(
      'bucketBrigade.metrics.show',
      { bucket: IMAGES },
    );
    const figures = new Map(shown.map(figure => [figure.label, figure.value]));
    if (figures.get(label) === value || tries >= 100) {
      assert.equal(figures.get(label), value);
      return figures;
    }
    await sleep(500);
  }
}

/** The sides of a PNG, of its IHDR chunk (PNG specification, 11.2.1). */
function pngSize(file: Uint8Array): { width: number; height: number } {
  const bytes = Buffer.from(file);
  assert.equal(bytes.subarray(0, 8).toString('latin1'), '\x89PNG\r\n\x1a\n');
  assert.equal(bytes.subarray(12, 16).toString('latin1'), 'IHDR');
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

async function reportRows(): Promise<string[][]> {
  const keys = (await keysOf(ASSETS, `job-${jobId}/results/`)).filter(key => key.endsWith('.csv'));
  const files = keys.map(async key => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: ASSETS, Key: key }));
    assert.ok(Body);
    return parse(await Body.transformToString());
  });
  return (await Promise.all(files)).flat();
}

const sides = ({ width, height }: { width: number; height: number }): string =>
  `${width} × ${height}`;

/** The image that the lab leaves for its user, beside the extension. */
function image5(): string {
  const extension = vscode.extensions.getExtension('bucket-brigade.bucket-brigade');
  assert.ok(extension);
  return path.join(extension.extensionPath, 'dist', 'lab', 'image5.png');
}

describe('the lab', () => {
  before(async () => {
    await vscode.commands.executeCommand('bucketBrigade.sandbox.start');
    const file = path.join(sandboxFolder, 'sandbox.json');
    address = JSON.parse(readFileSync(file, 'utf8')) as Address;
    const { endpoint, region, accessKeyId, secretAccessKey } = address;
    const credentials = { accessKeyId, secretAccessKey };
    s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
    const endpointProvider = () => ({ url: new URL(endpoint) });
    control = new S3ControlClient({ endpointProvider, region, credentials });
    lambda = new LambdaClient({ endpoint, region, credentials });
  });

  it('task 1: make a batch job', async () => {
    assert.deepEqual(await tagsOf('image1.png'), []);
    jobId = await vscode.commands.executeCommand<string>(
      'bucketBrigade.unasked.jobs.createTaggingJob',
      {
        manifest: { bucket: ASSETS, key: 'manifest.csv' },
        tags: TAGS.map(({ Key, Value }) => ({ key: Key, value: Value })),
        roleArn: `arn:aws:iam::${address.accountId}:role/S3BatchPutRole`,
        report: { bucket: ASSETS, scope: 'AllTasks' },
        skipConfirmation: true,
      },
    );
    const job = await waitFor('Suspended', 'Failed');
    assert.equal(job.Status, 'Suspended', JSON.stringify(job.FailureReasons));
    const objects = job.ProgressSummary?.TotalNumberOfTasks;
    assert.equal(objects, (await keysOf(IMAGES)).length);
    saw(`1 make a batch job: job ${jobId} waits for confirmation, ${objects} objects`);
  });

  it('task 2: run it and read its report', async () => {
    await vscode.commands.executeCommand('bucketBrigade.unasked.jobs.run', {
      jobId,
      skipConfirmation: true,
    });
    const job = await waitFor('Complete', 'Failed', 'Cancelled');
    assert.equal(job.Status, 'Complete', JSON.stringify(job.FailureReasons));
    const rows = await reportRows();
    const keys = await keysOf(IMAGES);
    assert.deepEqual(rows.map(row => decodeURIComponent(row[1] ?? '')).sort(), keys.sort());
    assert.deepEqual([...new Set(rows.map(row => row[3]))], ['succeeded']);
    assert.deepEqual(await tagsOf('image1.png'), TAGS);
    await vscode.commands.executeCommand('bucketBrigade.jobs.openReport', { jobId });
    saw(
      `2 run it: Complete, report of ${rows.length} objects, all succeeded; ` +
        'image1.png has phototype=finished',
    );
  });

  it('task 3: make the function', async () => {
    // As a person does: its S3 URL is copied from the Buckets view.
    const zip = { bucket: ASSETS, key: 'function.zip' };
    await vscode.commands.executeCommand('bucketBrigade.explorer.copyUrl', zip);
    const url = await vscode.env.clipboard.readText();
    assert.match(url, new RegExp(`^https?://.*${ASSETS}.*/function\\.zip$`));
    await vscode.commands.executeCommand('bucketBrigade.unasked.resize.createFunction', {
      code: url,
      functionName: FUNCTION,
      roleArn: `arn:aws:iam::${address.accountId}:role/S3LambdaRole`,
      runtime: 'nodejs24.x',
      handler: 'index.handler',
      architecture: 'x86_64',
      skipConfirmation: true,
    });
    const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName: FUNCTION }));
    assert.equal(Configuration?.State, 'Active');
    assert.match(Configuration.Role ?? '', /:role\/S3LambdaRole$/);
    saw(`3 make the function: ${FUNCTION} is Active, with S3LambdaRole, from ${url}`);
  });

  it('task 4: wire the event', async () => {
    await vscode.commands.executeCommand('bucketBrigade.unasked.notifications.add', {
      bucket: IMAGES,
      events: ['s3:ObjectCreated:*'],
      prefix: '',
      suffixes: [],
      destinationArn: await functionArn(),
      skipConfirmation: true,
    });
    const input = { Bucket: IMAGES };
    const found = await s3.send(new GetBucketNotificationConfigurationCommand(input));
    const [listed, ...others] = found.LambdaFunctionConfigurations ?? [];
    assert.deepEqual(others, []);
    assert.equal(listed?.LambdaFunctionArn, await functionArn());
    assert.deepEqual(listed.Events, ['s3:ObjectCreated:*']);
    const { Policy = '' } = await lambda.send(new GetPolicyCommand({ FunctionName: FUNCTION }));
    const { Statement } = JSON.parse(Policy) as { Statement: PolicyStatement[] };
    assert.equal(Statement.length, 1);
    assert.deepEqual(Statement[0]?.Principal, { Service: 's3.amazonaws.com' });
    assert.equal(Statement[0].Action, 'lambda:InvokeFunction');
    const { StringEquals, ArnLike } = Statement[0].Condition;
    assert.equal(StringEquals['AWS:SourceAccount'], address.accountId);
    assert.equal(ArnLike['AWS:SourceArn'], `arn:aws:s3:::${IMAGES}`);
    saw(
      `4 wire the event: ${listed.Id ?? ''} invokes ${FUNCTION} for all object create events; S3 may invoke it`,
    );
  });

  it('task 5: see it work', async () => {
    const picture = vscode.Uri.file(image5());
    const original = pngSize(readFileSync(picture.fsPath));
    assert.deepEqual(await keysOf(RESIZED), []);
    await vscode.commands.executeCommand('bucketBrigade.unasked.explorer.upload', {
      bucket: IMAGES,
      files: [picture.toString()],
    });
    const resized = pngSize(await waitForObject(RESIZED, 'resized-image5.png'));
    assert.equal(resized.width, 200);
    const height = (original.height * 200) / original.width;
    assert.ok(Math.abs(resized.height - height) <= 1, `${resized.height} is not ${height}`);
    assert.deepEqual(await keysOf(RESIZED), ['resized-image5.png']);
    const figures = await waitForFigure('Invocations', '1');
    assert.equal(figures.get('Errors'), '0');
    assert.equal(figures.get('Success rate (%)'), '100%');
    saw(
      `5 see it work: image5.png (${sides(original)}) became ` +
        `s3://${RESIZED}/resized-image5.png (${sides(resized)}); ` +
        'the panel shows Invocations 1, success rate 100 %',
    );
  });
});
