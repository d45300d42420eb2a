// Against S3 Control's API reference (S3CopyObjectOperation), the user guide's "Copy objects", and
// CopyObject, which every task is.
import {
  CopyObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketPolicyCommand,
  DeleteBucketPolicyCommand,
} from '@aws-sdk/client-s3';
import type { S3CopyObjectOperation } from '@aws-sdk/client-s3-control';
import { DescribeJobCommand } from '@aws-sdk/client-s3-control';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { failure } from '../testSandbox.ts';
import { OperationWorld, SOURCE, TARGET } from './operationWorld.ts';
import type { Finished } from './operationWorld.ts';

const READ = {
  Effect: 'Allow',
  Action: ['s3:GetObject', 's3:GetObjectVersion', 's3:GetObjectTagging'],
  Resource: `arn:aws:s3:::${SOURCE}/*`,
};
const LIST = { Effect: 'Allow', Action: 's3:ListBucket', Resource: `arn:aws:s3:::${SOURCE}` };
const WRITE = {
  Effect: 'Allow',
  Action: ['s3:PutObject', 's3:PutObjectTagging'],
  Resource: [`arn:aws:s3:::${TARGET}/*`, `arn:aws:s3:::${SOURCE}/*`],
};
const TargetResource = `arn:aws:s3:::${TARGET}`;

let world: OperationWorld;
beforeAll(async () => {
  world = await OperationWorld.start();
});
beforeEach(() => world.allow(READ, LIST, WRITE));
afterAll(() => world.close());

const copy = (rows: readonly string[], more: S3CopyObjectOperation = {}): Promise<Finished> =>
  world.run({ S3PutObjectCopy: { TargetResource, ...more } }, rows);
const head = (Bucket: string, Key: string) =>
  world.test.s3.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
const tags = async (Bucket: string, Key: string): Promise<Record<string, string | undefined>> => {
  const { TagSet = [] } = await world.test.s3.send(new GetObjectTaggingCommand({ Bucket, Key }));
  const entries = TagSet.map(tag => [tag.Key ?? '', tag.Value] as const);
  return Object.fromEntries(entries);
};

