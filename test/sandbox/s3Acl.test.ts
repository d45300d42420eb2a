import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketOwnershipControlsCommand,
  DeletePublicAccessBlockCommand,
  GetBucketAclCommand,
  GetObjectAclCommand,
  PutBucketAclCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketVersioningCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
} from '@aws-sdk/client-s3';
import type { BucketCannedACL, GetBucketAclCommandOutput } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorCode, sendRaw, sendSigned } from './signedRequest.ts';
import type { TestSandbox } from './testSandbox.ts';
import { failure, startTestSandbox } from './testSandbox.ts';

// Codes, messages and grants are those that LocalStack's suite recorded from AWS.

const [Bucket, Key] = ['with-acls', 'k'];
const ALL = 'http://acs.amazonaws.com/groups/global/AllUsers';
const LOGS = 'http://acs.amazonaws.com/groups/s3/LogDelivery';
let test: TestSandbox;
let owner: string;

beforeAll(async () => {
  test = await startTestSandbox();
  owner = test.sandbox.accountId.padStart(64, '0');
  await test.s3.send(new CreateBucketCommand({ Bucket }));
  await test.s3.send(new CreateBucketCommand({ Bucket: 'enforced' }));
  await test.s3.send(new PutObjectCommand({ Bucket: 'enforced', Key, Body: 'x' }));
  await test.s3.send(new DeleteBucketOwnershipControlsCommand({ Bucket }));
  await test.s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
  await test.s3.send(new PutObjectCommand({ Bucket, Key, Body: 'hello' }));
});
afterAll(() => test.close());

const shown = ({ Grants = [] }: Pick<GetBucketAclCommandOutput, 'Grants'>): string[] =>
  Grants.map(({ Grantee, Permission }) => `${Grantee?.URI ?? Grantee?.ID} ${Permission}`);
const bucketAcl = async () => shown(await test.s3.send(new GetBucketAclCommand({ Bucket })));
const objectAcl = async () => shown(await test.s3.send(new GetObjectAclCommand({ Bucket, Key })));
const putBucket = (input: object) => test.s3.send(new PutBucketAclCommand({ Bucket, ...input }));
const anonymously = (path: string) => sendRaw(test.sandbox, { path });

