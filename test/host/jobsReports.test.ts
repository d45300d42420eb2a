import assert from 'node:assert/strict';
import { CreateBucketCommand, DeleteBucketCommand } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { describeJob, runJob } from '../../src/aws/batchJobs/batchJobs.ts';
import type { AwsClients } from '../../src/aws/clients.ts';
import { BrigadeError } from '../../src/aws/errors.ts';
import type { Job } from '../../src/aws/batchJobs/job.ts';
import { isFinal } from '../../src/aws/batchJobs/jobStatus.ts';
import { readObject, writeObject } from '../../src/aws/objects/objects.ts';
import { deleteObjects } from '../support/deleteKeys.ts';
import { createBatchRole } from '../../src/aws/roles/roles.ts';
import { batchRolePolicy } from '../../src/aws/roles/rolePolicy.ts';
import type { CreateTaggingJobArguments } from '../../src/commands.ts';
import { endText } from '../../src/jobs/showEnd.ts';
import { JobList } from '../../src/jobs/jobList.ts';
import { findReportOf } from '../../src/jobs/report/loadReport.ts';
import type { ConnectionChange, Session } from '../../src/services.ts';
import { LAB, newName, run, startHostSandbox } from './hostSandbox.ts';

const IMAGES = `images-${LAB}`;
const ASSETS = `assets-${LAB}`;
const MANIFEST = { bucket: ASSETS, key: 'manifest.csv' };
const signal = new AbortController().signal;

