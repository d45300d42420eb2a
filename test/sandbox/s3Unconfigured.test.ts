import {
  CreateBucketCommand,
  DeleteBucketAnalyticsConfigurationCommand,
  DeleteBucketCorsCommand,
  DeleteBucketIntelligentTieringConfigurationCommand,
  DeleteBucketInventoryConfigurationCommand,
  DeleteBucketLifecycleCommand,
  DeleteBucketMetricsConfigurationCommand,
  DeleteBucketReplicationCommand,
  DeleteBucketWebsiteCommand,
  GetBucketAbacCommand,
  GetBucketAccelerateConfigurationCommand,
  GetBucketAnalyticsConfigurationCommand,
  GetBucketCorsCommand,
  GetBucketIntelligentTieringConfigurationCommand,
  GetBucketInventoryConfigurationCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLoggingCommand,
  GetBucketMetricsConfigurationCommand,
  GetBucketReplicationCommand,
  GetBucketRequestPaymentCommand,
  GetBucketWebsiteCommand,
  GetObjectLegalHoldCommand,
  GetObjectLockConfigurationCommand,
  GetObjectRetentionCommand,
  ListBucketAnalyticsConfigurationsCommand,
  ListBucketIntelligentTieringConfigurationsCommand,
  ListBucketInventoryConfigurationsCommand,
  ListBucketMetricsConfigurationsCommand,
  PutBucketCorsCommand,
  PutBucketRequestPaymentCommand,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  PutObjectRetentionCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestSandbox } from './testSandbox.ts';
import { failure, startTestSandbox } from './testSandbox.ts';

// Codes, statuses and messages are those that LocalStack's suite recorded from AWS.

const Bucket = 'unconfigured';
const [Key, Id] = ['k', 'one'];
let test: TestSandbox;
beforeAll(async () => {
  test = await startTestSandbox();
  await test.s3.send(new CreateBucketCommand({ Bucket }));
  await test.s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
});
afterAll(() => test.close());

/** Any command: the client is not told which, so that tables of them can be made. */
const send = (command: unknown): Promise<Record<string, unknown>> =>
  test.s3.send(command as GetBucketAbacCommand) as Promise<unknown> as Promise<
    Record<string, unknown>
  >;

it.each([
  [
    new GetObjectLockConfigurationCommand({ Bucket }),
    'ObjectLockConfigurationNotFoundError',
    'Object Lock configuration does not exist for this bucket',
  ],
  [
    new GetBucketLifecycleConfigurationCommand({ Bucket }),
    'NoSuchLifecycleConfiguration',
    'The lifecycle configuration does not exist',
  ],
  [
    new GetBucketCorsCommand({ Bucket }),
    'NoSuchCORSConfiguration',
    'The CORS configuration does not exist',
  ],
  [
    new GetBucketWebsiteCommand({ Bucket }),
    'NoSuchWebsiteConfiguration',
    'The specified bucket does not have a website configuration',
  ],
  [
    new GetBucketReplicationCommand({ Bucket }),
    'ReplicationConfigurationNotFoundError',
    'The replication configuration was not found',
  ],
])('what is not configured is said to be so: %o', async (command, name, message) => {
  expect(await failure(send(command))).toMatchObject({
    name,
    status: 404,
    message,
    error: { BucketName: Bucket },
  });
});

it.each([
  new GetBucketInventoryConfigurationCommand({ Bucket, Id }),
  new GetBucketAnalyticsConfigurationCommand({ Bucket, Id }),
  new GetBucketMetricsConfigurationCommand({ Bucket, Id }),
  new GetBucketIntelligentTieringConfigurationCommand({ Bucket, Id }),
  new DeleteBucketInventoryConfigurationCommand({ Bucket, Id }),
  new DeleteBucketAnalyticsConfigurationCommand({ Bucket, Id }),
  new DeleteBucketMetricsConfigurationCommand({ Bucket, Id }),
  new DeleteBucketIntelligentTieringConfigurationCommand({ Bucket, Id }),
])('none of several configurations is there: %o', async command => {
  expect(await failure(send(command))).toMatchObject({
    name: 'NoSuchConfiguration',
    status: 404,
    message: 'The specified configuration does not exist.',
  });
});

it.each([
  new ListBucketInventoryConfigurationsCommand({ Bucket }),
  new ListBucketAnalyticsConfigurationsCommand({ Bucket }),
  new ListBucketMetricsConfigurationsCommand({ Bucket }),
  new ListBucketIntelligentTieringConfigurationsCommand({ Bucket }),
])('there is nothing to list: %o', async command => {
  const { $metadata, ...answer } = await send(command);
  expect($metadata).toMatchObject({ httpStatusCode: 200 });
  expect(answer).toEqual({ IsTruncated: false });
});

it.each([
  [new GetBucketLoggingCommand({ Bucket }), {}],
  [new GetBucketAccelerateConfigurationCommand({ Bucket }), {}],
  [new GetBucketRequestPaymentCommand({ Bucket }), { Payer: 'BucketOwner' }],
  [new GetBucketAbacCommand({ Bucket }), { AbacStatus: { Status: 'Disabled' } }],
])('what every bucket has is answered: %o', async (command, expected) => {
  const { $metadata, ...answer } = await send(command);
  expect($metadata).toMatchObject({ httpStatusCode: 200 });
  expect(answer).toEqual(expected);
});

it.each([
  new DeleteBucketLifecycleCommand({ Bucket }),
  new DeleteBucketCorsCommand({ Bucket }),
  new DeleteBucketWebsiteCommand({ Bucket }),
  new DeleteBucketReplicationCommand({ Bucket }),
])('deleting what is not there succeeds: %o', async command => {
  expect(await send(command)).toMatchObject({ $metadata: { httpStatusCode: 204 } });
});

it.each([
  new GetObjectRetentionCommand({ Bucket, Key }),
  new GetObjectLegalHoldCommand({ Bucket, Key }),
  new PutObjectLegalHoldCommand({ Bucket, Key, LegalHold: { Status: 'ON' } }),
  new PutObjectRetentionCommand({ Bucket, Key, Retention: { Mode: 'GOVERNANCE' } }),
])('no object has a lock: %o', async command => {
  expect(await failure(send(command))).toMatchObject({
    name: 'InvalidRequest',
    status: 400,
    message: 'Bucket is missing Object Lock Configuration',
  });
});

it('is asked of a bucket that there is', async () => {
  expect(await failure(send(new GetBucketCorsCommand({ Bucket: 'nowhere' })))).toMatchObject({
    name: 'NoSuchBucket',
    status: 404,
  });
});

it('is refused by name when it is to be configured', async () => {
  const cors = send(
    new PutBucketCorsCommand({
      Bucket,
      CORSConfiguration: { CORSRules: [{ AllowedMethods: ['GET'], AllowedOrigins: ['*'] }] },
    }),
  );
  expect(await failure(cors)).toMatchObject({ status: 501, error: { Operation: 'PutBucketCors' } });
  const payer = send(
    new PutBucketRequestPaymentCommand({
      Bucket,
      RequestPaymentConfiguration: { Payer: 'Requester' },
    }),
  );
  expect(await failure(payer)).toMatchObject({ error: { Operation: 'PutBucketRequestPayment' } });
});
