import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectTaggingCommand,
  DeleteObjectsCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import type { Event } from '@aws-sdk/client-s3';
import {
  DeleteFunctionConcurrencyCommand,
  DeleteFunctionCommand,
  PutFunctionConcurrencyCommand,
  RemovePermissionCommand,
} from '@aws-sdk/client-lambda';
import { Upload } from '@aws-sdk/lib-storage';
import { CreateJobCommand } from '@aws-sdk/client-s3-control';
import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { S3EventRecord } from 'aws-lambda';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { controlClient, waitForJob } from './controlClients.ts';
import { FunctionWorld, bundled } from './functionWorld.ts';
import type { Recorded } from './functionWorld.ts';
import type { TestSandbox } from './testSandbox.ts';
import { failure, startTestSandbox } from './testSandbox.ts';

const RECORD = 'exports.handler = async event => record(event);';
let test: TestSandbox;
let world: FunctionWorld;
let names = 0;
beforeAll(async () => {
  test = await startTestSandbox();
  world = await FunctionWorld.open(test.sandbox);
});
afterAll(async () => {
  await world.close();
  await test.close();
});
afterEach(() => {
  (test.log as string[]).length = 0;
});

/** A bucket and a function of the same name that gets its events. */
async function bucketWithFunction(
  events: readonly Event[] = ['s3:ObjectCreated:*', 's3:ObjectRemoved:*', 's3:ObjectTagging:*'],
  filter: readonly { Name: 'prefix' | 'suffix'; Value: string }[] = [],
): Promise<{ Bucket: string; arn: string }> {
  names += 1;
  const Bucket = `events-${names}`;
  await test.s3.send(new CreateBucketCommand({ Bucket }));
  const arn = await world.create(Bucket, RECORD, { buckets: [Bucket] });
  await notify(Bucket, arn, events, filter);
  return { Bucket, arn };
}

async function notify(
  Bucket: string,
  LambdaFunctionArn: string,
  events: readonly Event[],
  filter: readonly { Name: 'prefix' | 'suffix'; Value: string }[] = [],
): Promise<void> {
  const Filter = filter.length > 0 ? { Key: { FilterRules: [...filter] } } : undefined;
  await test.s3.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket,
      NotificationConfiguration: {
        LambdaFunctionConfigurations: [
          { Id: 'rule', LambdaFunctionArn, Events: [...events], Filter },
        ],
      },
    }),
  );
}

const put = (Bucket: string, Key: string, Body = 'x') =>
  test.s3.send(new PutObjectCommand({ Bucket, Key, Body }));
const recordOf = (recorded: Recorded): S3EventRecord => recorded.event.Records[0]!;
/** Until nothing more can come: the outbox and the queue are empty. */
async function settled(): Promise<void> {
  const { s3, lambda } = test.sandbox.services;
  do await new Promise(resolve => setTimeout(resolve, 20));
  while (s3.outbox.first(1).length > 0 || lambda.queuedEvents > 0);
}

it('tells a function of a new object as AWS does', async () => {
  const { Bucket } = await bucketWithFunction();
  const answer = await put(Bucket, 'Happy Face+é.jpg', 'hello');
  const [recorded] = await world.untilRecorded(Bucket, 1);
  expect(recorded!.event.Records).toHaveLength(1);
  expect(recordOf(recorded!)).toEqual({
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: 'us-east-1',
    eventTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z$/) as string,
    eventName: 'ObjectCreated:Put',
    userIdentity: { principalId: 'AWS:AIDASANDBOXUSERAAAAAA' },
    requestParameters: { sourceIPAddress: '127.0.0.1' },
    responseElements: {
      'x-amz-request-id': answer.$metadata.requestId,
      'x-amz-id-2': answer.$metadata.extendedRequestId,
    },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId: 'rule',
      bucket: {
        name: Bucket,
        ownerIdentity: { principalId: `A3${test.sandbox.accountId}` },
        arn: `arn:aws:s3:::${Bucket}`,
      },
      object: {
        key: 'Happy+Face%2B%C3%A9.jpg',
        size: 5,
        eTag: '5d41402abc4b2a76b9719d911017c592',
        sequencer: expect.stringMatching(/^[0-9A-F]{18}$/) as string,
      },
    },
  });
  expect(recorded!.trace).toMatch(/;Lineage=[0-9a-f]{8}:1$/);
});

