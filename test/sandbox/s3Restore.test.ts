// Against S3's API reference (RestoreObject, HeadObject, ListObjectsV2), its user guide ("Restoring an
// archived object", "Event message structure") and what was recorded of AWS for GLACIER and DEEP_ARCHIVE.
import {
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  PutBucketNotificationConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  RestoreObjectCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import type { RestoreRequest, S3Client, StorageClass, Tier } from '@aws-sdk/client-s3';
import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { S3EventRecord } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { FakeClock } from '../../src/sandbox/clock.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { iamClient } from './controlClients.ts';
import { sendSigned } from './signedRequest.ts';
import type { TestSandbox } from './testSandbox.ts';
import { failure, s3Client, startTestSandbox } from './testSandbox.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const Bucket = 'vault';
const STATE = "The operation is not valid for the object's storage class";

const clock = new FakeClock(new Date('2026-11-10T10:30:00Z'));
let test: TestSandbox;
let s3: S3Client;
let keys = 0;

beforeAll(async () => {
  test = await startTestSandbox({ clock });
  s3 = test.s3;
  inTime();
  await s3.send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => test.close());

/** Requests are signed by the sandbox's time. */
function inTime(client: S3Client = s3): S3Client {
  (client.config as { systemClockOffset: number }).systemClockOffset =
    clock.now().getTime() - Date.now();
  return client;
}

function advance(ms: number): void {
  clock.advance(ms);
  inTime();
}

async function put(storage: StorageClass = 'GLACIER', bucket = Bucket): Promise<string> {
  keys += 1;
  const Key = `cold ${keys}`;
  await s3.send(
    new PutObjectCommand({ Bucket: bucket, Key, Body: 'frozen', StorageClass: storage }),
  );
  return Key;
}

const restore = async (
  Key: string,
  request: RestoreRequest,
  VersionId?: string,
  bucket = Bucket,
): Promise<number | undefined> => {
  const command = new RestoreObjectCommand({
    Bucket: bucket,
    Key,
    VersionId,
    RestoreRequest: request,
  });
  return (await s3.send(command)).$metadata.httpStatusCode;
};
const tier = (Tier: Tier, Days = 3): RestoreRequest => ({ Days, GlacierJobParameters: { Tier } });
const head = async (Key: string, VersionId?: string): Promise<string | undefined> =>
  (await s3.send(new HeadObjectCommand({ Bucket, Key, VersionId }))).Restore;
const body = async (Key: string): Promise<string | undefined> =>
  (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();

describe('an archived object', () => {
  it.each(['GLACIER', 'DEEP_ARCHIVE'] as const)(
    'of %s can be described, not read',
    async storage => {
      const Key = await put(storage);
      const { error, status, message } = await failure(
        s3.send(new GetObjectCommand({ Bucket, Key })),
      );
      expect(error).toMatchObject({ name: 'InvalidObjectState', StorageClass: storage });
      expect([status, message]).toEqual([403, STATE]);
      const part = failure(s3.send(new GetObjectCommand({ Bucket, Key, Range: 'bytes=0-1' })));
      expect((await part).name).toBe('InvalidObjectState');
      const Tagging = { TagSet: [{ Key: 'k', Value: 'v' }] };
      await s3.send(new PutObjectTaggingCommand({ Bucket, Key, Tagging }));
      const { TagSet } = await s3.send(new GetObjectTaggingCommand({ Bucket, Key }));
      expect(TagSet).toEqual(Tagging.TagSet);
      const described = await s3.send(
        new GetObjectAttributesCommand({ Bucket, Key, ObjectAttributes: ['StorageClass'] }),
      );
      expect(described.StorageClass).toBe(storage);
      expect(await head(Key)).toBeUndefined();
    },
  );

  it('is no source of a copy, and is one when it is restored', async () => {
    const Key = await put();
    const copy = { Bucket, Key: 'copied', CopySource: `${Bucket}/${encodeURIComponent(Key)}` };
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'parts' }));
    const part = { ...copy, Key: 'parts', UploadId, PartNumber: 1 };
    for (const call of [
      () => s3.send(new CopyObjectCommand(copy)),
      () => s3.send(new UploadPartCopyCommand(part)),
    ]) {
      const { name, status, message } = await failure(call());
      const sentence = "Operation is not valid for the source object's storage class";
      expect([name, status, message]).toEqual(['InvalidObjectState', 403, sentence]);
    }
    await restore(Key, tier('Expedited'));
    advance(5 * MINUTE);
    await s3.send(new CopyObjectCommand(copy));
    expect(await body('copied')).toBe('frozen');
    await s3.send(new UploadPartCopyCommand(part));
    // The copy is of the class that the request says, and has no restore of its own.
    expect(await head('copied')).toBeUndefined();
  });
});

