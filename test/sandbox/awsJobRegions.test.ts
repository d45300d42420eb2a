import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import {
  cancelJob,
  describeJob,
  listJobs,
  runJob,
  setJobPriority,
} from '../../src/aws/batchJobs/batchJobs.ts';
import { createJob, type CreateJobInput } from '../../src/aws/batchJobs/createJob.ts';
import { listBuckets } from '../../src/aws/objects/listing.ts';
import { JobList } from '../../src/jobs/jobList.ts';
import { JobRegions } from '../../src/jobs/jobRegions.ts';
import type { Session } from '../../src/services.ts';
import {
  OTHER,
  OWN,
  startTwoRegions,
  type RegionalRequest,
  type TwoRegions,
} from '../support/twoRegions.ts';

const ACCOUNT = '123456789012';
const CONTROL = `${ACCOUNT}.s3-control.${OTHER}.amazonaws.com`;

const INPUT: CreateJobInput = {
  manifest: {
    bucket: 'assets-eu',
    key: 'manifest.csv',
    eTag: 'abc',
    format: 'S3BatchOperations_CSV_20180820',
    fields: ['Bucket', 'Key'],
  },
  buckets: [{ bucket: 'images-eu' }],
  operation: { name: 'S3PutObjectTagging', tags: [{ key: 'a', value: 'b' }] },
  roleArn: `arn:aws:iam::${ACCOUNT}:role/Batch`,
  report: { bucket: 'assets-eu', scope: 'AllTasks' },
  priority: 1,
  clientRequestToken: 'token',
};

/** Buckets that end in `-eu` are in the other Region, jobs too. */
function account(denied?: string) {
  return (request: RegionalRequest, response: ServerResponse): void => {
    const { host, path, method } = request;
    if (host.includes('s3-control')) control(request, response, denied);
    else if (path === '/' && /^s3\./.test(host)) xml(response, BUCKETS);
    else {
      const region = `${host}${path}`.includes('-eu') ? OTHER : OWN;
      const wrong = request.signedFor !== region;
      response.writeHead(wrong ? 301 : 200, { 'x-amz-bucket-region': region, etag: '"abc"' });
      response.end(method === 'HEAD' ? undefined : '');
    }
  };
}

const bucket = (name: string, region: string): string =>
  `<Bucket><Name>${name}</Name><BucketRegion>${region}</BucketRegion></Bucket>`;
const BUCKETS = `<ListAllMyBucketsResult><Buckets>${bucket('assets', OWN)}${bucket(
  'assets-eu',
  OTHER,
)}</Buckets></ListAllMyBucketsResult>`;

function control({ host, method, path }: RegionalRequest, response: ServerResponse, denied = '') {
  const region = host.split('.')[2] ?? '';
  const jobId = `job-of-${region}`;
  if (region === denied) {
    refuse(response);
    return;
  }
  if (path.endsWith('/priority') || path.endsWith('/status')) {
    xml(response, `<UpdateJob${path.endsWith('/status') ? 'Status' : 'Priority'}Result/>`);
    return;
  }
  if (method === 'POST') {
    xml(response, `<CreateJobResult><JobId>${jobId}</JobId></CreateJobResult>`);
    return;
  }
  const job = `<JobId>${jobId}</JobId><Status>Suspended</Status><Operation>S3PutObjectTagging</Operation>`;
  const text = path.endsWith('/jobs')
    ? `<ListJobsResult><Jobs><member>${job}</member></Jobs></ListJobsResult>`
    : `<DescribeJobResult><Job><JobId>${jobId}</JobId></Job></DescribeJobResult>`;
  xml(response, text);
}

/** S3 Control wraps its errors. */
function refuse(response: ServerResponse): void {
  response.writeHead(403, { 'content-type': 'application/xml' });
  response.end('<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>');
}

