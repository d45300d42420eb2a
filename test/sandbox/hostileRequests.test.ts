import { connect } from 'node:net';
import { Sha256 } from '@aws-crypto/sha256-js';
import { CreateBucketCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { SignatureV4 } from '@smithy/signature-v4';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sandbox } from '../../src/sandbox/server.ts';
import type { RawResponse } from './signedRequest.ts';
import { errorCode, sendRaw, sendSigned } from './signedRequest.ts';
import type { TestSandbox } from './testSandbox.ts';
import { startTestSandbox } from './testSandbox.ts';

// An error that nobody catches ends the sandbox, and here the test run.

const Bucket = 'hostile';
let test: TestSandbox;
let sandbox: Sandbox;

beforeAll(async () => {
  test = await startTestSandbox();
  ({ sandbox } = test);
  await test.s3.send(new CreateBucketCommand({ Bucket }));
  await test.s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'hello' }));
});
afterAll(() => test.close());

/** Writes bytes to the sandbox's port; answers what came back until the connection ended. */
function exchange(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(sandbox.endpoint).port), '127.0.0.1');
    let answer = '';
    socket.setEncoding('latin1').on('data', (text: string) => (answer += text));
    socket.on('error', reject).on('close', () => resolve(answer));
    socket.end(bytes, 'latin1');
  });
}

/** Presigns a request of any query, and sends it. */
async function presigned(
  method: string,
  key: string,
  query: Readonly<Record<string, string>>,
): Promise<RawResponse> {
  const signer = new SignatureV4({
    credentials: sandbox,
    region: 'us-east-1',
    service: 's3',
    sha256: Sha256,
    uriEscapePath: false,
    applyChecksum: false,
  });
  const { host } = new URL(sandbox.endpoint);
  const headers = { host, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' };
  const request = { method, protocol: 'http:', hostname: host, path: `/${Bucket}/${key}` };
  const signed = await signer.presign({ ...request, query: { ...query }, headers });
  const text = Object.entries(signed.query ?? {}).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`,
  );
  return sendRaw(sandbox, { method, path: `${request.path}?${text.join('&')}` });
}

describe('an unsigned request', () => {
  it.each(['/?a=%zz', '/?%', '/hostile?prefix=%ff', '/%zz?x=%c3%28', '/?X-Amz-Credential=%zz'])(
    'that cannot be decoded is refused: %s',
    async path => {
      const answer = await sendRaw(sandbox, { path });
      expect([answer.status, errorCode(answer)]).toEqual([400, 'InvalidURI']);
    },
  );

  it('for a service whose name is no header is refused', async () => {
    const path = '/?X-Amz-Credential=a/b/c/%0d%0ax%E2%82%AC/aws4_request';
    const answer = await sendRaw(sandbox, { path });
    expect([answer.status, answer.headers['x']]).toEqual([501, undefined]);
    expect(JSON.parse(answer.body)).toMatchObject({ __type: 'NotImplemented' });
  });

  it.each([
    ['CONNECT 127.0.0.1:80 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n', ''],
    ['GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n', '403'],
    ['GET http://127.0.0.1/ HTTP/1.1\r\nHost: evil.example\r\n\r\n', '403'],
    ['GET http://evil.example/?%zz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n', '400'],
    ['GET / HTTP/1.0\r\n\r\n', '403'],
    ['GET * HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n', '403'],
    ['PUT /a/\xff\xfe HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n', '400'],
    [`GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`, '431'],
    [
      'POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      '400',
    ],
  ])('of no client of S3 is refused: %j', async (bytes, status) => {
    const answer = await exchange(bytes);
    expect(/^HTTP\/1.1 (\d+)/.exec(answer)?.[1] ?? '').toBe(status);
  });
});

describe('a signed request', () => {
  it('for an operation whose name is no header is refused', async () => {
    const body = 'Action=%0d%0aX-Evil:+%E2%82%AC';
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const request = { method: 'POST', body, headers };
    const answer = await sendSigned(sandbox, request, { service: 'iam' });
    expect([answer.status, errorCode(answer)]).toEqual([501, 'NotImplemented']);
    expect(answer.headers['x-evil']).toBeUndefined();
  });

  it.each(['a\r\nX-Evil: 1', 'a\nb', '\u0000', 'résumé – 1.pdf', '€'])(
    'may not set a header of its answer to %j, as on S3',
    async disposition => {
      const answer = await presigned('GET', 'a', { 'response-content-disposition': disposition });
      expect([answer.status, errorCode(answer)]).toEqual([400, 'InvalidArgument']);
      expect(answer.headers['x-evil']).toBeUndefined();
    },
  );

  it.each([
    { 'x-amz-meta-a': 'line\r\nX-Evil: 1' },
    { 'x-amz-meta-a b': 'no name' },
    { 'x-amz-meta-é': 'no name' },
    { 'x-amz-website-redirect-location': '/\u0000' },
  ] as Record<string, string>[])('may not store what no answer can carry: %j', async query => {
    const answer = await presigned('PUT', 'b', query);
    expect([answer.status, errorCode(answer)]).toEqual([400, 'InvalidArgument']);
  });

  it('keeps metadata of a presigned URL as it keeps that of a header', async () => {
    expect((await presigned('PUT', 'c', { 'x-amz-meta-name': 'é€' })).status).toBe(200);
    const head = await test.s3.send(new HeadObjectCommand({ Bucket, Key: 'c' }));
    expect(head.Metadata).toEqual({ name: '=?UTF-8?B?w6nigqw=?=' });
  });
});