it('names each kind of change', async () => {
  const { Bucket } = await bucketWithFunction();
  await put(Bucket, 'a');
  await test.s3.send(new CopyObjectCommand({ Bucket, Key: 'b', CopySource: `${Bucket}/a` }));
  const Body = Buffer.alloc(6_000_000);
  await new Upload({ client: test.s3, params: { Bucket, Key: 'parts', Body } }).done();
  const Tagging = { TagSet: [{ Key: 'k', Value: 'v' }] };
  await test.s3.send(new PutObjectTaggingCommand({ Bucket, Key: 'a', Tagging }));
  await test.s3.send(new DeleteObjectTaggingCommand({ Bucket, Key: 'a' }));
  await test.s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
  const Delete = { Objects: [{ Key: 'b' }, { Key: 'never there' }] };
  await test.s3.send(new DeleteObjectsCommand({ Bucket, Delete }));
  await settled();
  const records = (await world.recorded(Bucket)).map(recordOf);
  const seen = records.map(({ eventName, s3 }) => `${eventName} ${s3.object.key}`);
  expect(seen.toSorted()).toEqual(
    [
      'ObjectCreated:Put a',
      'ObjectCreated:Copy b',
      'ObjectCreated:CompleteMultipartUpload parts',
      'ObjectTagging:Put a',
      'ObjectTagging:Delete a',
      'ObjectRemoved:Delete a',
      'ObjectRemoved:Delete b',
      // Recorded from AWS: of several keys each is told of, there or not.
      'ObjectRemoved:Delete never+there',
    ].toSorted(),
  );
  const parts = records.find(({ s3 }) => s3.object.key === 'parts')!;
  expect(parts.s3.object).toMatchObject({ size: 6_000_000 });
  expect(parts.s3.object.eTag).toMatch(/^[0-9a-f]{32}-2$/);
});

it('tells versions and delete markers of a versioned bucket', async () => {
  const { Bucket } = await bucketWithFunction();
  const VersioningConfiguration = { Status: 'Enabled' as const };
  await test.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  const { VersionId } = await put(Bucket, 'a');
  const marker = await test.s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
  await test.s3.send(new DeleteObjectCommand({ Bucket, Key: 'a', VersionId }));
  await settled();
  const records = (await world.recorded(Bucket)).map(recordOf);
  const versions = records.map(({ eventName, s3 }) => [eventName, s3.object.versionId]);
  expect(versions).toHaveLength(3);
  expect(versions).toEqual(
    expect.arrayContaining([
      ['ObjectCreated:Put', VersionId],
      ['ObjectRemoved:DeleteMarkerCreated', marker.VersionId],
      ['ObjectRemoved:Delete', VersionId],
    ]),
  );
  const bySequence = records.toSorted((one, other) =>
    one.s3.object.sequencer < other.s3.object.sequencer ? -1 : 1,
  );
  expect(bySequence.map(({ eventName }) => eventName)).toEqual([
    'ObjectCreated:Put',
    'ObjectRemoved:DeleteMarkerCreated',
    'ObjectRemoved:Delete',
  ]);
});

it('tells only what the filter and the events want', async () => {
  const { Bucket } = await bucketWithFunction(
    ['s3:ObjectCreated:Put'],
    [
      { Name: 'prefix', Value: 'my+pictures/' },
      { Name: 'suffix', Value: '.jpg' },
    ],
  );
  for (const key of [
    'my pictures/a.jpg',
    'my pictures/a.JPG',
    'other/a.jpg',
    'my+pictures/a.jpg',
  ]) {
    await put(Bucket, key);
  }
  const copy = { Bucket, Key: 'my pictures/b.jpg', CopySource: `${Bucket}/other/a.jpg` };
  await test.s3.send(new CopyObjectCommand(copy));
  await settled();
  const keys = (await world.recorded(Bucket)).map(each => recordOf(each).s3.object.key);
  expect(keys).toEqual(['my+pictures/a.jpg']);
});

it('tells nothing of what failed, and nothing after the configuration was emptied', async () => {
  const { Bucket } = await bucketWithFunction();
  const stale = new PutObjectCommand({ Bucket, Key: 'a', Body: 'x', IfMatch: '"no"' });
  expect(await failure(test.s3.send(stale))).toMatchObject({ status: 404 });
  await test.s3.send(
    new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration: {} }),
  );
  await put(Bucket, 'a');
  await settled();
  expect(await world.recorded(Bucket)).toEqual([]);
});

