import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { listJobs } from '../../src/aws/batchJobs/batchJobs.ts';
import type { AwsClients } from '../../src/aws/clients.ts';
import { createFunction } from '../../src/aws/functions/functionWrites.ts';
import type { Job } from '../../src/aws/batchJobs/job.ts';
import { headObject } from '../../src/aws/objects/listing.ts';
import { writeObject } from '../../src/aws/objects/objects.ts';
import { batchRolePolicy } from '../../src/aws/roles/rolePolicy.ts';
import { createBatchRole } from '../../src/aws/roles/roles.ts';
import type { CreateResizeJobArguments } from '../../src/commands.ts';
import { LAB, newName, run, startHostSandbox, untilJob } from './hostSandbox.ts';

const IMAGES = `images-${LAB}`;
const ASSETS = `assets-${LAB}`;
const RESIZED = `images-${LAB}-resized`;

/** The lab's function on what the lab's bucket holds already. */
describe('jobs that resize', function () {
  this.timeout(120_000);
  let clients: AwsClients;
  let functionArn: string;
  let roleArn: string;

  before(async () => {
    clients = await startHostSandbox();
    const made = await createFunction(clients, {
      functionName: 'ResizeForJobs',
      runtime: 'nodejs24.x',
      handler: 'index.handler',
      role: `arn:aws:iam::${clients.accountId}:role/S3LambdaRole`,
      code: { kind: 's3', bucket: ASSETS, key: 'function.zip' },
      architecture: 'x86_64',
      memoryMegabytes: 1024,
      timeoutSeconds: 30,
    });
    functionArn = made.arn;
    const policy = batchRolePolicy({
      partition: clients.partition,
      operation: { name: 'LambdaInvoke', functionArn },
      manifest: { sourceBucket: IMAGES, output: { bucket: ASSETS, prefix: 'manifests/' } },
      report: { bucket: ASSETS },
    });
    roleArn = (await createBatchRole(clients, { name: 'S3BatchInvoke', policy })).arn;
  });
  after(() => clients.destroy());

  function job(more: CreateResizeJobArguments = {}): CreateResizeJobArguments {
    return {
      source: { bucket: IMAGES },
      functionArn,
      roleArn,
      report: { bucket: ASSETS, scope: 'AllTasks' },
      skipConfirmation: true,
      ...more,
    };
  }

  async function create(more?: CreateResizeJobArguments): Promise<string> {
    const jobId = await run('bucketBrigade.jobs.createResizeJob', job(more));
    assert.equal(typeof jobId, 'string', 'no job was created');
    return jobId as string;
  }

  async function reportRows(jobId: string): Promise<string[]> {
    await run('bucketBrigade.jobs.openReportCsv', { jobId });
    const csv = vscode.window.activeTextEditor?.document;
    assert.equal(csv?.uri.scheme, 's3');
    return csv.getText().trimEnd().split(/\r?\n/);
  }

  const until = (jobId: string, fits: (job: Job) => boolean) => untilJob(clients, jobId, fits);

  it('find the objects of a bucket, resize them and tell it in their report', async () => {
    const jobId = await create();
    const waiting = await until(jobId, ({ status }) => status === 'Suspended');
    assert.equal(waiting.total, 5);
    assert.equal(waiting.description, `Resize s3://${IMAGES}/`);
    // Ours is known by its code.
    assert.deepEqual(waiting.invocation, { functionArn, schemaVersion: '2.0' });
    await run('bucketBrigade.jobs.run', { jobId, skipConfirmation: true });
    const done = await until(jobId, ({ status }) => status === 'Complete');
    assert.deepEqual([done.succeeded, done.failed], [5, 0]);
    const s3 = await clients.s3ForBucket(RESIZED);
    const { size } = await headObject(s3, { bucket: RESIZED, key: 'resized-image1.png' });
    assert.ok(size > 0);
    const rows = await reportRows(jobId);
    assert.equal(rows.filter(row => row.includes(',succeeded,200,')).length, 5);
    assert.match(rows.join('\n'), /resized-image1\.png/);
  });

  it('go over those only that have the suffix', async () => {
    const jobId = await create({ source: { bucket: IMAGES, suffix: '1.png' }, report: false });
    const { total, generator } = await until(jobId, ({ status }) => status === 'Suspended');
    assert.equal(total, 1);
    assert.equal(generator?.suffix, '1.png');
  });

  it('say of what is no picture that it is none', async () => {
    const key = 'no-pictures.csv';
    const s3 = await clients.s3ForBucket(ASSETS);
    for (const name of ['a.txt', 'b.txt']) {
      await writeObject(s3, { bucket: IMAGES, key: `text/${name}`, body: 'no picture' });
    }
    const rows = `${IMAGES},text/a.txt\n${IMAGES},text/b.txt\n`;
    await writeObject(s3, { bucket: ASSETS, key, body: rows });
    const policy = batchRolePolicy({
      partition: clients.partition,
      operation: { name: 'LambdaInvoke', functionArn },
      manifest: { bucket: ASSETS, key },
      report: { bucket: ASSETS },
    });
    const own = await createBatchRole(clients, { name: newName('S3BatchInvokeList'), policy });
    const manifest = { bucket: ASSETS, key };
    const jobId = await create({ manifest, roleArn: own.arn });
    await run('bucketBrigade.jobs.run', { jobId, skipConfirmation: true });
    const done = await until(jobId, ({ status }) => status === 'Complete');
    assert.equal(done.failed, 2);
    const failed = (await reportRows(jobId)).filter(row => row.includes(',failed,200,'));
    assert.equal(failed.length, 2);
    failed.forEach(row => assert.match(row, /,PermanentFailure,"?NotAnImage/));
  });

  it('are not made with a function that is not there, or is none', async () => {
    const before = (await listJobs(clients)).length;
    for (const wrong of [functionArn.replace('ResizeForJobs', 'Gone'), 'ResizeForJobs-x']) {
      assert.equal(
        await run('bucketBrigade.jobs.createResizeJob', job({ functionArn: wrong })),
        undefined,
      );
    }
    assert.equal((await listJobs(clients)).length, before);
  });
});
