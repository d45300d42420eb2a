import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  AbortMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListPartsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import type { CreateBucketCommandInput, PutObjectCommandInput } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendSigned, signedHeaders } from './signedRequest.ts';
import type { TestSandbox } from './testSandbox.ts';
import { failure, startTestSandbox } from './testSandbox.ts';

const Bucket = 'plain';
const Key = 'a';
const STRANGER = '999999999999';
const CLIENT_KEY = {
  SSECustomerAlgorithm: 'AES256',
  SSECustomerKey: Buffer.alloc(32).toString('base64'),
  SSECustomerKeyMD5: 'cLyLS4bWBjtXYmSqCSh0xQ==',
};
let test: TestSandbox;

beforeAll(async () => {
  test = await startTestSandbox();
  await test.s3.send(new CreateBucketCommand({ Bucket }));
  await test.s3.send(new PutObjectCommand({ Bucket, Key, Body: 'kept' }));
});
afterAll(() => test.close());

const put = (extra: Partial<PutObjectCommandInput>) =>
  new PutObjectCommand({ Bucket, Key: 'b', Body: 'x', ...extra });
const create = (extra: Partial<CreateBucketCommandInput>) =>
  new CreateBucketCommand({ Bucket: 'another', ...extra });

describe('what the sandbox would not do', () => {
  it.each([
    ['KMS', put({ ServerSideEncryption: 'aws:kms' }), 'NotImplemented'],
    ['a key of the client', put(CLIENT_KEY), 'NotImplemented'],
    ['an append', put({ WriteOffsetBytes: 4 }), 'NotImplemented'],
    [
      'a cipher of its own',
      put({ ServerSideEncryption: 'rot13' as 'AES256' }),
      'InvalidEncryptionAlgorithmError',
    ],
    ['a public object', put({ ACL: 'public-read' }), 'AccessControlListNotSupported'],
    [
      'a grant',
      put({ GrantRead: 'uri="http://acs.amazonaws.com/groups/global/AllUsers"' }),
      'AccessControlListNotSupported',
    ],
    ['a legal hold', put({ ObjectLockLegalHoldStatus: 'ON' }), 'InvalidRequest'],
    ["another account's bucket", put({ ExpectedBucketOwner: STRANGER }), 'AccessDenied'],
    ['no account at all', put({ ExpectedBucketOwner: 'me' }), 'InvalidBucketOwnerAWSAccountID'],
    [
      "a bucket of the account's namespace",
      create({ BucketNamespace: 'account-regional' as const }),
      'NotImplemented',
    ],
    ['a bucket with Object Lock', create({ ObjectLockEnabledForBucket: true }), 'NotImplemented'],
    ['a public bucket', create({ ACL: 'public-read' }), 'InvalidBucketAclWithObjectOwnership'],
  ] as const)('is refused: %s', async (_, command, name) => {
    expect(await failure(test.s3.send(command as PutObjectCommand))).toMatchObject({ name });
    const head = new HeadObjectCommand({ Bucket, Key: 'b' });
    expect(await failure(test.s3.send(head))).toMatchObject({ status: 404 });
  });

  it('is refused in a multipart upload, a copy, a tagging, a delete and a read too', async () => {
    const owner = { ExpectedBucketOwner: STRANGER };
    const Tagging = { TagSet: [] };
    const refused = async (command: unknown): Promise<string> =>
      (await failure(test.s3.send(command as PutObjectCommand))).name;
    expect(
      await refused(new CreateMultipartUploadCommand({ Bucket, Key, ACL: 'public-read' })),
    ).toBe('AccessControlListNotSupported');
    const copy = { Bucket, Key: 'b', CopySource: `${Bucket}/${Key}` };
    expect(
      await refused(new CopyObjectCommand({ ...copy, ExpectedSourceBucketOwner: STRANGER })),
    ).toBe('AccessDenied');
    expect(await refused(new PutObjectTaggingCommand({ Bucket, Key, Tagging, ...owner }))).toBe(
      'AccessDenied',
    );
    expect(await refused(new DeleteObjectCommand({ Bucket, Key, ...owner }))).toBe('AccessDenied');
    expect(await refused(new GetObjectCommand({ Bucket, Key, ...CLIENT_KEY }))).toBe(
      'InvalidRequest',
    );
    const got = await test.s3.send(new GetObjectCommand({ Bucket, Key }));
    expect(await got.Body?.transformToString()).toBe('kept');
  });

  it('is refused in a presigned URL', async () => {
    const url = await getSignedUrl(test.s3, put({ ACL: 'public-read', Body: undefined }));
    const answer = await fetch(url, { method: 'PUT', body: 'x' });
    expect(await answer.text()).toContain('AccessControlListNotSupported');
  });
});