function xml(response: ServerResponse, text: string): void {
  response.writeHead(200, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0"?>${text}`);
}

function sessionOf({ clients }: TwoRegions): Session {
  return {
    key: `profile%3Ap/${ACCOUNT}`,
    connection: { id: 'profile:p', label: 'p', region: OWN },
    identity: { accountId: ACCOUNT, arn: '', userId: '', partition: 'aws' },
    clients,
  };
}

function memento() {
  const values = new Map<string, unknown>();
  return {
    keys: () => [...values.keys()],
    get: (key: string, otherwise?: unknown) => values.get(key) ?? otherwise,
    update: (key: string, value: unknown) => Promise.resolve(void values.set(key, value)),
  } as ConstructorParameters<typeof JobRegions>[0];
}

describe('a job in another Region than the connection', () => {
  it('is created where its manifest is', async () => {
    const world = await startTwoRegions(account());
    expect(await createJob(world.clients, INPUT)).toEqual({
      jobId: `job-of-${OTHER}`,
      region: OTHER,
    });
    expect(world.seen().at(-1)).toBe(`POST ${CONTROL}/v20180820/jobs`);
    expect(world.requests.at(-1)?.signedFor).toBe(OTHER);
  });

  it('is created where S3 finds its objects', async () => {
    const world = await startTwoRegions(account());
    const manifest = { sourceBucket: 'images-eu' };
    const created = await createJob(world.clients, { ...INPUT, manifest, buckets: [] });
    expect(created.region).toBe(OTHER);
    expect(world.requests.at(-1)?.host).toBe(CONTROL);
  });

  it.each<[string, Partial<CreateJobInput>, string]>([
    ['its objects', { buckets: [{ bucket: 'images' }] }, 'objects'],
    ['its report', { report: { bucket: 'assets', scope: 'AllTasks' } }, 'report'],
    [
      'its function',
      {
        operation: {
          name: 'LambdaInvoke',
          functionArn: `arn:aws:lambda:${OWN}:${ACCOUNT}:function:resize`,
          schemaVersion: '2.0',
        },
      },
      'function',
    ],
  ])('is not created when %s is elsewhere', async (_, wrong, what) => {
    const world = await startTwoRegions(account());
    await expect(createJob(world.clients, { ...INPUT, ...wrong })).rejects.toMatchObject({
      code: 'InvalidInput',
      problem: { kind: 'otherRegion', what, region: OWN, wanted: OTHER },
    });
    expect(world.requests.some(({ method }) => method === 'POST')).toBe(false);
  });

  it('is described, run, cancelled and given a priority where it is', async () => {
    const world = await startTwoRegions(account());
    const job = { jobId: `job-of-${OTHER}`, region: OTHER };
    expect((await describeJob(world.clients, job)).region).toBe(OTHER);
    await runJob(world.clients, job);
    await cancelJob(world.clients, job);
    await setJobPriority(world.clients, { ...job, priority: 5 });
    expect(world.requests.map(({ host }) => host)).toEqual(Array(4).fill(CONTROL));
    expect(world.requests.map(({ signedFor }) => signedFor)).toEqual(Array(4).fill(OTHER));
    expect((await listJobs(world.clients))[0]?.jobId).toBe(`job-of-${OWN}`);
  });
});

describe('the list of jobs', () => {
  function listOf(world: TwoRegions, regions = new JobRegions(memento())) {
    const session = sessionOf(world);
    const connections = {
      current: session.connection,
      opened: [session.connection],
      onDidChange: () => ({ dispose: () => undefined }),
      onDidChangeAny: () => ({ dispose: () => undefined }),
      session: () => Promise.resolve(session),
    };
    return { list: new JobList(connections, [], regions), session, regions };
  }

  it('holds the jobs of every Region with a bucket, each with its Region', async () => {
    const world = await startTwoRegions(account());
    const { list } = listOf(world);
    await list.read();
    expect(list.regions).toEqual([OWN, OTHER]);
    expect(list.jobs?.map(({ jobId, region }) => [jobId, region])).toEqual([
      [`job-of-${OWN}`, OWN],
      [`job-of-${OTHER}`, OTHER],
    ]);
    const [, second] = list.jobs ?? [];
    expect(list.targetOf(second!)).toEqual({
      jobId: `job-of-${OTHER}`,
      region: OTHER,
      session: `profile%3Ap/${ACCOUNT}`,
    });
    await list.describe(list.targetOf(second!));
    expect(world.requests.at(-1)?.host).toBe(CONTROL);
  });

  it('holds the others when a Region may not be listed, and says which', async () => {
    const world = await startTwoRegions(account(OTHER));
    const { list } = listOf(world);
    const { failures } = await list.read();
    expect(list.jobs?.map(({ region }) => region)).toEqual([OWN]);
    expect(failures).toMatchObject([{ region: OTHER, error: { code: 'AccessDenied' } }]);
    expect(list.failures).toHaveLength(1);
  });

  it('reads a Region in which a job was made, where no bucket is known', async () => {
    const world = await startTwoRegions(account());
    const { session, regions } = listOf(world);
    world.clients.rememberRegion('assets', OWN);
    expect(await regions.of(session)).toEqual([OWN]);
    await regions.add(session, OTHER);
    expect(await regions.of(session)).toEqual([OWN, OTHER]);
  });

  it('asks one Region where the service has an address of its own', async () => {
    const world = await startTwoRegions(account());
    const { session, regions } = listOf(world);
    await listBuckets(world.clients);
    const clients = { ...world.clients, endpoint: 'http://127.0.0.1:9000' };
    expect(await regions.of({ ...session, clients })).toEqual([OWN]);
  });

  it('throws when no Region can be read', async () => {
    const world = await startTwoRegions((request, response) => {
      if (request.host.includes('s3-control')) refuse(response);
      else account()(request, response);
    });
    const { list } = listOf(world);
    await expect(list.read()).rejects.toMatchObject({ code: 'AccessDenied' });
    expect(list.jobs).toBeUndefined();
  });
});