describe('an ACL', () => {
  it('of a bucket is canned, of grants, or a document', async () => {
    expect(await bucketAcl()).toEqual([`${owner} FULL_CONTROL`]);
    await putBucket({ ACL: 'public-read' });
    expect(await bucketAcl()).toEqual([`${owner} FULL_CONTROL`, `${ALL} READ`]);
    await putBucket({ GrantRead: `uri="${LOGS}"` });
    expect(await bucketAcl()).toEqual([`${LOGS} READ`]);
    const Grants = [
      { Grantee: { ID: owner, Type: 'CanonicalUser' }, Permission: 'FULL_CONTROL' },
      { Grantee: { URI: LOGS, Type: 'Group' }, Permission: 'WRITE' },
    ];
    await putBucket({ AccessControlPolicy: { Owner: { ID: owner }, Grants } });
    expect(await bucketAcl()).toEqual([`${owner} FULL_CONTROL`, `${LOGS} WRITE`]);
    await putBucket({ ACL: 'private' });
    expect(await bucketAcl()).toEqual([`${owner} FULL_CONTROL`]);
  });

  it('of an object comes with it or later, and goes with it', async () => {
    const put = (ACL?: 'public-read-write') =>
      test.s3.send(new PutObjectCommand({ Bucket, Key, Body: 'hello', ACL }));
    await put('public-read-write');
    expect(await objectAcl()).toEqual([`${owner} FULL_CONTROL`, `${ALL} READ`, `${ALL} WRITE`]);
    await put();
    expect(await objectAcl()).toEqual([`${owner} FULL_CONTROL`]);
    await test.s3.send(new PutObjectAclCommand({ Bucket, Key, ACL: 'public-read' }));
    expect(await objectAcl()).toEqual([`${owner} FULL_CONTROL`, `${ALL} READ`]);
  });

  it.each([
    [{ ACL: 'fake-acl' }, 'InvalidArgument', { ArgumentName: 'x-amz-acl' }],
    [{ GrantWrite: 'uri="x"' }, 'InvalidArgument', { ArgumentName: 'uri' }],
    [{ GrantWrite: 'fakekey="1"' }, 'InvalidArgument', { ArgumentName: 'x-amz-grant-write' }],
    [{ GrantWrite: 'id="wrong-id"' }, 'InvalidArgument', { ArgumentName: 'id' }],
    [{ ACL: 'private', GrantRead: `uri="${LOGS}"` }, 'InvalidRequest', {}],
    [{ AccessControlPolicy: {} }, 'MalformedACLError', {}],
    [{ AccessControlPolicy: { Owner: { ID: 'wrong' }, Grants: [] } }, 'InvalidArgument', {}],
    [{ ACL: 'private', AccessControlPolicy: { Grants: [] } }, 'UnexpectedContent', {}],
    [{ ACL: 'aws-exec-read' }, 'NotImplemented', {}],
  ])('is refused, also where there are none: %j', async (input, name, fields) => {
    for (const bucket of [Bucket, 'enforced']) {
      expect(await failure(putBucket({ ...input, Bucket: bucket }))).toMatchObject({
        name,
        error: fields,
      });
    }
  });

  it('is refused when it names a grantee of no kind, a permission that is none, or nothing', async () => {
    const put = (body: string) =>
      sendSigned(test.sandbox, { method: 'PUT', path: `/${Bucket}?acl=`, body });
    const document = (type: string, permission: string): string =>
      `<AccessControlPolicy><Owner><ID>${owner}</ID></Owner><AccessControlList><Grant><Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="${type}"><ID>${owner}</ID></Grantee><Permission>${permission}</Permission></Grant></AccessControlList></AccessControlPolicy>`;
    expect((await put(document('CanonicalUser', 'READ'))).status).toBe(200);
    expect(errorCode(await put(document('BadType', 'READ')))).toBe('MalformedACLError');
    expect(errorCode(await put(document('CanonicalUser', 'FLY')))).toBe('MalformedACLError');
    const nothing = await put('');
    expect(errorCode(nothing)).toBe('MissingSecurityHeader');
    expect(nothing.body).toContain('<MissingHeaderName>x-amz-acl</MissingHeaderName>');
    await putBucket({ ACL: 'private' });
  });

  it('is not supported where the owner of the bucket owns everything', async () => {
    const enforced = { Bucket: 'enforced', Key };
    for (const ACL of ['private', 'public-read'] as const) {
      for (const call of [
        test.s3.send(new PutBucketAclCommand({ ...enforced, ACL })),
        test.s3.send(new PutObjectAclCommand({ ...enforced, ACL })),
        test.s3.send(new PutObjectCommand({ ...enforced, ACL })),
      ]) {
        expect(await failure(call)).toMatchObject({
          name: 'AccessControlListNotSupported',
          status: 400,
          message: 'The bucket does not allow ACLs',
        });
      }
    }
    expect(shown(await test.s3.send(new GetObjectAclCommand(enforced)))).toEqual([
      `${owner} FULL_CONTROL`,
    ]);
  });

  it('keeps the ownership from being enforced', async () => {
    const put = () =>
      test.s3.send(
        new PutBucketOwnershipControlsCommand({
          Bucket,
          OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        }),
      );
    await putBucket({ ACL: 'public-read' });
    expect(await failure(put())).toMatchObject({ name: 'InvalidBucketAclWithObjectOwnership' });
    await putBucket({ ACL: 'private' });
  });

  it('is refused by its name where it is not done', async () => {
    const upload = new CreateMultipartUploadCommand({ Bucket, Key, ACL: 'public-read' });
    expect(await failure(test.s3.send(upload))).toMatchObject({ status: 501 });
    await test.s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ACL: 'private' }));
  });

  it('is told of when it changes', async () => {
    await test.s3.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket,
        SkipDestinationValidation: true,
        NotificationConfiguration: {
          QueueConfigurations: [
            {
              QueueArn: `arn:aws:sqs:us-east-1:${test.sandbox.accountId}:queue`,
              Events: ['s3:ObjectAcl:Put'],
            },
          ],
        },
      }),
    );
    const lost = () => test.log.filter(line => line.includes('ObjectAcl:Put'));
    const put = (ACL: 'private' | 'public-read') =>
      test.s3.send(new PutObjectAclCommand({ Bucket, Key, ACL }));
    await put('private');
    await expect.poll(lost).toHaveLength(1);
    // The same again is no change (recorded).
    await put('private');
    await put('public-read');
    await expect.poll(lost).toHaveLength(2);
    await test.s3.send(
      new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration: {} }),
    );
  });

  it('is of no delete marker', async () => {
    const Versioned = 'with-markers';
    await test.s3.send(
      new CreateBucketCommand({ Bucket: Versioned, ObjectOwnership: 'ObjectWriter' }),
    );
    await test.s3.send(
      new PutBucketVersioningCommand({
        Bucket: Versioned,
        VersioningConfiguration: { Status: 'Enabled' },
      }),
    );
    await sendSigned(test.sandbox, { method: 'DELETE', path: `/${Versioned}/${Key}` });
    const put = new PutObjectAclCommand({ Bucket: Versioned, Key, ACL: 'private' });
    expect(await failure(test.s3.send(put))).toMatchObject({ name: 'MethodNotAllowed' });
    const get = new GetObjectAclCommand({ Bucket: Versioned, Key });
    expect(await failure(test.s3.send(get))).toMatchObject({ name: 'NoSuchKey' });
  });
});

