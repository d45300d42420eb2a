import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readNotifications } from '../../../src/aws/notifications/notifications.ts';
import { putNotifications } from '../../../src/aws/notifications/putNotifications.ts';
import { createJobOfNewRole } from '../../../src/aws/batchJobs/createJobOfNewRole.ts';
import { describeJob, runJob } from '../../../src/aws/batchJobs/batchJobs.ts';
import { findReport } from '../../../src/aws/batchJobs/completionReport.ts';
import type { Job } from '../../../src/aws/batchJobs/job.ts';
import { readReport } from '../../../src/aws/batchJobs/reportRows.ts';
import type { CallOptions } from '../../../src/aws/call.ts';
import type { AwsClients } from '../../../src/aws/clients.ts';
import { BrigadeError } from '../../../src/aws/errors.ts';
import { createFunction } from '../../../src/aws/functions/functionWrites.ts';
import { readFunctionMetrics } from '../../../src/aws/metrics/functionMetrics.ts';
import { headObject, listObjects } from '../../../src/aws/objects/listing.ts';
import { readObject } from '../../../src/aws/objects/objects.ts';
import { getObjectTags } from '../../../src/aws/objects/tags.ts';
import { uploadFile } from '../../../src/aws/objects/uploadFile.ts';
import { runTags } from '../../account/runNames.ts';
import { until } from '../../account/until.ts';
import type { LabNames } from './labNames.ts';
import { lastImage } from './makeLab.ts';

export interface LabRun extends CallOptions {
  readonly clients: AwsClients;
  readonly names: LabNames;
  /** Says that something is waited for. */
  readonly wait: (line: string) => void;
}

export interface Task {
  readonly title: string;
  /** @returns what was seen */
  readonly run: () => Promise<string>;
}

const TAGS = [{ key: 'phototype', value: 'finished' }];
const MINUTES = 60_000;

/** The lab's five tasks, in their order. */
export function labTasks(run: LabRun): readonly Task[] {
  let jobId = '';
  let functionArn = '';
  return [
    {
      title: '1 make a batch job',
      run: async () => {
        const job = await makeJob(run);
        jobId = job.jobId;
        return `job ${jobId} waits for confirmation, ${job.total} objects`;
      },
    },
    { title: '2 run it', run: () => runIt(run, jobId) },
    {
      title: '3 make the function',
      run: async () => {
        functionArn = await makeFunction(run);
        return `${run.names.functionName} is Active, with ${run.names.functionRole}`;
      },
    },
    { title: '4 wire the event', run: () => wireEvent(run, functionArn) },
    { title: '5 see it work', run: () => seeItWork(run) },
  ];
}

const arnOfRole = ({ clients }: LabRun, name: string): string =>
  `arn:${clients.partition}:iam::${clients.accountId}:role/${name}`;

async function makeJob(run: LabRun): Promise<Job> {
  const { clients, names, signal, wait } = run;
  const client = clients.s3(names.region);
  const image = { bucket: names.images, key: 'image1.png' };
  assert.deepEqual(await getObjectTags(client, image, { signal }), []);
  const place = { bucket: names.assets, key: 'manifest.csv' };
  const { eTag } = await headObject(client, place, { signal });
  const created = await createJobOfNewRole(
    clients,
    {
      operation: { name: 'S3PutObjectTagging', tags: TAGS },
      manifest: {
        ...place,
        eTag,
        format: 'S3BatchOperations_CSV_20180820',
        fields: ['Bucket', 'Key'],
      },
      roleArn: arnOfRole(run, names.batchRole),
      report: { bucket: names.assets, scope: 'AllTasks' },
      priority: 10,
      description: `Bucket Brigade lab, ${names.assets}`,
      tags: Object.entries(runTags(names)).map(([key, value]) => ({ key, value })),
      clientRequestToken: randomUUID(),
    },
    { signal, roleIsNew: true, onRoleWait: () => wait('S3 can’t assume the new role yet') },
  );
  const job = await waitForJob(run, created.jobId, ['Suspended']);
  const { objects } = await listObjects(client, { bucket: names.images, prefix: '' }, { signal });
  assert.equal(job.total, objects.length);
  return job;
}

async function waitForJob(run: LabRun, jobId: string, statuses: string[]): Promise<Job> {
  const { clients, names, signal } = run;
  return await until(run, `the job is ${statuses.join(' or ')}`, 30 * MINUTES, async () => {
    const job = await describeJob(
      clients,
      { jobId, region: names.region, justCreated: true },
      { signal },
    );
    if (statuses.includes(job.status)) return job;
    const reasons = job.failureReasons.map(({ reason }) => reason).join('; ');
    assert.ok(
      !['Failed', 'Cancelled'].includes(job.status),
      `The job is ${job.status}: ${reasons}`,
    );
    return undefined;
  });
}

