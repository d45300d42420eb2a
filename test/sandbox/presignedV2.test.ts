import { createHmac } from 'node:crypto';
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeClock } from '../../src/sandbox/clock.ts';
import { boto3Installed, python } from './pythonClients.ts';
import { errorCode, sendRaw } from './signedRequest.ts';
import type { RawRequest, RawResponse } from './signedRequest.ts';
import type { TestSandbox } from './testSandbox.ts';
import { startTestSandbox } from './testSandbox.ts';

// Signature Version 2 in the query: boto3 and the CLI presign by it in us-east-1 unless told otherwise
// (user guide, "Signing and authenticating REST requests", "Query string request authentication").

const Bucket = 'version-2';
const clock = new FakeClock();
let test: TestSandbox;

beforeAll(async () => {
  test = await startTestSandbox({ clock });
  await test.s3.send(new CreateBucketCommand({ Bucket }));
  await test.s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'hello' }));
});
afterAll(() => test.close());

interface Presigning {
  readonly method?: string;
  readonly path?: string;
  /** Signed parameters, in the order of their names. */
  readonly query?: Readonly<Record<string, string>>;
  /** x-amz- parameters, in the order of their names. */
  readonly amz?: Readonly<Record<string, string>>;
  readonly contentType?: string;
  readonly seconds?: number;
  readonly secretAccessKey?: string;
  readonly accessKeyId?: string;
  readonly bucket?: string;
}

/** The path and query of a presigned URL, by the words of the user guide alone. */
function presign({
  method = 'GET',
  path = `/${Bucket}/k`,
  query = {},
  amz = {},
  contentType = '',
  seconds = 60,
  secretAccessKey = test.sandbox.secretAccessKey,
  accessKeyId = test.sandbox.accessKeyId,
  bucket,
}: Presigning = {}): string {
  const expires = Math.floor(clock.now().getTime() / 1000) + seconds;
  const amzLines = Object.entries(amz).map(([name, value]) => `${name}:${value}\n`);
  const signed = Object.entries(query).map(([name, value]) =>
    value === '' ? name : `${name}=${value}`,
  );
  const resource = `${bucket === undefined ? '' : `/${bucket}`}${path}${signed.length > 0 ? `?${signed.join('&')}` : ''}`;
  const text = `${method}\n\n${contentType}\n${expires}\n${amzLines.join('')}${resource}`;
  const parameters = {
    ...query,
    AWSAccessKeyId: accessKeyId,
    Signature: createHmac('sha1', secretAccessKey).update(text).digest('base64'),
    Expires: String(expires),
    ...amz,
  };
  const encoded = Object.entries(parameters).map(
    ([name, value]) => `${name}=${encodeURIComponent(value)}`,
  );
  return `${path}?${encoded.join('&')}`;
}

const send = (request: RawRequest): Promise<RawResponse> => sendRaw(test.sandbox, request);

describe('a URL presigned by Signature Version 2', () => {
  it('reads until it expires', async () => {
    const path = presign({ seconds: 10 });
    expect(await send({ path })).toMatchObject({ status: 200, body: 'hello' });
    clock.advance(11_000);
    const late = await send({ path });
    expect([late.status, errorCode(late)]).toEqual([403, 'AccessDenied']);
    expect(late.body).toMatch(
      /<Message>Request has expired<\/Message><Expires>.*Z<\/Expires><ServerTime>/,
    );
    clock.advance(-11_000);
  });

  it('writes with its Content-Type, and with the metadata of its query', async () => {
    const put = { method: 'PUT', path: `/${Bucket}/put`, contentType: 'text/plain' };
    const path = presign({ ...put, amz: { 'x-amz-meta-foo': 'bar', 'x-amz-tagging': 'a=b' } });
    const wrong = await send({ ...put, path, headers: { 'content-type': 'text/xml' }, body: 'x' });
    expect([wrong.status, errorCode(wrong)]).toEqual([403, 'SignatureDoesNotMatch']);
    const headers = { 'content-type': 'text/plain' };
    const more = await send({
      ...put,
      path,
      headers: { ...headers, 'x-amz-meta-wrong': 'wrong' },
      body: 'x',
    });
    expect(errorCode(more)).toBe('SignatureDoesNotMatch');
    expect((await send({ ...put, path, headers, body: 'text' })).status).toBe(200);
    const head = await test.s3.send(new HeadObjectCommand({ Bucket, Key: 'put' }));
    expect(head).toMatchObject({
      ContentType: 'text/plain',
      Metadata: { foo: 'bar' },
      TagCount: 1,
    });
  });

  it('takes metadata that no header could hold, and answers it as an encoded word', async () => {
    const put = { method: 'PUT', path: `/${Bucket}/word` };
    const path = presign({ ...put, amz: { 'x-amz-meta-foo': 'non-ascii-%E2%80%94_—_é_' } });
    expect((await send({ ...put, path })).status).toBe(200);
    const { Metadata } = await test.s3.send(new HeadObjectCommand({ Bucket, Key: 'word' }));
    expect(Metadata).toEqual({
      foo: '=?UTF-8?Q?non-ascii-%E2%80%94=5F=E2=80=94=5F=C3=A9=5F?=',
    });
  });

  it('tells what was signed when the signature is wrong', async () => {
    const answer = await send({ path: presign({ secretAccessKey: 'wrong' }) });
    expect([answer.status, errorCode(answer)]).toEqual([403, 'SignatureDoesNotMatch']);
    expect(answer.body).toMatch(/<StringToSign>GET\n\n\n\d+\n\/version-2\/k<\/StringToSign>/);
    expect(answer.body).toContain('<StringToSignBytes>47 45 54 0a 0a 0a ');
    expect(answer.body).not.toContain('CanonicalRequest');
  });

  it('covers subresources and the headers of the answer', async () => {
    const query = {
      'response-content-disposition': 'attachment; filename="a b+c.txt"',
      'response-content-type': 'text/plain',
    };
    const { headers } = await send({ path: presign({ query }) });
    expect(headers).toMatchObject({
      'content-type': 'text/plain',
      'content-disposition': 'attachment; filename="a b+c.txt"',
    });
    const tagging = await send({ path: presign({ query: { tagging: '' } }) });
    expect(tagging.body).toContain('<TagSet>');
    for (const added of ['tagging', 'acl', 'attributes', 'versionId=null', 'uploadId=1']) {
      const answer = await send({ path: `${presign()}&${added}` });
      expect([added, errorCode(answer)]).toEqual([added, 'SignatureDoesNotMatch']);
    }
  });

  it('needs all its parts, a known key, and no second signature', async () => {
    const path = presign();
    const without = await send({ path: path.replace(/&Expires=\d+/, '') });
    expect([without.status, errorCode(without)]).toEqual([403, 'AccessDenied']);
    expect(without.body).toContain(
      'Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters',
    );
    const soon = await send({ path: path.replace(/&Expires=\d+/, '&Expires=soon') });
    expect(soon.body).toContain('Invalid date (should be seconds since epoch): soon');
    expect(errorCode(await send({ path: presign({ accessKeyId: 'AKIANOBODY' }) }))).toBe(
      'InvalidAccessKeyId',
    );
    const both = await send({ path, headers: { authorization: 'AWS4-HMAC-SHA256 x' } });
    expect([both.status, errorCode(both)]).toEqual([400, 'InvalidArgument']);
  });

  it('carries a session token', async () => {
    const sts = new STSClient({
      endpoint: test.sandbox.endpoint,
      region: 'us-east-1',
      credentials: test.s3.config.credentials,
    });
    const { Credentials } = await sts.send(new GetSessionTokenCommand({}));
    sts.destroy();
    const keys = {
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretAccessKey!,
    };
    const amz = { 'x-amz-security-token': Credentials!.SessionToken! };
    expect((await send({ path: presign({ ...keys, amz }) })).status).toBe(200);
    expect(errorCode(await send({ path: presign(keys) }))).toBe('InvalidToken');
  });

  it('signs the bucket of a virtual-hosted address', async () => {
    const path = presign({ path: '/k', bucket: Bucket });
    const { port } = new URL(test.sandbox.endpoint);
    const headers = { host: `${Bucket}.localhost:${port}` };
    expect(await send({ path, headers })).toMatchObject({ status: 200, body: 'hello' });
    const other = await send({ path: presign({ path: '/k' }), headers });
    expect(errorCode(other)).toBe('SignatureDoesNotMatch');
  });
});

