import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { GetRoleCommand } from '@aws-sdk/client-iam';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { CreateJobCommand } from '@aws-sdk/client-s3-control';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../src/sandbox/clock.ts';
import { rolePrincipal } from '../../src/sandbox/principal.ts';
import { controlClient, iamClient, waitForJob } from './controlClients.ts';
import { FunctionWorld } from './functionWorld.ts';
import { errorCode, sendSigned } from './signedRequest.ts';
import type { TestSandbox } from './testSandbox.ts';
import { failure, startTestSandbox } from './testSandbox.ts';

let test: TestSandbox;
beforeEach(async () => {
  test = await startTestSandbox();
});
afterEach(() => test.close());

const fileOf = (): string => join(test.directory, 'faults.json');

/** Writes the file, and waits until the sandbox has seen it. */
async function ask(rules: readonly object[] | string): Promise<string> {
  const before = test.log.length;
  await writeFile(fileOf(), typeof rules === 'string' ? rules : JSON.stringify({ rules }));
  await expect.poll(() => test.log.length).toBeGreaterThan(before);
  return test.log.at(-1)!;
}

const codes = async (count: number): Promise<(string | undefined)[]> => {
  const all = [];
  for (let index = 0; index < count; index += 1) {
    const { body } = await sendSigned(test.sandbox, { path: '/?list-type=2' });
    all.push(/<Code>(.*?)</.exec(body)?.[1]);
  }
  return all;
};

/** What a window reads of it. */
const shown = async (): Promise<unknown> =>
  (JSON.parse(await readFile(join(test.directory, 'sandbox.json'), 'utf8')) as { faults?: unknown })
    .faults;

describe('the file of faults', () => {
  it('is off when it is not there, on while it is, and said each time', async () => {
    expect(await shown()).toBeUndefined();
    const said = await ask([{ fault: 'SlowDown', service: 's3', times: 2 }]);
    expect(said).toBe('Faults on request, by faults.json: SlowDown s3 2 times.');
    expect(await shown()).toEqual({ rules: ['SlowDown s3 2 times'] });
    const refused = await failure(test.s3.send(new ListBucketsCommand({})));
    expect([refused.name, refused.status]).toEqual(['SlowDown', 503]);
    expect(await codes(2)).toEqual(['SlowDown', undefined]);
    await rm(fileOf());
    await expect.poll(() => test.log.at(-1)).toMatch(/is gone: no faults/);
    expect(await shown()).toBeUndefined();
  });

  it('that is wrong is said with the rule, and nothing of it is used', async () => {
    await ask([{ fault: 'SlowDown' }]);
    const said = await ask([{ fault: 'SlowDown' }, { fault: 'SlowDown', shares: 0.5 }]);
    expect(said).toMatch(
      /^faults\.json can't be used, so there are no faults on request: rule 2 \(SlowDown\): "shares" is not known here/,
    );
    expect(await codes(1)).toEqual([undefined]);
    expect(await shown()).toMatchObject({
      rules: [],
      problem: expect.stringMatching(/^rule 2/) as string,
    });
    expect(await ask('{')).toMatch(/it is no JSON/);
  });

  it('is met by operations of every protocol by their names', async () => {
    await ask([
      { fault: 'AccessDenied', service: 's3', operation: 'GetObject' },
      { fault: 'SlowDown', service: 'iam', operation: 'GetRole' },
      { fault: 'SlowDown', service: 's3control', operation: 'CreateJob' },
      { fault: 'InternalError', service: 'lambda', operation: 'Invoke' },
      { fault: 'SlowDown', service: 'cloudwatch', operation: 'GetMetricData' },
    ]);
    await test.s3.send(new CreateBucketCommand({ Bucket: 'bucket-b' }));
    await test.s3.send(new HeadBucketCommand({ Bucket: 'bucket-b' }));
    const read = await failure(
      test.s3.send(new GetObjectCommand({ Bucket: 'bucket-b', Key: 'k' })),
    );
    expect([read.name, read.status]).toEqual(['AccessDenied', 403]);
    const iam = iamClient(test.sandbox);
    expect((await failure(iam.send(new GetRoleCommand({ RoleName: 'r' })))).name).toBe(
      'Throttling',
    );
    const control = controlClient(test.sandbox);
    const job = new CreateJobCommand({
      AccountId: test.sandbox.accountId,
      Operation: { S3DeleteObjectTagging: {} },
      Report: { Enabled: false },
      Priority: 1,
      RoleArn: 'arn:aws:iam::123456789012:role/r',
    });
    expect((await failure(control.send(job))).name).toBe('TooManyRequestsException');
    const { lambda } = await FunctionWorld.open(test.sandbox);
    const invoked = await failure(lambda.send(new InvokeCommand({ FunctionName: 'f' })));
    expect([invoked.name, invoked.status]).toEqual(['ServiceException', 500]);
    const metrics = new CloudWatchClient({
      endpoint: test.sandbox.endpoint,
      region: test.sandbox.region,
      credentials: test.sandbox,
      maxAttempts: 1,
    });
    const asked = new GetMetricDataCommand({
      StartTime: new Date(0),
      EndTime: new Date(),
      MetricDataQueries: [],
    });
    expect((await failure(metrics.send(asked))).name).toMatch(/^Throttling/);
  });
});