describe('RestoreObject', () => {
  it.each([
    ['GLACIER', 'Expedited', 5 * MINUTE],
    ['GLACIER', 'Standard', 5 * HOUR],
    ['GLACIER', 'Bulk', 12 * HOUR],
    ['DEEP_ARCHIVE', 'Standard', 12 * HOUR],
    ['DEEP_ARCHIVE', 'Bulk', 48 * HOUR],
  ] as const)('of %s by %s takes its time', async (storage, speed, duration) => {
    const Key = await put(storage);
    expect(await restore(Key, tier(speed))).toBe(202);
    expect(await head(Key)).toBe('ongoing-request="true"');
    advance(duration - 1000);
    expect(await head(Key)).toBe('ongoing-request="true"');
    expect((await failure(body(Key))).name).toBe('InvalidObjectState');
    advance(1000);
    const there = clock.now();
    const expiry = new Date(there);
    expiry.setUTCHours(0, 0, 0, 0);
    const expires = new Date(expiry.getTime() + 4 * DAY).toUTCString();
    const got = await s3.send(new GetObjectCommand({ Bucket, Key }));
    expect(got.Restore).toBe(`ongoing-request="false", expiry-date="${expires}"`);
    expect(got.StorageClass).toBe(storage);
    expect(await got.Body?.transformToString()).toBe('frozen');
  });

  it('is by Standard when no tier is given', async () => {
    const Key = await put();
    await restore(Key, { Days: 1 });
    advance(5 * HOUR - 1);
    expect(await head(Key)).toBe('ongoing-request="true"');
    advance(1);
    expect(await body(Key)).toBe('frozen');
  });

  it('keeps the copy until a midnight UTC, and as much longer as is asked for', async () => {
    clock.set(new Date('2026-12-01T10:30:00Z'));
    inTime();
    const Key = await put();
    await restore(Key, tier('Expedited', 3));
    advance(5 * MINUTE);
    const until = (date: string) => `ongoing-request="false", expiry-date="${date} 00:00:00 GMT"`;
    expect(await head(Key)).toBe(until('Sat, 05 Dec 2026'));
    expect(await restore(Key, tier('Bulk', 1))).toBe(200);
    expect(await head(Key)).toBe(until('Thu, 03 Dec 2026'));
    advance(DAY);
    expect(await restore(Key, tier('Standard', 2))).toBe(200);
    expect(await head(Key)).toBe(until('Sat, 05 Dec 2026'));
    clock.set(new Date('2026-12-04T23:59:59Z'));
    inTime();
    expect(await body(Key)).toBe('frozen');
    advance(1000);
    expect(await head(Key)).toBeUndefined();
    expect((await failure(body(Key))).name).toBe('InvalidObjectState');
    expect(await restore(Key, tier('Standard'))).toBe(202);
  });

  it('for ever ends with the last year that dates are written for', async () => {
    const Key = await put();
    await restore(Key, tier('Expedited', 2 ** 31 - 1));
    advance(6 * MINUTE);
    const last = 'Fri, 31 Dec 9999 00:00:00 GMT';
    expect(await head(Key)).toBe(`ongoing-request="false", expiry-date="${last}"`);
    const listed = await s3.send(
      new ListObjectsV2Command({
        ...{ Bucket, Prefix: Key, OptionalObjectAttributes: ['RestoreStatus'] },
      }),
    );
    expect(listed.Contents?.[0]?.RestoreStatus?.RestoreExpiryDate).toEqual(new Date(last));
    expect(test.log).toEqual([]);
  });

  it('that is under way can only be made faster', async () => {
    const Key = await put();
    expect(await restore(Key, tier('Bulk'))).toBe(202);
    for (const request of [tier('Bulk'), tier('Expedited', 4)]) {
      const { name, status, message } = await failure(restore(Key, request));
      expect([name, status]).toEqual(['RestoreAlreadyInProgress', 409]);
      expect(message).toBe('Object restore is already in progress');
    }
    expect(await restore(Key, tier('Standard'))).toBe(202);
    expect((await failure(restore(Key, tier('Bulk')))).status).toBe(409);
    expect(await restore(Key, tier('Expedited'))).toBe(202);
    advance(5 * MINUTE);
    expect(await body(Key)).toBe('frozen');
  });

  it.each(['STANDARD', 'STANDARD_IA', 'GLACIER_IR', 'INTELLIGENT_TIERING'] as const)(
    'of %s is refused',
    async storage => {
      const { name, status, message } = await failure(
        restore(await put(storage), tier('Standard')),
      );
      expect([name, status]).toEqual(['InvalidObjectState', 403]);
      expect(message).toBe("Restore is not allowed for the object's current storage class");
    },
  );

  it('of DEEP_ARCHIVE has no Expedited', async () => {
    const refused = await failure(restore(await put('DEEP_ARCHIVE'), tier('Expedited')));
    expect([refused.name, refused.status]).toEqual(['InvalidRequest', 400]);
  });

  it.each([
    ['no days', {}, 'MalformedXML', 400],
    ['no day', { Days: 0 }, 'InvalidArgument', 400],
    ['days before', { Days: -1 }, 'InvalidArgument', 400],
    [
      'an unknown tier',
      { Days: 1, GlacierJobParameters: { Tier: 'Fast' as Tier } },
      'MalformedXML',
      400,
    ],
    ['the tier of a query', { Days: 1, Tier: 'Standard' }, 'MalformedXML', 400],
    ['a query', { Type: 'SELECT' }, 'NotImplemented', 501],
    [
      'a place',
      { OutputLocation: { S3: { BucketName: 'b', Prefix: 'p' } } },
      'NotImplemented',
      501,
    ],
  ] as const)('with %s is refused', async (_what, request, name, status) => {
    const refused = await failure(restore(await put(), request));
    expect([refused.name, refused.status]).toEqual([name, status]);
    expect(refused.message).not.toBe('');
    if (status === 501) expect(refused.message).toMatch(/RestoreObject with (Type|OutputLocation)/);
  });

  it('of what is not there says so, and of a body that is no XML', async () => {
    expect((await failure(restore('nothing', { Days: 1 }))).name).toBe('NoSuchKey');
    const Key = await put();
    const request = {
      method: 'POST',
      path: `/${Bucket}/${encodeURIComponent(Key)}?restore`,
      body: '',
    };
    const date = clock.now();
    const { status, body: text } = await sendSigned(test.sandbox, request, { date });
    expect([status, text]).toEqual([400, expect.stringContaining('MalformedXML')]);
  });

  it('needs s3:RestoreObject', async () => {
    const Key = await put();
    const iam = iamClient(test.sandbox);
    (iam.config as { systemClockOffset: number }).systemClockOffset =
      clock.now().getTime() - Date.now();
    const AWS = `arn:aws:iam::${test.sandbox.accountId}:root`;
    const document = (statement: object) =>
      JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });
    const trust = document({ Principal: { AWS }, Action: 'sts:AssumeRole' });
    const role = new CreateRoleCommand({ RoleName: 'thaw', AssumeRolePolicyDocument: trust });
    const RoleArn = (await iam.send(role)).Role?.Arn;
    const allow = (Action: string) =>
      iam.send(
        new PutRolePolicyCommand({
          RoleName: 'thaw',
          PolicyName: 'p',
          PolicyDocument: document({ Action, Resource: `arn:aws:s3:::${Bucket}/*` }),
        }),
      );
    await allow('s3:GetObject');
    const sts = new STSClient({
      endpoint: test.sandbox.endpoint,
      region: test.sandbox.region,
      credentials: test.sandbox,
      systemClockOffset: clock.now().getTime() - Date.now(),
    });
    const session = { RoleArn, RoleSessionName: 'thawing' };
    const { Credentials } = await sts.send(new AssumeRoleCommand(session));
    const credentials = {
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretAccessKey!,
      sessionToken: Credentials!.SessionToken!,
    };
    const assumed = inTime(s3Client(test.sandbox, { credentials }));
    const command = new RestoreObjectCommand({ Bucket, Key, RestoreRequest: { Days: 1 } });
    const refused = await failure(assumed.send(command));
    expect(refused.message).toMatch(/not authorized to perform: s3:RestoreObject/);
    await allow('s3:RestoreObject');
    expect((await assumed.send(command)).$metadata.httpStatusCode).toBe(202);
    assumed.destroy();
    sts.destroy();
  });

  it('is of one version, and goes with it', async () => {
    const bucket = 'versions';
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    const VersioningConfiguration = { Status: 'Enabled' } as const;
    await s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration }));
    const old = await s3.send(
      new PutObjectCommand({ Bucket: bucket, Key: 'k', Body: '1', StorageClass: 'GLACIER' }),
    );
    await s3.send(
      new PutObjectCommand({ Bucket: bucket, Key: 'k', Body: '2', StorageClass: 'GLACIER' }),
    );
    expect(await restore('k', tier('Expedited'), old.VersionId, bucket)).toBe(202);
    advance(5 * MINUTE);
    const { Versions } = await s3.send(
      new ListObjectVersionsCommand({
        Bucket: bucket,
        OptionalObjectAttributes: ['RestoreStatus'],
      }),
    );
    expect(Versions?.map(version => version.RestoreStatus?.IsRestoreInProgress)).toEqual([
      undefined,
      false,
    ]);
    const address = { Bucket: bucket, Key: 'k', VersionId: old.VersionId };
    expect(await (await s3.send(new GetObjectCommand(address))).Body?.transformToString()).toBe(
      '1',
    );
    await s3.send(new DeleteObjectCommand(address));
    const marker = await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'k' }));
    expect((await failure(restore('k', { Days: 1 }, marker.VersionId, bucket))).status).toBe(405);
    expect((await failure(restore('k', { Days: 1 }, undefined, bucket))).name).toBe('NoSuchKey');
    // A clock that goes on meets nothing of what was deleted.
    advance(10 * DAY);
    expect(test.log).toEqual([]);
  });
});

