import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadBucketCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorCode, sendSigned } from './signedRequest.ts';
import type { TestSandbox } from './testSandbox.ts';
import { startTestSandbox } from './testSandbox.ts';

// S3 chooses the operation by the query. Two that each choose one conflict, in words that users have measured
// (brekkylab/backlot); one that the path has no operation for must not be taken for none.

const [Bucket, Key] = ['subresources', 'k'];
let test: TestSandbox;

beforeAll(async () => {
  test = await startTestSandbox();
  await test.s3.send(new CreateBucketCommand({ Bucket }));
  await test.s3.send(new PutObjectCommand({ Bucket, Key, Body: 'hello' }));
});
afterAll(() => test.close());

/** Parameters without a value are signed with one that is empty, as AWS's library does it. */
const send = (method: string, path: string, query: string, body = '') =>
  sendSigned(test.sandbox, { method, path: `${path}?${query}`, body });
const [OF_BUCKET, OF_OBJECT] = [`/${Bucket}`, `/${Bucket}/${Key}`];

describe('two subresources', () => {
  it.each([
    ['GET', OF_BUCKET, 'acl=&versioning=', 'acl, versioning'],
    ['GET', OF_BUCKET, 'versioning=&acl=', 'acl, versioning'],
    ['DELETE', OF_BUCKET, 'policy=&tagging=', 'policy, tagging'],
    ['PUT', OF_OBJECT, 'acl=&tagging=', 'acl, tagging'],
    ['DELETE', OF_OBJECT, 'tagging=&uploadId=x', 'tagging, uploadId'],
    ['POST', OF_OBJECT, 'uploads=&uploadId=x', 'uploadId, uploads'],
  ])('conflict: %s %s?%s', async (method, path, query, names) => {
    const answer = await send(method, path, query);
    expect([answer.status, errorCode(answer)]).toEqual([400, 'InvalidArgument']);
    expect(answer.body).toContain(`Conflicting query string parameters: ${names}</Message>`);
    expect(answer.body).toContain('<ArgumentName>ResourceType</ArgumentName>');
    const [first = ''] = names.split(', ');
    expect(answer.body).toContain(`<ArgumentValue>${first}</ArgumentValue>`);
  });

  it('are one where the other only chooses the version of a listing', async () => {
    const answer = await send('GET', OF_BUCKET, 'list-type=2&versioning=');
    expect(answer.body).toContain('VersioningConfiguration');
  });
});

describe('a subresource that the path has no operation for', () => {
  it.each([
    ['PUT', OF_OBJECT, 'policy'],
    ['PUT', OF_OBJECT, 'versioning'],
    ['DELETE', OF_OBJECT, 'lifecycle'],
    ['DELETE', OF_OBJECT, 'publicAccessBlock'],
    ['PUT', '/not-yet-there', 'retention'],
    ['DELETE', OF_BUCKET, 'legal-hold'],
    ['DELETE', OF_BUCKET, 'uploadId'],
  ])('does not %s %s as if it were not there: ?%s', async (method, path, name) => {
    const answer = await send(method, path, `${name}=`, method === 'PUT' ? 'other' : '');
    expect([answer.status, errorCode(answer)]).toEqual([501, 'NotImplemented']);
    expect(answer.body).toContain(`${method} of `);
    const { Body } = await test.s3.send(new GetObjectCommand({ Bucket, Key }));
    expect(await Body?.transformToString()).toBe('hello');
    await expect(
      test.s3.send(new HeadBucketCommand({ Bucket: 'not-yet-there' })),
    ).rejects.toMatchObject({ name: 'NotFound' });
  });

  it('is ignored by a GET, and so is what is no subresource by all', async () => {
    expect((await send('GET', OF_OBJECT, 'publicAccessBlock=')).body).toBe('hello');
    expect((await send('PUT', OF_OBJECT, 'x-id=PutObject', 'hello')).status).toBe(200);
  });
});

describe('a document with an element that is none of its own', () => {
  const NS = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
  it.each([
    [
      'publicAccessBlock',
      `<PublicAccessBlockConfiguration ${NS}><BlockPublicAcl>true</BlockPublicAcl></PublicAccessBlockConfiguration>`,
    ],
    [
      'ownershipControls',
      `<OwnershipControls ${NS}><Rule><ObjectOwnership>ObjectWriter</ObjectOwnership><X/></Rule></OwnershipControls>`,
    ],
    [
      'encryption',
      `<ServerSideEncryptionConfiguration ${NS}><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault><BucketKeysEnabled>true</BucketKeysEnabled></Rule></ServerSideEncryptionConfiguration>`,
    ],
  ])('is malformed: ?%s', async (name, body) => {
    const answer = await send('PUT', OF_BUCKET, `${name}=`, body);
    expect([answer.status, errorCode(answer)]).toEqual([400, 'MalformedXML']);
  });
});
