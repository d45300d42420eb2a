import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateJobCommand,
  DescribeJobCommand,
  S3ControlClient,
  UpdateJobStatusCommand,
  type JobDescriptor,
  type JobStatus,
} from '@aws-sdk/client-s3-control';
import { MANY_BUCKET, manyKey } from './manyObjects.ts';
import type { Row } from './row.ts';
import { hasBoto3, peakMemoryMb, type Server } from './servers.ts';
import { summarize } from './statistics.ts';

const TAG_POOL = fileURLToPath(new URL('tag_pool.py', import.meta.url));
const MANIFEST = 'manifest.csv';
const ROLE = 'bench-tagger';
/** How often the job is asked for its state, in milliseconds. */
const POLL = 100;

/** What a job is made and followed with. */
interface Clients extends AsyncDisposable {
  readonly s3: S3Client;
  readonly control: S3ControlClient;
  readonly iam: IAMClient;
  readonly accountId: string;
}

/**
 * Tags `count` objects by a batch job, from CreateJob until the report is there, and `pooled` of them by
 * a pool of boto3 threads; then the most memory the sandbox has held in all this.
 */
export async function measureTaggingJob(
  sandbox: Server,
  { count, pooled, rounds }: { count: number; pooled: number; rounds: number },
): Promise<Row[]> {
  await using clients = createClients(sandbox);
  const roleArn = await createRole(clients);
  const eTag = await putManifest(clients, count);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(count / (await runJob(clients, { count, roleArn, eTag })));
  }
  const peak = peakMemoryMb(sandbox.pid);
  if (hasBoto3()) {
    // All of the objects take minutes: once is enough.
    for (let round = 0; round < (pooled < count ? rounds : 1); round++) {
      theirs.push(pooled / (await tagByPool(sandbox, pooled)));
    }
  }
  const group = `Tagging job, ${count.toLocaleString('en')} objects`;
  const measure = 'CreateJob until the report is written';
  const peer = {
    name: 'boto3, 16 threads',
    sample: theirs.length > 0 ? summarize(theirs) : undefined,
  };
  return [
    {
      group,
      measure,
      unit: 'tasks/s',
      ours: summarize(ours),
      peer: peer.sample && { name: peer.name, sample: peer.sample },
      aim: { ratio: 5 },
    },
    {
      group,
      measure: 'peak memory of the sandbox',
      unit: 'MB',
      ours: summarize([peak]),
      aim: { atMost: 150 },
    },
  ];
}

function createClients(sandbox: Server): Clients {
  const { region, endpoint } = sandbox;
  const config = { region, endpoint, credentials: sandbox };
  const s3 = new S3Client({ ...config, forcePathStyle: true });
  const iam = new IAMClient(config);
  // The rules of S3 Control's endpoints put the account before the host, an IP address too.
  const url = new URL(endpoint);
  const control = new S3ControlClient({ ...config, endpointProvider: () => ({ url }) });
  return {
    s3,
    iam,
    control,
    accountId: sandbox.accountId,
    [Symbol.asyncDispose]() {
      for (const client of [s3, iam, control]) client.destroy();
      return Promise.resolve();
    },
  };
}

/** Makes the role of the job: what it may do is what tagging needs and no more. */
async function createRole({ iam }: Clients): Promise<string> {
  const trust = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'batchoperations.s3.amazonaws.com' },
        Action: 'sts:AssumeRole',
      },
    ],
  };
  const arn = `arn:aws:s3:::${MANY_BUCKET}`;
  const policy = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: 's3:PutObjectTagging', Resource: `${arn}/many/*` },
      {
        Effect: 'Allow',
        Action: ['s3:GetObject', 's3:GetObjectVersion'],
        Resource: `${arn}/${MANIFEST}`,
      },
      { Effect: 'Allow', Action: 's3:PutObject', Resource: `${arn}/reports/*` },
    ],
  };
  const role = await iam.send(
    new CreateRoleCommand({ RoleName: ROLE, AssumeRolePolicyDocument: JSON.stringify(trust) }),
  );
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: ROLE,
      PolicyName: 'tag',
      PolicyDocument: JSON.stringify(policy),
    }),
  );
  return role.Role?.Arn ?? '';
}