describe('the header x-amz-sandbox-fault', () => {
  const send = (fault: string, options = {}) =>
    sendSigned(test.sandbox, { headers: { 'x-amz-sandbox-fault': fault } }, options);

  it('asks for a fault of its own request', async () => {
    expect(errorCode(await send('SlowDown'))).toBe('SlowDown');
    expect(errorCode(await send('AccessDenied'))).toBe('AccessDenied');
    expect((await send('InternalError')).status).toBe(500);
    expect((await send('latency=1')).status).toBe(200);
    const wrong = await send('slow down');
    expect([wrong.status, errorCode(wrong)]).toEqual([400, 'InvalidArgument']);
    expect((await sendSigned(test.sandbox, {})).status).toBe(200);
  });

  it('is refused from a role', async () => {
    const world = await FunctionWorld.open(test.sandbox);
    const allowed = { Effect: 'Allow', Action: 's3:*', Resource: '*' };
    const role = await world.role('r', 'lambda.amazonaws.com', [allowed]);
    const { credentials, iam } = test.sandbox.services;
    const found = iam.findByArn(role)!;
    expect(found.tooNew).toBeUndefined();
    const session = credentials.createSession(rolePrincipal(found, 'session'), 900);
    const answer = await send('SlowDown', session);
    expect([answer.status, errorCode(answer)]).toEqual([403, 'AccessDenied']);
    expect(answer.body).toContain("sandbox's own user only");
  });
});