it('refuses a function that S3 may not invoke, until it may', async () => {
  names += 1;
  const Bucket = `events-${names}`;
  await test.s3.send(new CreateBucketCommand({ Bucket }));
  const arn = await world.create(Bucket, RECORD, { buckets: [] });
  const refused = await failure(notify(Bucket, arn, ['s3:ObjectCreated:*']));
  expect(refused).toMatchObject({
    name: 'InvalidArgument',
    status: 400,
    message: 'Unable to validate the following destination configurations',
  });
  expect(refused.error).toMatchObject({
    ArgumentName1: `${arn}, null`,
    ArgumentValue1: `Not authorized to invoke function [${arn}]`,
  });
  await world.allow(Bucket, 'another-bucket');
  expect(await failure(notify(Bucket, arn, ['s3:ObjectCreated:*']))).toMatchObject({ status: 400 });
  await world.allow(Bucket, Bucket);
  const alias = await failure(notify(Bucket, `${arn}:prod`, ['s3:ObjectCreated:*']));
  expect(alias.error).toMatchObject({ ArgumentValue1: 'The destination Lambda does not exist' });
  await notify(Bucket, arn, ['s3:ObjectCreated:*']);
});

it('loses events, and says so, when the permission or the function went away', async () => {
  const { Bucket, arn } = await bucketWithFunction();
  const statement = { FunctionName: Bucket, StatementId: Bucket };
  await world.lambda.send(new RemovePermissionCommand(statement));
  await put(Bucket, 'a b');
  await settled();
  expect(test.log).toEqual([
    `ObjectCreated:Put of ${Bucket}/a+b was lost to ${arn}: the function's policy does not allow S3 to invoke it.`,
  ]);
  await world.lambda.send(new DeleteFunctionCommand({ FunctionName: Bucket }));
  await put(Bucket, 'c');
  await settled();
  expect(test.log[1]).toContain('there is no such function');
  expect(await world.recorded(Bucket)).toEqual([]);
});

it('delivers later what a throttled function could not take', async () => {
  const { Bucket } = await bucketWithFunction();
  // One at a time: the others are throttled and tried again.
  await world.lambda.send(
    new PutFunctionConcurrencyCommand({ FunctionName: Bucket, ReservedConcurrentExecutions: 1 }),
  );
  const keys = Array.from({ length: 6 }, (_, index) => `k${index}`);
  await Promise.all(keys.map(key => put(Bucket, key)));
  const records = await world.untilRecorded(Bucket, keys.length);
  expect(records.map(each => recordOf(each).s3.object.key).toSorted()).toEqual(keys);
  await world.lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName: Bucket }));
});

it('keeps queues, topics and EventBridge apart from functions', async () => {
  const { Bucket, arn } = await bucketWithFunction();
  const queue = `arn:aws:sqs:us-east-1:${test.sandbox.accountId}:q`;
  await test.s3.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket,
      SkipDestinationValidation: true,
      NotificationConfiguration: {
        QueueConfigurations: [{ QueueArn: queue, Events: ['s3:ObjectRemoved:*'] }],
        LambdaFunctionConfigurations: [{ LambdaFunctionArn: arn, Events: ['s3:ObjectCreated:*'] }],
        EventBridgeConfiguration: {},
      },
    }),
  );
  await put(Bucket, 'a');
  await test.s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
  await settled();
  expect(await world.recorded(Bucket)).toHaveLength(1);
  expect(test.log).toEqual([
    `ObjectRemoved:Delete of ${Bucket}/a was lost to ${queue}: the sandbox has no SQS.`,
  ]);
});