describe('everybody', () => {
  const put = (ACL: BucketCannedACL) =>
    test.s3.send(new PutObjectAclCommand({ Bucket, Key, ACL: ACL }));

  it('reads what an ACL lets everybody read', async () => {
    await put('private');
    expect((await anonymously(`/${Bucket}/${Key}`)).status).toBe(403);
    await put('public-read');
    expect((await anonymously(`/${Bucket}/${Key}`)).body).toBe('hello');
    await put('authenticated-read');
    expect((await anonymously(`/${Bucket}/${Key}`)).status).toBe(403);
    expect((await anonymously(`/${Bucket}?list-type=2`)).status).toBe(403);
    await putBucket({ ACL: 'public-read' });
    expect((await anonymously(`/${Bucket}?list-type=2`)).body).toContain('<Key>k</Key>');
    const { body } = await anonymously(`/${Bucket}`);
    expect([body.includes('<Key>k</Key>'), body.includes('<Owner>')]).toEqual([true, false]);
    expect((await anonymously(`/${Bucket}?acl`)).status).toBe(403);
  });

  it("does not write into a bucket with ACLs here, which would be nobody's", async () => {
    await putBucket({ ACL: 'public-read-write' });
    const write = await sendRaw(test.sandbox, { method: 'PUT', path: `/${Bucket}/new`, body: 'x' });
    expect(write.status).toBe(501);
    const withAcl = await sendRaw(test.sandbox, {
      method: 'PUT',
      path: `/${Bucket}/new`,
      headers: { 'x-amz-acl': 'public-read-write' },
    });
    expect(withAcl.status).toBe(501);
    const remove = await sendRaw(test.sandbox, { method: 'DELETE', path: `/${Bucket}/${Key}` });
    expect(remove.status).toBe(403);
  });

  it('is kept out by the public access block', async () => {
    await put('public-read');
    const block = (PublicAccessBlockConfiguration: Record<string, boolean>) =>
      test.s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }));
    await block({ IgnorePublicAcls: true });
    expect((await anonymously(`/${Bucket}/${Key}`)).status).toBe(403);
    expect((await anonymously(`/${Bucket}?list-type=2`)).status).toBe(403);
    await block({ BlockPublicAcls: true });
    expect((await anonymously(`/${Bucket}/${Key}`)).status).toBe(200);
    expect((await failure(put('public-read'))).message).toContain(
      'because public access control lists (ACLs) are blocked by the BlockPublicAcls block public access setting.',
    );
    await block({});
  });

  it('is no owner of a new bucket', async () => {
    const create = (input: object) =>
      test.s3.send(new CreateBucketCommand({ Bucket: 'public-at-once', ...input }));
    expect(await failure(create({ ACL: 'public-read' }))).toMatchObject({
      name: 'InvalidBucketAclWithObjectOwnership',
    });
    expect(
      await failure(create({ ACL: 'public-read', ObjectOwnership: 'ObjectWriter' })),
    ).toMatchObject({ name: 'InvalidBucketAclWithBlockPublicAccessError', status: 400 });
  });
});