describe('faults of roles, metrics, functions and tasks', () => {
  it('let a new role be assumed late', async () => {
    const clock = new FakeClock();
    const late = await startTestSandbox({ clock });
    await writeFile(
      join(late.directory, 'faults.json'),
      '{"rules":[{"fault":"lateRole","seconds":10}]}',
    );
    await expect.poll(() => late.log.at(-1)).toMatch(/lateRole 10 s/);
    const world = await FunctionWorld.open(late.sandbox);
    const create = (name: string) => failure(world.create(name, 'exports.handler = () => 1;'));
    const refused = await create('late');
    expect(refused.name).toBe('InvalidParameterValueException');
    expect(refused.message).toBe('The role defined for the function cannot be assumed by Lambda.');
    clock.advance(10_000);
    const { iam } = late.sandbox.services;
    expect(iam.find('late')?.tooNew).toBeUndefined();
    await world.close();
    await late.close();
  });

  it('tell of metrics late', async () => {
    await ask([{ fault: 'lateMetrics', seconds: 120 }]);
    const { metrics } = test.sandbox.services;
    const at = (minutes: number) => new Date(Date.now() - minutes * 60_000);
    const datum = { namespace: 'n', metricName: 'm', dimensions: {}, unit: 'Count' } as const;
    metrics.put([
      { ...datum, timestamp: at(10), value: 1 },
      { ...datum, timestamp: at(0), value: 2 },
    ]);
    const values = (): number[] => {
      const end = Math.ceil(Date.now() / 60_000) * 60;
      const range = { start: end - 1200, end };
      return metrics.aggregates(metrics.series(datum), 60, range).map(({ sum }) => sum);
    };
    expect(values()).toEqual([1]);
    await ask([]);
    expect(values()).toEqual([1, 2]);
  });

  it('kill a function while it runs', async () => {
    const world = await FunctionWorld.open(test.sandbox);
    await world.create('victim', 'exports.handler = async () => "done";');
    await ask([{ fault: 'killFunction', function: 'victim', times: 1 }]);
    const invoke = async () => {
      const { FunctionError, Payload } = await world.lambda.send(
        new InvokeCommand({ FunctionName: 'victim' }),
      );
      return [FunctionError, Buffer.from(Payload!).toString()];
    };
    expect(await invoke()).toEqual(['Unhandled', expect.stringContaining('signal: killed')]);
    expect(await invoke()).toEqual([undefined, '"done"']);
    await world.close();
  });

  it('fail tasks of a job, which says so in its report', async () => {
    const world = await FunctionWorld.open(test.sandbox);
    const Bucket = 'tasks';
    await test.s3.send(new CreateBucketCommand({ Bucket }));
    const keys = ['one', 'two', 'three', 'four'];
    for (const Key of keys) await test.s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
    const Body = keys.map(key => `${Bucket},${key}\n`).join('');
    const { ETag } = await test.s3.send(new PutObjectCommand({ Bucket, Key: 'm.csv', Body }));
    const allowed = { Effect: 'Allow', Action: 's3:*', Resource: '*' };
    const RoleArn = await world.role('job', 'batchoperations.s3.amazonaws.com', [allowed]);
    await ask([
      { fault: 'AccessDenied', where: 'tasks', nth: 3 },
      { fault: 'SlowDown', where: 'tasks', nth: 4 },
    ]);
    const AccountId = test.sandbox.accountId;
    const control = controlClient(test.sandbox);
    const { JobId } = await control.send(
      new CreateJobCommand({
        AccountId,
        ConfirmationRequired: false,
        Operation: { S3PutObjectTagging: { TagSet: [{ Key: 'a', Value: 'b' }] } },
        Manifest: {
          Spec: { Format: 'S3BatchOperations_CSV_20180820', Fields: ['Bucket', 'Key'] },
          Location: { ObjectArn: `arn:aws:s3:::${Bucket}/m.csv`, ETag: ETag?.replaceAll('"', '') },
        },
        Report: {
          Enabled: true,
          Bucket: `arn:aws:s3:::${Bucket}`,
          Format: 'Report_CSV_20180820',
          ReportScope: 'FailedTasksOnly',
        },
        Priority: 1,
        RoleArn,
      }),
    );
    const job = await waitForJob(control, { AccountId, JobId });
    expect(job.ProgressSummary).toMatchObject({
      NumberOfTasksSucceeded: 2,
      NumberOfTasksFailed: 2,
    });
    const { Contents } = await test.s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'job-' }));
    const Key = Contents!.find(object => object.Key!.endsWith('.csv'))!.Key;
    const { Body: report } = await test.s3.send(new GetObjectCommand({ Bucket, Key }));
    const rows = (await report!.transformToString()).trim().split('\r\n');
    expect(rows).toEqual([
      'tasks,three,,failed,403,AccessDenied,Access Denied',
      'tasks,four,,failed,503,SlowDown,Please reduce your request rate.',
    ]);
    await world.close();
  });
});