it('tells of what roles and batch jobs do, and who they are', async () => {
  const { Bucket } = await bucketWithFunction(['s3:ObjectTagging:*']);
  const { ETag } = await put(Bucket, 'm.csv', `${Bucket},m.csv\n`);
  const RoleArn = await world.role(`job-${Bucket}`, 'batchoperations.s3.amazonaws.com', [
    { Effect: 'Allow', Action: 's3:*', Resource: '*' },
  ]);
  const control = controlClient(test.sandbox);
  const { accountId: AccountId } = test.sandbox;
  const { JobId } = await control.send(
    new CreateJobCommand({
      AccountId,
      Operation: { S3PutObjectTagging: { TagSet: [{ Key: 'k', Value: 'v' }] } },
      Manifest: {
        Spec: { Format: 'S3BatchOperations_CSV_20180820', Fields: ['Bucket', 'Key'] },
        Location: {
          ObjectArn: `arn:aws:s3:::${Bucket}/m.csv`,
          ETag: ETag!.replaceAll('"', ''),
        },
      },
      Report: { Enabled: false },
      RoleArn,
      Priority: 1,
      ConfirmationRequired: false,
    }),
  );
  await waitForJob(control, { AccountId, JobId });
  const [recorded] = await world.untilRecorded(Bucket, 1);
  expect(recordOf(recorded!)).toMatchObject({
    eventName: 'ObjectTagging:Put',
    eventVersion: '2.3',
    userIdentity: {
      principalId: expect.stringMatching(new RegExp(`^AWS:AROA\\w+:s3-batch-${JobId}$`)) as string,
    },
    requestParameters: { sourceIPAddress: 's3.amazonaws.com' },
    s3: { object: { key: 'm.csv' } },
  });
});

it('stops a function that feeds itself after about 16 calls', async () => {
  names += 1;
  const Bucket = `events-${names}`;
  await test.s3.send(new CreateBucketCommand({ Bucket }));
  const code = bundled(`
    const { S3Client, PutObjectCommand } = require('@aws-sdk/client-s3');
    const s3 = new S3Client({ forcePathStyle: true });
    exports.handler = async event => {
      record(event);
      const { bucket, object } = event.Records[0].s3;
      await s3.send(new PutObjectCommand({ Bucket: bucket.name, Key: object.key + 'x', Body: '' }));
    };
  `);
  const arn = await world.create(Bucket, code, {
    buckets: [Bucket],
    statements: [{ Effect: 'Allow', Action: 's3:PutObject', Resource: '*' }],
  });
  await notify(Bucket, arn, ['s3:ObjectCreated:*']);
  await put(Bucket, 'loop');
  await world.untilRecorded(Bucket, 16);
  await settled();
  const records = await world.recorded(Bucket);
  expect(records.map(each => recordOf(each).s3.object.key.length - 4)).toEqual(
    Array.from({ length: 16 }, (_, index) => index),
  );
  // One chain: the root stays, the count grows.
  const roots = new Set(records.map(({ trace }) => /Root=([^;]+)/.exec(trace!)![1]));
  expect(roots.size).toBe(1);
  expect(records.at(-1)!.trace).toMatch(/;Lineage=[0-9a-f]{8}:16$/);
  expect(test.log).toEqual([
    `ObjectCreated:Put of ${Bucket}/loop${'x'.repeat(16)} was lost to ${arn}: its calls cause each other in a loop.`,
  ]);
  expect(await dropped(Bucket)).toBe(1);
});

async function dropped(FunctionName: string): Promise<number> {
  const { endpoint, region } = test.sandbox;
  const client = new CloudWatchClient({ endpoint, region, credentials: test.sandbox });
  const now = Date.now();
  const { MetricDataResults } = await client.send(
    new GetMetricDataCommand({
      StartTime: new Date(now - 600_000),
      EndTime: new Date(now + 60_000),
      MetricDataQueries: [
        {
          Id: 'dropped',
          MetricStat: {
            Metric: {
              Namespace: 'AWS/Lambda',
              MetricName: 'RecursiveInvocationsDropped',
              Dimensions: [{ Name: 'FunctionName', Value: FunctionName }],
            },
            Period: 60,
            Stat: 'Sum',
          },
        },
      ],
    }),
  );
  client.destroy();
  return (MetricDataResults![0]!.Values ?? []).reduce((sum, value) => sum + value, 0);
}

it('delivers what comes after an event that can go nowhere', async () => {
  const { Bucket } = await bucketWithFunction();
  const payload = JSON.stringify({ Records: [] });
  const nowhere = { bucket: Bucket, kind: 'lambda', payload, traceHeader: undefined } as const;
  for (const arn of ['', 'arn:aws1:lambda:us-east-1:123456789012:function:f']) {
    test.sandbox.services.s3.outbox.add({ ...nowhere, arn });
  }
  await put(Bucket, 'a');
  await world.untilRecorded(Bucket, 1);
});
