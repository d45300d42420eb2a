import {
  PutBucketNotificationConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  type Event,
} from '@aws-sdk/client-s3';
import type { CreateJobRequest } from '@aws-sdk/client-s3-control';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AwsClients } from '../../src/aws/clients.ts';
import { writeObject } from '../../src/aws/objects/objects.ts';
import { preflight } from '../../src/aws/preflight/preflight.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';

let sandbox: SandboxClients;
let clients: AwsClients;

beforeAll(async () => {
  sandbox = await startSandboxClients();
  ({ clients } = sandbox);
});
afterAll(() => sandbox.close());

const FUNCTION = 'arn:aws:lambda:us-east-1:123456789012:function:make-thumbnails';
const ROLE = 'arn:aws:iam::123456789012:role/none';

/** A bucket that tells a function of events; its manifest names two objects. */
async function bucketWithEvents(
  events: readonly string[],
  filter: { prefix?: string; suffix?: string } = {},
) {
  const bucket = await sandbox.bucket();
  const client = clients.s3();
  for (const key of ['in/a.png', 'out/b.png'])
    await writeObject(client, { bucket, key, body: 'x' });
  const rules = Object.entries(filter).map(([name, Value]) => ({
    Name: name as 'prefix' | 'suffix',
    Value,
  }));
  await client.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket: bucket,
      SkipDestinationValidation: true,
      NotificationConfiguration: {
        LambdaFunctionConfigurations: [
          {
            ...{ Id: 'thumbnails', LambdaFunctionArn: FUNCTION, Events: events as Event[] },
            ...(rules.length > 0 && { Filter: { Key: { FilterRules: rules } } }),
          },
        ],
      },
    }),
  );
  const body = `${bucket},in/a.png\n${bucket},out/b.png\n`;
  const { eTag: ETag } = await writeObject(client, { bucket, key: 'm.csv', body });
  const Location = { ObjectArn: `arn:aws:s3:::${bucket}/m.csv`, ETag };
  const Spec = { Format: 'S3BatchOperations_CSV_20180820', Fields: ['Bucket', 'Key'] } as const;
  return { bucket, Manifest: { Location, Spec: { ...Spec, Fields: [...Spec.Fields] } } };
}

const TAGGING = { S3PutObjectTagging: { TagSet: [{ Key: 'a', Value: 'b' }] } };

async function events(change: Partial<CreateJobRequest>, through = clients) {
  const request = {
    ...{ Operation: TAGGING, Report: { Enabled: false }, Priority: 1, RoleArn: ROLE },
    ...change,
  };
  const { checks } = await preflight(through, request);
  return checks.filter(({ id }) => id === 'events');
}

describe('event notifications that a job would set off', () => {
  it('are counted, and can be turned off', async () => {
    const { bucket, Manifest } = await bucketWithEvents(['s3:ObjectTagging:*']);
    expect(await events({ Manifest })).toEqual([
      {
        ...{ id: 'events', status: 'warned', subject: bucket },
        reason: {
          kind: 'events',
          event: {
            ...{ bucket, destination: FUNCTION, event: 's3:ObjectTagging:Put', count: 2 },
            ...{ isExact: true, isReport: false },
          },
        },
        fixes: [{ kind: 'disableNotification', bucket, notificationIds: ['thumbnails'] }],
      },
    ]);
  });

  it('may be fewer where only some keys are told of', async () => {
    const { Manifest } = await bucketWithEvents(['s3:ObjectTagging:Put'], { prefix: 'in/' });
    expect(await events({ Manifest })).toMatchObject([
      { reason: { event: { count: 2, isExact: false } } },
    ]);
  });

  it('are none of another kind', async () => {
    const { Manifest } = await bucketWithEvents(['s3:ObjectCreated:*']);
    expect(await events({ Manifest })).toMatchObject([
      { status: 'passed', reason: { kind: 'noEvents' } },
    ]);
    const Operation = { S3DeleteObjectTagging: {} };
    expect(await events({ Manifest, Operation })).toMatchObject([{ status: 'passed' }]);
  });

  it('are those of the report’s files too', async () => {
    const { bucket, Manifest } = await bucketWithEvents(['s3:ObjectCreated:Put']);
    const Report = {
      ...{
        Enabled: true,
        Bucket: `arn:aws:s3:::${bucket}`,
        Format: 'Report_CSV_20180820' as const,
      },
      ReportScope: 'AllTasks' as const,
    };
    expect(await events({ Manifest, Report })).toMatchObject([
      { status: 'passed' },
      { status: 'warned', reason: { event: { isReport: true } } },
    ]);
  });

  it('are those of the bucket that is copied to, below its prefix', async () => {
    const { Manifest } = await bucketWithEvents(['s3:ObjectRemoved:*']);
    const { bucket: target } = await bucketWithEvents(['s3:ObjectCreated:Copy'], {
      prefix: 'copies/',
    });
    const copy = (TargetKeyPrefix: string) => ({
      S3PutObjectCopy: { TargetResource: `arn:aws:s3:::${target}`, TargetKeyPrefix },
    });
    expect(await events({ Manifest, Operation: copy('copies') })).toMatchObject([
      { subject: target, reason: { event: { event: 's3:ObjectCreated:Copy', count: 2 } } },
    ]);
    expect(await events({ Manifest, Operation: copy('elsewhere') })).toMatchObject([
      { subject: target, status: 'passed' },
    ]);
  });

  it('of what a function writes are not known', async () => {
    const { Manifest } = await bucketWithEvents(['s3:ObjectCreated:*']);
    const Operation = { LambdaInvoke: { FunctionArn: FUNCTION } };
    expect(await events({ Manifest, Operation })).toMatchObject([
      { status: 'unchecked', reason: { kind: 'eventsUnknown' } },
    ]);
  });
});