describe('a listing', () => {
  it('tells of restores when it is asked to', async () => {
    const bucket = 'listed';
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    const begun = await put('GLACIER', bucket);
    const done = await put('GLACIER', bucket);
    await put('GLACIER', bucket);
    await put('STANDARD', bucket);
    await restore(done, tier('Expedited', 1), undefined, bucket);
    advance(5 * MINUTE);
    await restore(begun, tier('Standard', 1), undefined, bucket);
    const midnight = new Date(Math.floor(clock.now().getTime() / DAY) * DAY + 2 * DAY);
    const expected = [
      { IsRestoreInProgress: true },
      { IsRestoreInProgress: false, RestoreExpiryDate: midnight },
      undefined,
      undefined,
    ];
    const asked = { Bucket: bucket, OptionalObjectAttributes: ['RestoreStatus' as const] };
    const listings = [
      await s3.send(new ListObjectsV2Command(asked)),
      await s3.send(new ListObjectsCommand(asked)),
    ];
    for (const { Contents } of listings) {
      expect(Contents?.map(object => object.RestoreStatus)).toEqual(expected);
    }
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
    expect(Contents?.every(object => object.RestoreStatus === undefined)).toBe(true);
    const OptionalObjectAttributes = ['Colour' as 'RestoreStatus'];
    const other = new ListObjectsV2Command({ Bucket: bucket, OptionalObjectAttributes });
    expect((await failure(s3.send(other))).name).toBe('InvalidArgument');
  });
});