async function runIt(run: LabRun, jobId: string): Promise<string> {
  const { clients, names, signal } = run;
  const client = clients.s3(names.region);
  await runJob(clients, { jobId, region: names.region }, { signal });
  const job = await waitForJob(run, jobId, ['Complete']);
  const report = await until(run, 'the report is written', 10 * MINUTES, () =>
    orUndefinedIfNotFound(findReport(client, { bucket: names.assets, jobId, job }, { signal })),
  );
  const rows = [];
  for await (const batch of readReport(client, report, { signal })) rows.push(...batch);
  const results = rows.map(row =>
    'key' in row ? `${row.taskStatus} ${row.errorCode}` : row.damage,
  );
  assert.deepEqual([...new Set(results)], ['succeeded '], 'Not every task succeeded');
  assert.equal(rows.length, job.total);
  const image = { bucket: names.images, key: 'image1.png' };
  assert.deepEqual(await getObjectTags(client, image, { signal }), TAGS);
  return `Complete, report of ${rows.length} objects, all succeeded; image1.png has phototype=finished`;
}

async function makeFunction(run: LabRun): Promise<string> {
  const { clients, names, signal, wait } = run;
  const made = await createFunction(
    clients,
    {
      functionName: names.functionName,
      region: names.region,
      runtime: 'nodejs24.x',
      handler: 'index.handler',
      architecture: 'x86_64',
      role: arnOfRole(run, names.functionRole),
      code: { kind: 's3', bucket: names.assets, key: 'function.zip' },
      memoryMegabytes: 512,
      timeoutSeconds: 30,
      tags: runTags(names),
      roleIsNew: true,
    },
    { signal, onRoleWait: () => wait('Lambda can’t assume the new role yet') },
  );
  assert.equal(made.state, 'Active');
  return made.arn;
}

async function wireEvent({ clients, names, signal }: LabRun, arn: string): Promise<string> {
  const notification = {
    id: 'bucket-brigade-lab',
    destination: { kind: 'lambda' as const, arn },
    events: ['s3:ObjectCreated:*'],
    prefix: '',
    suffix: '',
  };
  const input = { bucket: names.images, notifications: [notification], replaces: [] };
  await putNotifications(clients, input, { signal });
  const found = await readNotifications(clients, names.images, { signal });
  const [listed, ...others] = found.LambdaFunctionConfigurations ?? [];
  assert.deepEqual([listed?.LambdaFunctionArn, others], [arn, []]);
  return `${names.images} invokes ${names.functionName} for all object create events`;
}

/** Seconds until an upload is tried again: S3 may not go by a new notification for a minute or more. */
const UPLOAD_AGAIN_MS = [3000, 10_000, 30_000, 60_000, 60_000, 120_000];

async function seeItWork(run: LabRun): Promise<string> {
  const { clients, names, signal } = run;
  const client = clients.s3(names.region);
  const began = Math.floor(Date.now() / MINUTES) * 60;
  const body = await lastImage();
  const to = { bucket: names.images, key: 'image5.png' };
  const resized = { bucket: names.resized, key: 'resized-image5.png' };
  let uploads = 0;
  let found;
  for (const patience of UPLOAD_AGAIN_MS) {
    await uploadFile(client, { ...to, body }, { signal });
    uploads += 1;
    const look = () => orUndefinedIfNotFound(headObject(client, resized, { signal }));
    found = await until(run, 'the resized image is there', patience, look).catch(notYet);
    if (found !== undefined) break;
    run.wait(`S3 hasn’t invoked the function for upload ${uploads} yet: uploading again`);
  }
  assert.ok(found, 'No resized image was found');
  const { width } = pngSize(await readObject(client, { ...resized, maxBytes: 1e6 }, { signal }));
  assert.equal(width, 200);
  const { invocations, errors } = await waitForMetrics(run, began);
  assert.ok(invocations <= uploads, `${invocations} invocations of ${uploads} uploads`);
  assert.equal(errors, 0);
  return (
    `image5.png became s3://${resized.bucket}/${resized.key}, ${width} px wide; ` +
    `CloudWatch shows Invocations ${invocations}, success rate 100 %`
  );
}

async function waitForMetrics(run: LabRun, start: number) {
  const { clients, names, signal } = run;
  const { functionName, region } = names;
  return await until(run, 'CloudWatch has the invocation', 15 * MINUTES, async () => {
    const end = Math.ceil(Date.now() / MINUTES) * 60;
    const asked = { functionName, region, start, end, period: 60 };
    const metrics = ['invocations', 'errors'] as const;
    const { series } = await readFunctionMetrics(clients, { ...asked, metrics }, { signal });
    const [invocations, errors] = metrics.map(id =>
      (series[id]?.values ?? []).reduce((sum, value) => sum + value, 0),
    );
    return invocations ? { invocations, errors: errors ?? 0 } : undefined;
  });
}

async function orUndefinedIfNotFound<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof BrigadeError && error.code === 'NotFound') return undefined;
    throw error;
  }
}

function notYet(error: unknown): undefined {
  if (!(error instanceof assert.AssertionError)) throw error;
}

/** The sides of a PNG, of its IHDR chunk (PNG specification, 11.2.1). */
function pngSize(file: Uint8Array): { width: number; height: number } {
  const bytes = Buffer.from(file);
  assert.equal(bytes.subarray(12, 16).toString('latin1'), 'IHDR');
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}