describe('preflight of a function', () => {
  it('finds one that is not there', async () => {
    const { Manifest } = await bucketWithEvents(['s3:ObjectCreated:*']);
    const Operation = { LambdaInvoke: { FunctionArn: FUNCTION } };
    const request = { Operation, Report: { Enabled: false }, Priority: 1, RoleArn: ROLE, Manifest };
    const { checks } = await preflight(clients, request);
    expect(checks.filter(({ id }) => id === 'function')).toMatchObject([
      { status: 'failed', reason: { kind: 'missing' } },
    ]);
  });
});

describe('preflight of Regions', () => {
  it('names what is elsewhere, and what nobody may know', async () => {
    const { bucket, Manifest } = await bucketWithEvents(['s3:ObjectRemoved:*']);
    const report = await sandbox.bucket();
    const regionOfBucket: AwsClients['regionOfBucket'] = name =>
      Promise.resolve(name === report ? 'eu-west-1' : 'us-east-1');
    const Operation = {
      LambdaInvoke: { FunctionArn: FUNCTION.replace('us-east-1', 'us-west-2') },
    };
    const Report = {
      ...{
        Enabled: true,
        Bucket: `arn:aws:s3:::${report}`,
        Format: 'Report_CSV_20180820' as const,
      },
      ReportScope: 'AllTasks' as const,
    };
    const request = { Operation, Report, Priority: 1, RoleArn: ROLE, Manifest };
    const { checks } = await preflight({ ...clients, regionOfBucket }, request);
    expect(checks.filter(({ id }) => id === 'regions')).toEqual([
      {
        ...{ id: 'regions', status: 'failed', subject: report },
        reason: {
          ...{ kind: 'otherRegion', part: 'report', region: 'eu-west-1' },
          jobRegion: 'us-east-1',
        },
        fixes: [{ kind: 'useReportBucket', bucket }, { kind: 'chooseReport' }],
      },
      {
        ...{ id: 'regions', status: 'failed', subject: 'make-thumbnails' },
        reason: {
          ...{ kind: 'otherRegion', part: 'function', region: 'us-west-2' },
          jobRegion: 'us-east-1',
        },
      },
    ]);
  });
});

describe('what an operation needs of its bucket', () => {
  const HOLD = { S3PutObjectLegalHold: { LegalHold: { Status: 'ON' as const } } };
  const ACL = {
    S3PutObjectAcl: { AccessControlPolicy: { CannedAccessControlList: 'private' as const } },
  };

  it.each([
    ['Object Lock', HOLD, 'objectLock'],
    ['ACLs, which a new bucket has not', ACL, 'acls'],
    ['a replication rule', { S3ReplicateObject: {} }, 'replication'],
  ])('is looked at: %s', async (_, Operation, setting) => {
    const { bucket, Manifest } = await bucketWithEvents(['s3:ObjectRemoved:*']);
    const request = { Operation, Report: { Enabled: false }, Priority: 1, RoleArn: ROLE, Manifest };
    const { checks } = await preflight(clients, request);
    expect(checks.filter(({ id }) => id === 'settings')).toEqual([
      {
        ...{ id: 'settings', status: 'failed', subject: bucket },
        reason: { kind: 'setting', setting, isOn: false },
      },
    ]);
  });

  it('is fine where ACLs count', async () => {
    const { bucket, Manifest } = await bucketWithEvents(['s3:ObjectRemoved:*']);
    const Rules = [{ ObjectOwnership: 'ObjectWriter' as const }];
    const OwnershipControls = { Rules };
    await clients
      .s3()
      .send(new PutBucketOwnershipControlsCommand({ Bucket: bucket, OwnershipControls }));
    const request = { Report: { Enabled: false }, Priority: 1, RoleArn: ROLE, Manifest };
    const { checks } = await preflight(clients, { ...request, Operation: ACL });
    expect(checks.find(({ id }) => id === 'settings')?.status).toBe('passed');
  });
});