describe('events of a restore', () => {
  it('are sent when it begins, when its copy is there, and when that is gone', async () => {
    const bucket = 'told';
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    await s3.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket: bucket,
        SkipDestinationValidation: true,
        NotificationConfiguration: {
          QueueConfigurations: [
            {
              Id: 'rule',
              QueueArn: `arn:aws:sqs:us-east-1:${test.sandbox.accountId}:q`,
              Events: ['s3:ObjectRestore:*'],
            },
          ],
        },
      }),
    );
    const sent = vi.spyOn(test.sandbox.services.s3.outbox, 'add');
    const events = (): S3EventRecord[] =>
      sent.mock.calls.map(
        ([{ payload }]) => (JSON.parse(payload) as { Records: S3EventRecord[] }).Records[0]!,
      );
    const Key = await put('GLACIER', bucket);
    await restore(Key, tier('Standard', 1), undefined, bucket);
    await restore(Key, tier('Expedited', 1), undefined, bucket);
    const ready = new Date(clock.now().getTime() + 5 * MINUTE);
    advance(5 * MINUTE);
    await expect.poll(events).toHaveLength(2);
    const expiry = new Date(Math.floor(ready.getTime() / DAY) * DAY + 2 * DAY);
    advance(2 * DAY);
    await expect.poll(events).toHaveLength(3);
    const object = {
      key: Key.replace(' ', '+'),
      size: 6,
      eTag: expect.any(String) as string,
      sequencer: expect.any(String) as string,
    };
    const owner = `A3${test.sandbox.accountId}`;
    expect(events()).toMatchObject([
      { eventName: 'ObjectRestore:Post', eventVersion: '2.1', s3: { object } },
      {
        eventName: 'ObjectRestore:Completed',
        eventVersion: '2.1',
        eventTime: ready.toISOString(),
        userIdentity: { principalId: `AmazonCustomer:${owner}` },
        s3: { object },
        glacierEventData: {
          restoreEventData: {
            lifecycleRestorationExpiryTime: expiry.toISOString(),
            lifecycleRestoreStorageClass: 'GLACIER',
          },
        },
      },
      { eventName: 'ObjectRestore:Delete', eventVersion: '2.3', eventTime: expiry.toISOString() },
    ]);
    expect(events().map(event => 'glacierEventData' in event)).toEqual([false, true, false]);
    sent.mockRestore();
  });
});