describe('a request signed by Signature Version 2 in its headers', () => {
  const signed = (date: Date, secretAccessKey = test.sandbox.secretAccessKey) => {
    const written = date.toUTCString();
    const text = `GET\n\n\n${written}\nx-amz-meta-a:b,c\n/${Bucket}/k?tagging`;
    const signature = createHmac('sha1', secretAccessKey).update(text).digest('base64');
    return {
      path: `/${Bucket}/k?tagging`,
      headers: {
        date: written,
        'x-amz-meta-a': 'b,c',
        authorization: `AWS ${test.sandbox.accessKeyId}:${signature}`,
      },
    };
  };

  it('is verified like the rest', async () => {
    expect((await send(signed(clock.now()))).body).toContain('<TagSet');
    const wrong = await send(signed(clock.now(), 'wrong'));
    expect([wrong.status, errorCode(wrong)]).toEqual([403, 'SignatureDoesNotMatch']);
    const late = await send(signed(new Date(clock.now().getTime() - 16 * 60_000)));
    expect([late.status, errorCode(late)]).toEqual([403, 'RequestTimeTooSkewed']);
    const ancient = await send(signed(new Date(-1000)));
    expect([ancient.status, errorCode(ancient)]).toEqual([403, 'AccessDenied']);
    const { path, headers } = signed(clock.now());
    const undated = await send({ path, headers: { authorization: headers.authorization } });
    expect([undated.status, errorCode(undated)]).toEqual([403, 'AccessDenied']);
    const odd = await send({ path, headers: { authorization: 'AWS nothing' } });
    expect([odd.status, errorCode(odd)]).toEqual([400, 'InvalidArgument']);
    const more = await send({ path: `${path}&acl`, headers });
    expect(errorCode(more)).toBe('SignatureDoesNotMatch');
  });
});

it.runIf(boto3Installed)('is what boto3 makes by default', async () => {
  const own = await startTestSandbox();
  await own.s3.send(new CreateBucketCommand({ Bucket }));
  const script = `
import boto3
s3 = boto3.client('s3')
print(s3.generate_presigned_url('put_object', Params={'Bucket': '${Bucket}', 'Key': 'é +'}))
print(s3.generate_presigned_url('get_object', Params={'Bucket': '${Bucket}', 'Key': 'é +', 'ResponseContentType': 'text/x'}))`;
  const [put = '', get = ''] = (await python(own.sandbox, script)).trim().split('\n');
  expect(put).toContain('AWSAccessKeyId=');
  expect((await fetch(put, { method: 'PUT', body: Buffer.from('by boto3') })).status).toBe(200);
  const read = await fetch(get);
  expect([await read.text(), read.headers.get('content-type')]).toEqual(['by boto3', 'text/x']);
  const { Body } = await own.s3.send(new GetObjectCommand({ Bucket, Key: 'é +' }));
  expect(await Body!.transformToString()).toBe('by boto3');
  await own.close();
});
