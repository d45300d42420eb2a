import { createHash } from 'node:crypto';
import * as sdk from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findRoute } from '../../src/sandbox/s3/routes.ts';
import type { S3Call } from '../../src/sandbox/s3/s3Call.ts';
import { sendRaw, sendSigned } from './signedRequest.ts';
import { type TestSandbox, startTestSandbox } from './testSandbox.ts';

const [Bucket, Key] = ['plain', 'a'];
let test: TestSandbox;

beforeAll(async () => {
  test = await startTestSandbox();
  await test.s3.send(new sdk.CreateBucketCommand({ Bucket }));
  await test.s3.send(new sdk.PutObjectCommand({ Bucket, Key, Body: 'kept' }));
});
afterAll(() => test.close());

/** An operation as the SDK's model describes it: its method and address. */
interface Modelled {
  readonly name: string;
  readonly method: string;
  readonly uri: string;
}

function modelled(): Modelled[] {
  return Object.values(sdk).flatMap(schema => {
    const [kind, , name, traits] = Array.isArray(schema) ? (schema as unknown[]) : [];
    const http = (traits as { http?: readonly [string, string, number] } | undefined)?.http;
    return kind === 9 && http ? [{ name: String(name), method: http[0], uri: http[1] }] : [];
  });
}

/** Of other endpoints, or told apart by a header, uploadId or id, which the model's addresses lack. */
const WITHOUT_ADDRESS = new Set(
  `WriteGetObjectResponse ListDirectoryBuckets CopyObject UploadPart UploadPartCopy ListParts
  CompleteMultipartUpload AbortMultipartUpload GetBucketAnalyticsConfiguration
  GetBucketIntelligentTieringConfiguration GetBucketInventoryConfiguration
  GetBucketMetricsConfiguration`.split(/\s+/),
);

function routeOf({ name, method, uri }: Modelled): ReturnType<typeof findRoute> {
  const [path = '', query = ''] = uri.split('?');
  const pairs = query
    .split('&')
    .filter(Boolean)
    .map(part => [part.split('=')[0] ?? '', part.split('=')[1] ?? ''] as const);
  const request = { method, headers: {}, query: { pairs } };
  const bucket = name === 'ListBuckets' ? '' : Bucket;
  const key = path.includes('{Key+}') ? Key : '';
  try {
    return findRoute({ bucket, key, request } as unknown as S3Call);
  } catch (error) {
    return { name: String(error) };
  }
}

it('no operation of the SDK is taken for another one', () => {
  const operations = modelled().filter(({ name }) => !WITHOUT_ADDRESS.has(name));
  expect(operations.length).toBeGreaterThan(90);
  const mistaken = operations.flatMap(each => {
    const route = routeOf(each);
    const wrong = route.operation ? route.name !== each.name : route.name.includes('Error');
    return wrong ? [`${each.name} → ${route.name}`] : [];
  });
  expect(mistaken).toEqual([]);
});

it.each([`/${Bucket}/${Key}`, '/nobodys/a'])('a preflight needs an Origin: %s', async path => {
  const { status, body } = await sendRaw(test.sandbox, { method: 'OPTIONS', path });
  expect(status).toBe(400);
  expect(body).toContain('<Code>BadRequest</Code><Message>Insufficient information. Origin');
});

it.each([
  ['PUT', 'PutObjectAnnotation'],
  ['GET', 'GetObjectAnnotation'],
  ['DELETE', 'DeleteObjectAnnotation'],
])('an annotation is no object: %s', async (method, name) => {
  const path = `/${Bucket}/${Key}?annotation&annotationName=n`;
  const body = method === 'PUT' ? 'note' : '';
  const headers = { 'content-md5': createHash('md5').update(body).digest('base64') };
  const answer = await sendSigned(test.sandbox, { method, path, headers, body });
  expect(answer.status).toBe(501);
  expect(answer.body).toContain(name);
  const kept = await test.s3.send(new sdk.GetObjectCommand({ Bucket, Key }));
  expect(await kept.Body?.transformToString()).toBe('kept');
});

it('a part without its upload or its number writes no object', async () => {
  const copied = { 'x-amz-copy-source': `/${Bucket}/${Key}` };
  for (const headers of [{}, copied]) {
    const send = (query: string) =>
      sendSigned(test.sandbox, { method: 'PUT', path: `/${Bucket}/part?${query}`, headers });
    const numbered = await send('partNumber=1');
    expect(numbered.status).toBe(400);
    expect(numbered.body).toContain(
      '<Code>InvalidArgument</Code><Message>This operation does not accept partNumber without uploadId</Message><ArgumentName>partNumber</ArgumentName><ArgumentValue>partNumber</ArgumentValue>',
    );
    const unnumbered = await send('uploadId=1');
    expect(unnumbered).toMatchObject({ status: 405, headers: { allow: 'DELETE, POST, GET' } });
    expect(unnumbered.body).toContain('<Method>PUT</Method><ResourceType>UPLOAD</ResourceType>');
  }
  const head = await sendSigned(test.sandbox, { method: 'HEAD', path: `/${Bucket}/part` });
  expect(head.status).toBe(404);
});

it('a copy has no body, and a key no list of versions', async () => {
  const headers = { 'x-amz-copy-source': `/${Bucket}/${Key}` };
  const put = (path: string, body?: string) =>
    sendSigned(test.sandbox, { method: 'PUT', path, headers, body });
  expect((await put(`/${Bucket}/copy`)).status).toBe(200);
  for (const query of ['', '?partNumber=1&uploadId=1']) {
    const refused = await put(`/${Bucket}/copy${query}`, 'bytes');
    expect(refused.status).toBe(400);
    expect(refused.body).toContain(
      '<Code>InvalidRequest</Code><Message>The request included a body.',
    );
  }
  const listed = await sendSigned(test.sandbox, { path: `/${Bucket}/${Key}?versions` });
  expect(listed.status).toBe(400);
  expect(listed.body).toContain('There is no such thing as the ?versions sub-resource for a key');
});

it('tags of a bucket come with a digest, and answers have no other headers than S3’s', async () => {
  const body = '<Tagging><TagSet/></Tagging>';
  const put = (path: string) => sendSigned(test.sandbox, { method: 'PUT', path, body });
  const refused = await put(`/${Bucket}?tagging`);
  expect(refused.status).toBe(400);
  expect(refused.body).toContain('Content-MD5 OR x-amz-checksum-*');
  expect((await put(`/${Bucket}/${Key}?tagging`)).status).toBe(200);
  const path = `/${Bucket}/${Key}?response-server=mine`;
  const changed = await sendSigned(test.sandbox, { path });
  expect(changed.status).toBe(400);
  expect(changed.body).toContain('response-server is not in the set of overridable');
});
