// The lab's tasks by the extension's own commands, each checked by the official SDK behind its back.
import {
  GetObjectCommand,
  GetObjectTaggingCommand,
  ListObjectsV2Command,
  S3Client,
  type Tag,
} from '@aws-sdk/client-s3';
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
import { sandboxFolder } from '../host/sandboxFolder.ts';
import { report } from '../support/hostEntry.ts';

const NUMBER = '82834469';
const IMAGES = `images-${NUMBER}`;
const ASSETS = `assets-${NUMBER}`;
const TAGS: Tag[] = [{ Key: 'phototype', Value: 'finished' }];

interface Address {
  readonly endpoint: string;
  readonly region: string;
  readonly accountId: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

let address: Address;
let s3: S3Client;
let control: S3ControlClient;
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
  for (let tries = 0; tries < 200; tries++) {
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

async function reportRows(): Promise<string[][]> {
  const keys = (await keysOf(ASSETS, `job-${jobId}/results/`)).filter(key => key.endsWith('.csv'));
  const files = keys.map(async key => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: ASSETS, Key: key }));
    assert.ok(Body);
    return parse(await Body.transformToString());
  });
  return (await Promise.all(files)).flat();
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
  });

  it('task 1: make a batch job', async () => {
    assert.deepEqual(await tagsOf('image1.png'), []);
    jobId = await vscode.commands.executeCommand<string>('bucketBrigade.jobs.createTaggingJob', {
      manifest: { bucket: ASSETS, key: 'manifest.csv' },
      tags: TAGS.map(({ Key, Value }) => ({ key: Key, value: Value })),
      roleArn: `arn:aws:iam::${address.accountId}:role/S3BatchPutRole`,
      report: { bucket: ASSETS, scope: 'AllTasks' },
      skipConfirmation: true,
    });
    const job = await waitFor('Suspended', 'Failed');
    assert.equal(job.Status, 'Suspended', JSON.stringify(job.FailureReasons));
    const objects = job.ProgressSummary?.TotalNumberOfTasks;
    assert.equal(objects, (await keysOf(IMAGES)).length);
    saw(`1 make a batch job: job ${jobId} waits for confirmation, ${objects} objects`);
  });

  it('task 2: run it and read its report', async () => {
    await vscode.commands.executeCommand('bucketBrigade.jobs.run', {
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
});