describe('a restore', () => {
  it('goes on in a sandbox that is started again', async () => {
    const Key = await put();
    await restore(Key, tier('Standard'));
    await test.sandbox.close();
    clock.advance(5 * HOUR);
    const sandbox = await startSandbox({ dataDir: test.directory, clock });
    (test as { sandbox: typeof sandbox }).sandbox = sandbox;
    s3 = inTime(s3Client(sandbox));
    expect(await body(Key)).toBe('frozen');
    test = {
      ...test,
      close: async () => {
        s3.destroy();
        await sandbox.close();
      },
    };
  });

  it('takes as long as the sandbox was told to', async () => {
    const quick = await startTestSandbox({ restoreTime: 0 });
    await quick.s3.send(new CreateBucketCommand({ Bucket }));
    const object = { Bucket, Key: 'k' };
    await quick.s3.send(
      new PutObjectCommand({ ...object, Body: 'x', StorageClass: 'DEEP_ARCHIVE' }),
    );
    const request = { ...object, RestoreRequest: { Days: 1 } };
    expect((await quick.s3.send(new RestoreObjectCommand(request))).$metadata.httpStatusCode).toBe(
      202,
    );
    const { Restore } = await quick.s3.send(new HeadObjectCommand(object));
    expect(Restore).toMatch(/^ongoing-request="false"/);
    await quick.close();
  });
});