describe('half a key of the client', () => {
  const { SSECustomerAlgorithm, SSECustomerKey, SSECustomerKeyMD5 } = CLIENT_KEY;
  const SHORT = Buffer.alloc(10).toString('base64');
  // The messages are recorded from AWS.
  it.each([
    ['provide a valid encryption algorithm.', { SSECustomerKey, SSECustomerKeyMD5 }],
    ['provide an appropriate secret key.', { SSECustomerAlgorithm, SSECustomerKeyMD5 }],
    ['The secret key was invalid', { SSECustomerAlgorithm, SSECustomerKey: SHORT }],
    ['did not match the hash', { ...CLIENT_KEY, SSECustomerKeyMD5: 'aLyLS4bWBjtXYmSqCSh0xQ==' }],
    ['is incompatible', { ...CLIENT_KEY, ServerSideEncryption: 'AES256' as const }],
  ])("is refused in S3's words: %s", async (words, headers) => {
    // The SDK would complete a key; a presigned URL carries what is given.
    const fields = Object.entries<string>(headers).map(
      ([name, value]) => [HEADERS[name] ?? '', value] as const,
    );
    const path = `/${Bucket}/b`;
    const request = { method: 'PUT', path, headers: Object.fromEntries(fields), body: 'x' };
    const { status, body } = await sendSigned(test.sandbox, request);
    expect(status).toBe(400);
    expect(body).toContain('<Code>InvalidArgument</Code>');
    expect(body).toContain(words);
  });
  const HEADERS: Record<string, string> = {
    SSECustomerAlgorithm: 'x-amz-server-side-encryption-customer-algorithm',
    SSECustomerKey: 'x-amz-server-side-encryption-customer-key',
    SSECustomerKeyMD5: 'x-amz-server-side-encryption-customer-key-md5',
    ServerSideEncryption: 'x-amz-server-side-encryption',
  };
});

describe('a condition that only directory buckets know', () => {
  it.each(['<Size>3</Size>', '<LastModifiedTime>2026-11-29T00:00:00Z</LastModifiedTime>'])(
    'is refused among the keys of a DeleteObjects: %s',
    async condition => {
      const object = (key: string, more = '') => `<Object><Key>${key}</Key>${more}</Object>`;
      const body = `<Delete>${object('other')}${object(Key, condition)}</Delete>`;
      const headers = { 'content-md5': createHash('md5').update(body).digest('base64') };
      const path = `/${Bucket}?delete`;
      const answer = await sendSigned(test.sandbox, { method: 'POST', path, headers, body });
      expect(answer.status).toBe(501);
      expect(answer.body).toContain('<Code>NotImplemented</Code>');
      await test.s3.send(new HeadObjectCommand({ Bucket, Key }));
    },
  );

  it('is refused when an upload is aborted', async () => {
    const upload = await test.s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'up' }));
    const of = { Bucket, Key: 'up', UploadId: upload.UploadId };
    const abort = new AbortMultipartUploadCommand({ ...of, IfMatchInitiatedTime: new Date(0) });
    expect(await failure(test.s3.send(abort))).toMatchObject({ status: 501 });
    await test.s3.send(new ListPartsCommand(of));
  });
});

it('a device of MFA is refused, as no bucket asks for one', async () => {
  const MFA = 'arn:aws:iam::123456789012:mfa/me 123456';
  for (const command of [
    new DeleteObjectCommand({ Bucket, Key, MFA }),
    new DeleteObjectsCommand({ Bucket, MFA, Delete: { Objects: [{ Key }] } }),
    new PutBucketVersioningCommand({ Bucket, MFA, VersioningConfiguration: {} }),
  ]) {
    const refused = await failure(test.s3.send(command as DeleteObjectCommand));
    expect(refused).toMatchObject({ name: 'NotImplemented', status: 501 });
  }
});

it.each([true, false])('bypassing a lock that is not there is refused: %s', async bypass => {
  const of = { Bucket, BypassGovernanceRetention: bypass };
  const one = new DeleteObjectCommand({ ...of, Key });
  const many = new DeleteObjectsCommand({ ...of, Delete: { Objects: [{ Key }] } });
  for (const command of [one, many]) {
    const { error, status } = await failure(test.s3.send(command as DeleteObjectCommand));
    expect(status).toBe(400);
    expect(error).toMatchObject({
      name: 'InvalidArgument',
      ArgumentName: 'x-amz-bypass-governance-retention',
    });
  }
});

it.each([
  [{ 'transfer-encoding': 'chunked' }, 501, 'NotImplemented'],
  [{}, 411, 'MissingContentLength'],
])('a body of unknown length is refused: %j', async (headers, status, code) => {
  const path = `/${Bucket}/b`;
  const body = 'transfer-encoding' in headers ? '1\r\nx\r\n0\r\n\r\n' : '';
  const signed = await signedHeaders(test.sandbox, {
    method: 'PUT',
    path,
    headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
  });
  const lines = Object.entries({ ...signed, ...headers, connection: 'close' });
  const socket = connect(Number(new URL(test.sandbox.endpoint).port), '127.0.0.1');
  socket.write(
    `PUT ${path} HTTP/1.1\r\n${lines.map(line => line.join(': ')).join('\r\n')}\r\n\r\n${body}`,
  );
  const answer = await text(socket);
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} [^]*<Code>${code}</Code>`));
});

it('may be said where it is how things are', async () => {
  const { accountId: ExpectedBucketOwner } = test.sandbox;
  const asItIs = { ExpectedBucketOwner, ServerSideEncryption: 'AES256' } as const;
  await test.s3.send(put({ ...asItIs, ACL: 'bucket-owner-full-control', Key: 'c' }));
  await test.s3.send(
    create({ ACL: 'private', ObjectOwnership: 'BucketOwnerEnforced', Bucket: 'third' }),
  );
});