describe('a copy job', () => {
  it('copies the bytes with their headers, metadata and tags, to STANDARD', async () => {
    await world.put('all', {
      ContentType: 'text/plain',
      CacheControl: 'max-age=1',
      Metadata: { by: 'me' },
      Tagging: 'a=1&b=2',
      StorageClass: 'STANDARD_IA',
    });
    await world.put('spaced name+é.txt');
    const { job, rows } = await copy([`${SOURCE},all`, `${SOURCE},spaced%20name%2B%C3%A9.txt`]);
    expect(job).toMatchObject({
      Status: 'Complete',
      ProgressSummary: { NumberOfTasksSucceeded: 2, NumberOfTasksFailed: 0 },
    });
    expect(rows.get('all')).toEqual([SOURCE, 'all', '', 'succeeded', '200', '', 'Successful']);
    const copied = await head(TARGET, 'all');
    expect(copied).toMatchObject({
      ContentType: 'text/plain',
      CacheControl: 'max-age=1',
      Metadata: { by: 'me' },
    });
    expect(copied.StorageClass).toBeUndefined();
    expect(await tags(TARGET, 'all')).toEqual({ a: '1', b: '2' });
    expect(await world.read(TARGET, 'spaced name+é.txt')).toBe('bytes of spaced name+é.txt');
  });

  it('copies what does not fit in memory', async () => {
    const Body = Buffer.alloc(3_000_000, 'large ');
    await world.put('large', { Body });
    const { job } = await copy([`${SOURCE},large`]);
    expect(job.Status).toBe('Complete');
    expect((await head(TARGET, 'large')).ETag).toBe((await head(SOURCE, 'large')).ETag);
  });

  it('makes of each object what CopyObject makes of it', async () => {
    await world.put('same', { ContentType: 'text/plain', Metadata: { a: 'b' }, Tagging: 'k=v' });
    const { s3 } = world.test;
    await copy([`${SOURCE},same`], { StorageClass: 'GLACIER_IR', ChecksumAlgorithm: 'SHA256' });
    await s3.send(
      new CopyObjectCommand({
        Bucket: TARGET,
        Key: 'by hand',
        CopySource: `${SOURCE}/same`,
        StorageClass: 'GLACIER_IR',
        ChecksumAlgorithm: 'SHA256',
      }),
    );
    const byJob = await head(TARGET, 'same');
    const { $metadata, LastModified } = byJob;
    expect({ ...(await head(TARGET, 'by hand')), $metadata, LastModified }).toEqual(byJob);
    expect(await tags(TARGET, 'same')).toEqual(await tags(TARGET, 'by hand'));
  });

  it('fails tasks whose redirect leads nowhere, as CopyObject does', async () => {
    await world.put('led');
    const { rows } = await copy([`${SOURCE},led`], { RedirectLocation: 'nowhere' });
    expect(rows.get('led')?.slice(3, 6)).toEqual(['failed', '400', 'InvalidRedirectLocation']);
  });

  it('puts the keys below a folder, whose name the prefix is', async () => {
    await world.put('deep/object');
    await copy([`${SOURCE},deep/object`], { TargetKeyPrefix: 'Folder1' });
    await copy([`${SOURCE},deep/object`], { TargetKeyPrefix: 'Folder2/' });
    expect(await world.read(TARGET, 'Folder1/deep/object')).toBe('bytes of deep/object');
    expect(await world.read(TARGET, 'Folder2//deep/object')).toBe('bytes of deep/object');
  });

  it('fails a key that grows too long', async () => {
    const long = 'k'.repeat(1020);
    await world.put(long);
    const { rows } = await copy([`${SOURCE},${long}`], { TargetKeyPrefix: 'Folder' });
    expect(rows.get(long)?.slice(3, 6)).toEqual(['failed', '400', 'KeyTooLongError']);
  });

  it('replaces metadata and tags where it is given others', async () => {
    await world.put('replaced', {
      ContentType: 'text/plain',
      CacheControl: 'no-store',
      Metadata: { old: '1' },
      Tagging: 'old=1',
    });
    await copy([`${SOURCE},replaced`], {
      NewObjectMetadata: {
        ContentType: 'image/png',
        UserMetadata: { New: '2' },
        HttpExpiresDate: new Date('2030-01-02T03:04:05Z'),
        SSEAlgorithm: 'AES256',
      },
      NewObjectTagging: [{ Key: 'new', Value: '2' }],
      RedirectLocation: '/elsewhere',
    });
    const replaced = await head(TARGET, 'replaced');
    expect(replaced).toMatchObject({
      ContentType: 'image/png',
      Metadata: { new: '2' },
      WebsiteRedirectLocation: '/elsewhere',
      ExpiresString: 'Wed, 02 Jan 2030 03:04:05 GMT',
    });
    expect(replaced.CacheControl).toBeUndefined();
    expect(await tags(TARGET, 'replaced')).toEqual({ new: '2' });
    await copy([`${SOURCE},replaced`], { NewObjectTagging: [] });
    expect(await tags(TARGET, 'replaced')).toEqual({});
    expect(await head(TARGET, 'replaced')).toMatchObject({ Metadata: { old: '1' } });
  });

  it('copies versions, and makes versions', async () => {
    await world.version(SOURCE);
    await world.version(TARGET);
    const first = await world.put('versioned', { Body: 'first' });
    await world.put('versioned', { Body: 'second' });
    const operation = { S3PutObjectCopy: { TargetResource } };
    const rows = [`${SOURCE},versioned,${first}`];
    const one = await world.run(operation, rows, ['Bucket', 'Key', 'VersionId']);
    expect(one.rows.get('versioned')?.[2]).toBe(first);
    expect(await world.read(TARGET, 'versioned')).toBe('first');
    await copy([`${SOURCE},versioned`]);
    expect(await world.read(TARGET, 'versioned')).toBe('second');
    const listed = await world.test.s3.send(
      new ListObjectVersionsCommand({ Bucket: TARGET, Prefix: 'versioned' }),
    );
    expect(listed.Versions).toHaveLength(2);
  });

  it('refuses a copy of an object to itself that changes nothing, and makes one that does', async () => {
    await world.put('self', { Metadata: { kept: '1' } });
    const to = { TargetResource: `arn:aws:s3:::${SOURCE}` };
    const { rows } = await copy([`${SOURCE},self`], to);
    expect(rows.get('self')?.slice(3, 6)).toEqual(['failed', '400', 'InvalidRequest']);
    expect(rows.get('self')?.[6]).toMatch(/to itself without changing/);
    const { job } = await copy([`${SOURCE},self`], { ...to, StorageClass: 'STANDARD_IA' });
    expect(job.ProgressSummary?.NumberOfTasksSucceeded).toBe(1);
    expect(await head(SOURCE, 'self')).toMatchObject({
      StorageClass: 'STANDARD_IA',
      Metadata: { kept: '1' },
    });
  });

  it('fails what is not there, what is archived, and what the times do not take', async () => {
    await world.put('frozen', { StorageClass: 'GLACIER' });
    await world.put('warm');
    const { rows } = await copy([`${SOURCE},gone`, `${SOURCE},frozen`]);
    expect(rows.get('gone')?.slice(3, 6)).toEqual(['failed', '404', 'NoSuchKey']);
    expect(rows.get('frozen')?.slice(3, 6)).toEqual(['failed', '403', 'InvalidObjectState']);
    const later = new Date(Date.now() + 3_600_000);
    const unmodified = await copy([`${SOURCE},warm`], { UnModifiedSinceConstraint: new Date(0) });
    expect(unmodified.rows.get('warm')?.slice(3, 6)).toEqual([
      'failed',
      '412',
      'PreconditionFailed',
    ]);
    const { job } = await copy([`${SOURCE},warm`], { UnModifiedSinceConstraint: later });
    expect(job.ProgressSummary?.NumberOfTasksSucceeded).toBe(1);
  });

  it('tells of each copy as CopyObject does', async () => {
    await world.put('told');
    await world.test.s3.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket: TARGET,
        NotificationConfiguration: {
          QueueConfigurations: [
            {
              QueueArn: `arn:aws:sqs:us-east-1:${world.accountId}:queue`,
              Events: ['s3:ObjectCreated:Copy'],
            },
          ],
        },
        SkipDestinationValidation: true,
      }),
    );
    await copy([`${SOURCE},told`]);
    await expect
      .poll(() => world.test.log.join('\n'))
      .toContain(`ObjectCreated:Copy of ${TARGET}/told was lost`);
  });

  it('fails every task when the bucket is not there', async () => {
    await world.put('lost');
    const { job, rows } = await copy([`${SOURCE},lost`], {
      TargetResource: 'arn:aws:s3:::nowhere',
    });
    expect(job.Status).toBe('Complete');
    expect(rows.get('lost')?.slice(3, 6)).toEqual(['failed', '404', 'NoSuchBucket']);
  });
});

