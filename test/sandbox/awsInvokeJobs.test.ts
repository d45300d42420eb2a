import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { DeleteFunctionCommand, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import { describeJob, runJob } from '../../src/aws/batchJobs/batchJobs.ts';
import { findReport } from '../../src/aws/batchJobs/completionReport.ts';
import { summarizeReport } from '../../src/aws/batchJobs/reportSummary.ts';
import { createJob, type CreateJobInput } from '../../src/aws/batchJobs/createJob.ts';
import { createFunction } from '../../src/aws/functions/functionWrites.ts';
import type { Job } from '../../src/aws/batchJobs/job.ts';
import { isFinal } from '../../src/aws/batchJobs/jobStatus.ts';
import { listObjects } from '../../src/aws/objects/listing.ts';
import { readManifest } from '../../src/aws/manifest/manifest.ts';
import { openObject, writeObject } from '../../src/aws/objects/objects.ts';
import { checkRole } from '../../src/aws/roles/roleCheck.ts';
import { batchRolePolicy } from '../../src/aws/roles/rolePolicy.ts';
import { createBatchRole } from '../../src/aws/roles/roles.ts';
import { readLabFunction } from '../../src/sandbox/lab/labFunction.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';

/** Jobs that invoke a function: the very zip that is deployed to AWS, and ones that go wrong. */
let sandbox: SandboxClients;
let images: string;
let assets: string;
let functionRole: string;
let resize: string;
let role: string;
let roles = 0;

beforeAll(async () => {
  sandbox = await startSandboxClients();
  images = await sandbox.bucket();
  assets = await sandbox.bucket();
  await sandbox.clients.s3().send(new CreateBucketCommand({ Bucket: `${images}-resized` }));
  for (const [key, body] of Object.entries(await objects())) {
    await writeObject(sandbox.clients.s3(), { bucket: images, key, body });
  }
  functionRole = await createFunctionRole();
  resize = await makeFunction('resize', await readLabFunction());
}, 120_000);
beforeEach(() => {
  role = `Invoke-${(roles += 1)}`;
});
afterAll(() => sandbox.close());

async function objects(): Promise<Record<string, Uint8Array>> {
  const picture = sharp({ create: { width: 400, height: 300, channels: 3, background: '#369' } });
  const png = await picture.clone().png().toBuffer();
  return {
    'in/a b.png': png,
    'in/c+ü.jpg': await picture.clone().jpeg().toBuffer(),
    'in/empty.png': new Uint8Array(),
    'in/notes.txt': Buffer.from('no picture'),
    'in/list.csv': Buffer.from('images,a.png\n'),
    'other/d.png': png,
  };
}

async function createFunctionRole(): Promise<string> {
  const iam = sandbox.clients.iam();
  const trust = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'lambda.amazonaws.com' },
        Action: 'sts:AssumeRole',
      },
    ],
  };
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName: 'Function',
      AssumeRolePolicyDocument: JSON.stringify(trust),
    }),
  );
  const Statement = [
    { Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::${images}/*` },
    { Effect: 'Allow', Action: 's3:PutObject', Resource: `arn:aws:s3:::${images}-resized/*` },
  ];
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: 'Function',
      PolicyName: 'p',
      PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
    }),
  );
  return Role?.Arn ?? '';
}

async function makeFunction(functionName: string, bytes: Uint8Array): Promise<string> {
  const { arn } = await createFunction(sandbox.clients, {
    functionName,
    runtime: 'nodejs24.x',
    handler: 'index.handler',
    role: functionRole,
    code: { kind: 'zipFile', bytes },
    architecture: 'x86_64',
    memoryMegabytes: 512,
    timeoutSeconds: 30,
  });
  return arn;
}

/** A zip with one handler in it. */
async function zipOf(handler: string): Promise<Uint8Array> {
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from(`exports.handler = ${handler};`), 'index.js');
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

interface Made {
  readonly functionArn?: string;
  readonly schemaVersion?: '1.0' | '2.0';
  readonly manifest?: CreateJobInput['manifest'];
  /** Statements of the role that are left out. */
  readonly without?: string;
}

const needs = ({ functionArn = resize, manifest = found() }: Made) => ({
  partition: 'aws',
  operation: { name: 'LambdaInvoke', functionArn } as const,
  manifest,
  report: { bucket: assets },
});

const found = () => ({ sourceBucket: images, prefix: 'in/' });

/** Makes a job with the role that we make for it, runs it and waits for its end. */
async function runToEnd(made: Made = {}): Promise<Job> {
  const { clients } = sandbox;
  const { functionArn = resize, schemaVersion = '2.0', manifest = found(), without } = made;
  const policy = batchRolePolicy(needs(made));
  const Statement = policy.Statement.filter(({ Sid }) => Sid !== without);
  const own = await createBatchRole(clients, { name: role, policy: { ...policy, Statement } });
  const { jobId } = await createJob(clients, {
    operation: { name: 'LambdaInvoke', functionArn, schemaVersion },
    manifest,
    roleArn: own.arn,
    report: { bucket: assets, scope: 'AllTasks' },
    priority: 10,
    clientRequestToken: randomUUID(),
  });
  for (;;) {
    const job = await describeJob(clients, { jobId, justCreated: true });
    if (isFinal(job.status)) return job;
    if (job.status === 'Suspended') await runJob(clients, { jobId });
    await delay(50);
  }
}

async function summaryOf({ jobId }: Job) {
  const report = await findReport(sandbox.clients.s3(), { bucket: assets, jobId });
  return await summarizeReport(sandbox.clients.s3(), report);
}

describe('a job that resizes what is in a bucket', () => {
  it('resizes the pictures, and tells of all else what it is, by kind', async () => {
    const job = await runToEnd();
    expect(job).toMatchObject({ status: 'Complete', succeeded: 2, failed: 3 });
    expect(job.invocation).toEqual({ functionArn: resize, schemaVersion: '2.0' });
    const { groups, rows } = await summaryOf(job);
    expect(groups.map(({ errorCode, count, message }) => [errorCode, count, message])).toEqual([
      ['PermanentFailure', 2, expect.stringMatching(/^NotAnImage: /)],
      ['PermanentFailure', 1, expect.stringMatching(/^EmptyObject: /)],
    ]);
    expect(groups[0]?.sampleKeys).toEqual(['in/list.csv', 'in/notes.txt']);
    const done = rows.filter(row => row.taskStatus === 'succeeded');
    expect(done.map(row => [row.key, row.message])).toEqual([
      ['in/a b.png', 'resized-in/a b.png (200 × 150)'],
      ['in/c+ü.jpg', 'resized-in/c+ü.jpg (200 × 150)'],
    ]);
  });

  it('writes real pictures, once however often it is run', async () => {
    await runToEnd();
    const bucket = `${images}-resized`;
    const page = await listObjects(sandbox.clients.s3(), { bucket, prefix: '', delimiter: '' });
    const written = page.objects.map(({ key }) => key);
    expect(written).toEqual(['resized-in/a b.png', 'resized-in/c+ü.jpg']);
    const opened = await openObject(sandbox.clients.s3(), { bucket, key: written[0]! });
    const chunks: Buffer[] = [];
    for await (const chunk of opened.body) chunks.push(chunk as Buffer);
    const { format, width, height } = await sharp(Buffer.concat(chunks)).metadata();
    expect({ format, width, height }).toEqual({ format: 'png', width: 200, height: 150 });
  });

  it('takes its objects from a manifest too, and the older schema', async () => {
    const at = { bucket: assets, key: 'list.csv' };
    await writeObject(sandbox.clients.s3(), { ...at, body: `${images},other/d.png\n` });
    const manifest = await readManifest(sandbox.clients.s3(), at);
    const job = await runToEnd({ manifest, schemaVersion: '1.0' });
    expect(job).toMatchObject({ status: 'Complete', succeeded: 1, failed: 0 });
    expect(job.invocation?.schemaVersion).toBe('1.0');
  });
});

describe('a job whose function cannot be invoked', () => {
  const only = () => ({ sourceBucket: images, prefix: 'other/' });

  async function failure(made: Made) {
    const job = await runToEnd({ manifest: only(), ...made });
    expect(job).toMatchObject({ succeeded: 0, failed: 1 });
    const { groups } = await summaryOf(job);
    expect(groups).toHaveLength(1);
    return groups[0];
  }

  it('says so where its role may not, as the check of the role foretells', async () => {
    expect(await failure({ without: 'Invoke' })).toMatchObject({
      errorCode: expect.stringMatching(/^AccessDenied/) as string,
      httpStatus: 403,
    });
    const roleArn = `arn:aws:iam::${sandbox.clients.accountId}:role/${role}`;
    const check = { roleArn, ...needs({ manifest: only() }) };
    const { findings } = await checkRole(sandbox.clients, check);
    const denied = findings.filter(({ decision }) => decision !== 'allowed');
    expect(denied.map(({ purpose, pattern }) => [purpose, pattern])).toEqual([['invoke', resize]]);
  });

  it('says so where there is none any more', async () => {
    const functionArn = await makeFunction('gone', await zipOf('async () => ({})'));
    await sandbox.clients.lambda().send(new DeleteFunctionCommand({ FunctionName: 'gone' }));
    expect(await failure({ functionArn })).toMatchObject({
      errorCode: 'ResourceNotFoundException',
      httpStatus: 404,
    });
  });

  it('says so where the function is throttled for good', async () => {
    const functionArn = await makeFunction('busy', await zipOf('async () => ({})'));
    await sandbox.clients.lambda().send(
      new PutFunctionConcurrencyCommand({
        FunctionName: 'busy',
        ReservedConcurrentExecutions: 0,
      }),
    );
    expect(await failure({ functionArn })).toMatchObject({
      errorCode: 'TooManyRequestsException',
      httpStatus: 429,
    });
  });

  it('says what a function is that is made for uploads only', async () => {
    const functionArn = await makeFunction('uploads', await zipOf('async () => ({ ok: true })'));
    expect(await failure({ functionArn })).toMatchObject({
      errorCode: 'PermanentFailure',
      message: 'Invalid JSON returned in Lambda payload',
    });
  });

  it('says readably what a function threw', async () => {
    const code = "async () => { throw new TypeError('x is null'); }";
    const functionArn = await makeFunction('throws', await zipOf(code));
    expect(await failure({ functionArn })).toMatchObject({
      errorCode: 'PermanentFailure',
      message: 'TypeError: x is null',
    });
  });
});