async function putManifest({ s3 }: Clients, count: number): Promise<string> {
  const rows = Array.from({ length: count }, (_, number) => `${MANY_BUCKET},${manyKey(number)}\n`);
  const put = new PutObjectCommand({ Bucket: MANY_BUCKET, Key: MANIFEST, Body: rows.join('') });
  return (await s3.send(put)).ETag?.replaceAll('"', '') ?? '';
}

/** Creates a job, confirms it and waits for its end and its report. Answers the seconds it took. */
async function runJob(
  clients: Clients,
  { count, roleArn, eTag }: { count: number; roleArn: string; eTag: string },
): Promise<number> {
  const { control, accountId: AccountId } = clients;
  const bucketArn = `arn:aws:s3:::${MANY_BUCKET}`;
  const start = performance.now();
  const { JobId } = await control.send(
    new CreateJobCommand({
      AccountId,
      ConfirmationRequired: true,
      Operation: { S3PutObjectTagging: { TagSet: [{ Key: 'phototype', Value: 'finished' }] } },
      Manifest: {
        Spec: { Format: 'S3BatchOperations_CSV_20180820', Fields: ['Bucket', 'Key'] },
        Location: { ObjectArn: `${bucketArn}/${MANIFEST}`, ETag: eTag },
      },
      Report: {
        Enabled: true,
        Bucket: bucketArn,
        Format: 'Report_CSV_20180820',
        Prefix: 'reports',
        ReportScope: 'AllTasks',
      },
      Priority: 10,
      RoleArn: roleArn,
    }),
  );
  await waitFor(clients, JobId, 'Suspended');
  await control.send(new UpdateJobStatusCommand({ AccountId, JobId, RequestedJobStatus: 'Ready' }));
  const job = await waitFor(clients, JobId, 'Complete');
  await waitForReport(clients, JobId);
  const succeeded = job.ProgressSummary?.NumberOfTasksSucceeded;
  if (succeeded !== count) throw new Error(`${succeeded ?? 'No'} tasks of ${count} succeeded`);
  return (performance.now() - start) / 1000;
}

async function waitFor(
  { control, accountId: AccountId }: Clients,
  JobId: string | undefined,
  status: JobStatus,
): Promise<JobDescriptor> {
  for (;;) {
    const { Job } = await control.send(new DescribeJobCommand({ AccountId, JobId }));
    if (!Job) throw new Error('DescribeJob answered no job');
    if (Job.Status === status) return Job;
    if (Job.Status === 'Failed') throw new Error(JSON.stringify(Job.FailureReasons));
    await sleep(POLL);
  }
}

async function waitForReport({ s3 }: Clients, jobId: string | undefined): Promise<void> {
  const prefix = `reports/job-${jobId ?? ''}/manifest.json`;
  const list = new ListObjectsV2Command({ Bucket: MANY_BUCKET, Prefix: prefix });
  while (((await s3.send(list)).KeyCount ?? 0) === 0) await sleep(POLL);
}

async function tagByPool(sandbox: Server, count: number): Promise<number> {
  const child = spawn('python3', [TAG_POOL, sandbox.endpoint, MANY_BUCKET], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      ...process.env,
      AWS_ACCESS_KEY_ID: sandbox.accessKeyId,
      AWS_SECRET_ACCESS_KEY: sandbox.secretAccessKey,
      AWS_REGION: sandbox.region,
      AWS_DEFAULT_REGION: sandbox.region,
    },
  });
  const exited = once(child, 'exit');
  child.stdin.end(Array.from({ length: count }, (_, number) => manyKey(number)).join('\n'));
  const seconds = await text(child.stdout);
  const [code] = (await exited) as [number | null];
  if (code !== 0) throw new Error('The pool of boto3 threads failed');
  return Number(seconds);
}