describe('the role of a copy job', () => {
  it.each([
    ['s3:GetObject', [LIST, WRITE]],
    ['s3:PutObject', [LIST, READ]],
  ])('needs %s', async (_action, statements) => {
    await world.put('refused');
    await world.allow(...statements);
    const { rows } = await copy([`${SOURCE},refused`]);
    expect(rows.get('refused')?.slice(3, 6)).toEqual(['failed', '403', 'AccessDenied']);
  });

  it.each([
    ['to read tags', 's3:GetObjectTagging'],
    ['to write tags', 's3:PutObjectTagging'],
  ])('needs %s where there are some', async (_what, action) => {
    await world.put('tagged', { Tagging: 'a=1' });
    await world.put('untagged');
    const Deny = { Effect: 'Deny', Action: action, Resource: '*' };
    await world.allow(LIST, READ, WRITE, Deny);
    const { rows } = await copy([`${SOURCE},tagged`, `${SOURCE},untagged`]);
    expect(rows.get('tagged')?.slice(3, 6)).toEqual(['failed', '403', 'AccessDenied']);
    expect(rows.get('untagged')?.[3]).toBe('succeeded');
    const emptied = await copy([`${SOURCE},tagged`], { NewObjectTagging: [] });
    expect(emptied.rows.get('tagged')?.[3]).toBe(
      action === 's3:GetObjectTagging' ? 'succeeded' : 'failed',
    );
  });

  it('is asked by policies what the copy is of, and to which storage class', async () => {
    await world.put('asked');
    await world.test.s3.send(
      new PutBucketPolicyCommand({
        Bucket: TARGET,
        Policy: JSON.stringify({
          Version: '2012-10-17',
          Statement: {
            Effect: 'Deny',
            Principal: '*',
            Action: 's3:PutObject',
            Resource: `arn:aws:s3:::${TARGET}/*`,
            Condition: {
              StringLike: { 's3:x-amz-copy-source': `${SOURCE}/*` },
              StringEquals: { 's3:x-amz-storage-class': 'GLACIER' },
            },
          },
        }),
      }),
    );
    const denied = await copy([`${SOURCE},asked`], { StorageClass: 'GLACIER' });
    const taken = await copy([`${SOURCE},asked`], { StorageClass: 'STANDARD_IA' });
    await world.test.s3.send(new DeleteBucketPolicyCommand({ Bucket: TARGET }));
    expect(denied.rows.get('asked')?.[3]).toBe('failed');
    expect(taken.rows.get('asked')?.[3]).toBe('succeeded');
  });
});