describe('completion reports', function () {
  this.timeout(90_000);
  let clients: AwsClients;
  let session: Session;

  before(async () => {
    clients = await startHostSandbox();
    const { accountId, partition, region } = clients;
    const identity = { accountId, partition, arn: '', userId: '' };
    const connection = { id: 'test', label: 'Test', region };
    session = { key: 'test', clients, identity, connection };
  });
  after(() => clients.destroy());

  async function create(more: Partial<CreateTaggingJobArguments> = {}): Promise<string> {
    const jobId = await run('bucketBrigade.jobs.createTaggingJob', {
      manifest: MANIFEST,
      tags: [{ key: 'phototype', value: 'finished' }],
      roleArn: `arn:aws:iam::${clients.accountId}:role/S3BatchPutRole`,
      report: { bucket: ASSETS, scope: 'AllTasks' },
      skipConfirmation: true,
      ...more,
    });
    assert.equal(typeof jobId, 'string', 'no job was created');
    return jobId as string;
  }

  /** A role with what the extension would give it. */
  async function roleFor(
    name: string,
    manifest: { bucket: string; key: string },
    reports = ASSETS,
  ): Promise<string> {
    const operation = { name: 'S3PutObjectTagging', targets: [{ bucket: IMAGES }] } as const;
    const report = { bucket: reports };
    const policy = batchRolePolicy({ partition: 'aws', operation, manifest, report });
    return (await createBatchRole(clients, { name: newName(name), policy })).arn;
  }

  async function ended(jobId: string): Promise<Job> {
    for (;;) {
      const job = await describeJob(clients, { jobId });
      if (isFinal(job.status)) return job;
      if (job.status === 'Suspended') await runJob(clients, { jobId });
      await sleep(50);
    }
  }

  const said = (text: RegExp) => (error: unknown) =>
    error instanceof BrigadeError && text.test(error.message);

  it('that come late are waited for', async () => {
    const job = await ended(await create());
    const s3 = await clients.s3ForBucket(ASSETS);
    const key = `job-${job.jobId}/manifest.json`;
    const body = await readObject(s3, { bucket: ASSETS, key, maxBytes: 100_000 });
    await deleteObjects(s3, { bucket: ASSETS, keys: [key] });
    let found = false;
    const finding = findReportOf(session, job, signal).then(report => {
      found = true;
      return report;
    });
    await sleep(1_500);
    assert.equal(found, false);
    await writeObject(s3, { bucket: ASSETS, key, body });
    assert.equal((await finding).results.length, 1);
  });

  it('that never come are not waited for for ever, and it is said what may be the reason', async () => {
    const job = await ended(await create());
    const s3 = await clients.s3ForBucket(ASSETS);
    const keys = [`job-${job.jobId}/manifest.json`];
    await deleteObjects(s3, { bucket: ASSETS, keys });
    await assert.rejects(findReportOf(session, job, signal), said(/There is no report in assets-/));
  });

  it('are not looked for where none was asked for, or no task ran', async () => {
    const without = await ended(await create({ report: false }));
    await assert.rejects(findReportOf(session, without, signal), said(/No report was requested/));
    const roleArn = await roleFor('ReadsAnother', { bucket: ASSETS, key: 'another.csv' });
    const failed = await ended(await create({ roleArn }));
    assert.equal(failed.status, 'Failed');
    const started = Date.now();
    await assert.rejects(findReportOf(session, failed, signal), said(/because no task ran: \S/));
    // As long as in the test before.
    assert.ok(Date.now() - started < 12_000, 'it was waited for');
  });

  it('whose bucket is gone fail the job, and both say so', async () => {
    const bucket = `gone-${LAB}`;
    const s3 = clients.s3();
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    const report = { bucket, scope: 'AllTasks' } as const;
    const roleArn = await roleFor('ReportsToGone', MANIFEST, bucket);
    const jobId = await create({ report, roleArn, description: 'Gone' });
    await s3.send(new DeleteBucketCommand({ Bucket: bucket }));
    const job = await ended(jobId);
    assert.equal(job.status, 'Failed');
    assert.match(endText(job), /^Batch job “Gone” failed: .*bucket/i);
    await assert.rejects(
      findReportOf(session, job, signal),
      said(new RegExp(`The report’s bucket ${bucket} no longer exists`)),
    );
  });

  it('are opened as soon as the job has ended, however old the list is', async () => {
    const changed = new vscode.EventEmitter<void>();
    const list = new JobList(
      {
        current: session.connection,
        opened: [session.connection],
        onDidChange: changed.event,
        onDidChangeAny: new vscode.EventEmitter<ConnectionChange>().event,
        session: () => Promise.resolve(session),
      },
      [],
      { of: () => Promise.resolve([session.clients.region]) },
    );
    const jobId = await create();
    await list.read();
    const before = await list.describe({ jobId });
    assert.ok(!isFinal(before.status));
    await ended(jobId);
    assert.ok(!isFinal((await list.describe({ jobId })).status), 'the list was read meanwhile');
    assert.equal((await list.describeNow({ jobId })).status, 'Complete');
    list.dispose();
    changed.dispose();
  });

  it('come of an inventory too', async () => {
    const folder = `inventory/${IMAGES}/all`;
    const s3 = await clients.s3ForBucket(ASSETS);
    const names = [['image1.png', 'image2.jpg'], ['image3.webp']];
    const files = await Promise.all(
      names.map(async (keys, at) => {
        const rows = keys.map(key => `"${IMAGES}","${key}","10"\n`).join('');
        const body = gzipSync(rows);
        const key = `${folder}/data/${at}.csv.gz`;
        await writeObject(s3, { bucket: ASSETS, key, body });
        return {
          key,
          size: body.length,
          MD5checksum: createHash('md5').update(body).digest('hex'),
        };
      }),
    );
    const key = `${folder}/2026-01-01T00-00Z/manifest.json`;
    const body = JSON.stringify({
      sourceBucket: IMAGES,
      destinationBucket: `arn:aws:s3:::${ASSETS}`,
      version: '2016-11-30',
      fileFormat: 'CSV',
      fileSchema: 'Bucket, Key, Size',
      files,
    });
    await writeObject(s3, { bucket: ASSETS, key, body });
    const manifest = { bucket: ASSETS, key };
    const roleArn = await roleFor('ReadsInventory', manifest);
    const job = await ended(await create({ manifest, roleArn }));
    assert.deepEqual(job.failureReasons, []);
    assert.deepEqual([job.status, job.total, job.succeeded], ['Complete', 3, 3]);
    const report = await findReportOf(session, job, signal);
    assert.equal(report.results.length, 1);
  });
});