describe('CreateJob', () => {
  const create = async (operation: S3CopyObjectOperation): Promise<string | undefined> =>
    world.create(await world.request({ S3PutObjectCopy: operation }, [`${SOURCE},k`]));

  it.each<[string, S3CopyObjectOperation, string]>([
    ['an ACL', { CannedAccessControlList: 'private' }, 'CannedAccessControlList'],
    [
      'grants',
      {
        AccessControlGrants: [
          { Grantee: { TypeIdentifier: 'id', Identifier: 'x' }, Permission: 'READ' },
        ],
      },
      'AccessControlGrants',
    ],
    ['a legal hold', { ObjectLockLegalHoldStatus: 'ON' }, 'ObjectLockLegalHoldStatus'],
    ['a lock', { ObjectLockMode: 'GOVERNANCE' }, 'ObjectLockMode'],
    ['a key of KMS', { SSEAwsKmsKeyId: 'k' }, 'SSEAwsKmsKeyId'],
    ['KMS', { NewObjectMetadata: { SSEAlgorithm: 'KMS' } }, 'KMS'],
    ['a bucket key', { BucketKeyEnabled: true }, 'BucketKeyEnabled'],
    ['a checksum of a later day', { ChecksumAlgorithm: 'XXHASH64' }, 'XXHASH64'],
    [
      'a directory bucket',
      { TargetResource: 'arn:aws:s3express:us-east-1:123456789012:bucket/b--use1-az4--x-s3' },
      'directory bucket',
    ],
  ])('answers 501 to %s, by its name', async (_what, operation, name) => {
    const refused = await failure(create({ TargetResource, ...operation }));
    expect(refused).toMatchObject({ name: 'NotImplemented', status: 501 });
    expect(refused.message).toContain(name);
  });

  it.each<[string, S3CopyObjectOperation, string]>([
    ['no bucket', { TargetResource: undefined }, 'InvalidRequest'],
    ['a bucket that is no ARN', { TargetResource: 'arn:aws:s3:target' }, 'InvalidRequest'],
    ['an empty prefix', { TargetKeyPrefix: '' }, 'InvalidRequest'],
    ['reduced redundancy', { StorageClass: 'REDUCED_REDUNDANCY' as 'STANDARD' }, 'MalformedXML'],
    ['another directive', { MetadataDirective: 'MOVE' as 'COPY' }, 'MalformedXML'],
    [
      'metadata that are no header',
      { NewObjectMetadata: { UserMetadata: { 'a b': '1' } } },
      'InvalidRequest',
    ],
    ['a forbidden tag', { NewObjectTagging: [{ Key: 'a*', Value: '' }] }, 'InvalidTag'],
  ])('refuses %s', async (_what, operation, name) => {
    expect(await failure(create({ TargetResource, ...operation }))).toMatchObject({
      name,
      status: 400,
    });
  });

  it('keeps what it was asked for, for DescribeJob', async () => {
    const asked: S3CopyObjectOperation = {
      TargetResource,
      TargetKeyPrefix: 'a&b',
      MetadataDirective: 'REPLACE',
      ModifiedSinceConstraint: new Date('2020-01-01T00:00:00Z'),
      NewObjectMetadata: { ContentType: 'a/b', ContentLength: 3, UserMetadata: { k: ' v ' } },
      NewObjectTagging: [],
      RequesterPays: true,
      StorageClass: 'ONEZONE_IA',
      ChecksumAlgorithm: 'CRC32C',
    };
    const JobId = await create(asked);
    const command = new DescribeJobCommand({ AccountId: world.accountId, JobId });
    const { Job } = await world.control.send(command);
    expect(Job?.Operation).toEqual({ S3PutObjectCopy: asked });
    await world.finished(JobId);
  });
});
