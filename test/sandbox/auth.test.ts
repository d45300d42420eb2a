import { createHash, createHmac } from 'node:crypto';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { SignatureV4 } from '@smithy/signature-v4';
import { Sha256 } from '@aws-crypto/sha256-js';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeClock } from '../../src/sandbox/clock.ts';
import type { Sandbox } from '../../src/sandbox/server.ts';
import { errorCode, sendRaw, sendSigned, signedHeaders } from './signedRequest.ts';
import type { TestSandbox } from './testSandbox.ts';
import { failure, s3Client, startTestSandbox } from './testSandbox.ts';

const Bucket = 'signed';
let test: TestSandbox;
let sandbox: Sandbox;
const clock = new FakeClock();

beforeAll(async () => {
  test = await startTestSandbox({ clock });
  ({ sandbox } = test);
  await test.s3.send(new CreateBucketCommand({ Bucket }));
  await test.s3.send(new PutObjectCommand({ Bucket, Key: 'a b/é+', Body: 'hello' }));
});
afterAll(() => test.close());

const MINUTE = 60_000;
const at = (ms: number): Date => new Date(clock.now().getTime() + ms);

describe('signature in the headers', () => {
  it('is accepted for any path and query, as AWS signs them', async () => {
    // AWS takes an encoded slash for a slash when it verifies (recorded), which the SDK's signer does not.
    const segment = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 8 })
      .map(text => text.replaceAll('/', '|'));
    await fc.assert(
      fc.asyncProperty(
        fc.array(segment, { minLength: 1, maxLength: 4 }),
        segment,
        async (parts, value) => {
          const path = `/${Bucket}/${parts.map(encodeURIComponent).join('/')}?prefix=${encodeURIComponent(value)}`;
          const { status, body } = await sendSigned(sandbox, { path });
          expect(`${status} ${body}`).toMatch(/^404 .*NoSuchKey/s);
        },
      ),
      { examples: [[['..', '.', 'a'], "!'()*~ +"]], numRuns: 60 },
    );
  });

  it('is refused when the secret, the path or the query is another', async () => {
    const wrong = await sendSigned(sandbox, {}, { secretAccessKey: 'wrong' });
    expect([wrong.status, errorCode(wrong)]).toEqual([403, 'SignatureDoesNotMatch']);
    const headers = await signedHeaders(sandbox, { path: '/signed?list-type=2' });
    for (const path of ['/signed?list-type=1', '/signe?list-type=2', '/signed']) {
      const answer = await sendRaw(sandbox, { path, headers });
      expect(errorCode(answer)).toBe('SignatureDoesNotMatch');
    }
  });

  it('takes an encoded slash of the path for a slash', async () => {
    const { body } = await sendSigned(sandbox, { path: `/${Bucket}/a%2Fb` });
    expect(body).toContain(`<CanonicalRequest>GET\n/${Bucket}/a/b\n`);
  });

  it('is refused for an unknown key, and its absence too', async () => {
    const unknown = await sendSigned(sandbox, {}, { accessKeyId: 'AKIANOBODY' });
    expect([unknown.status, errorCode(unknown)]).toEqual([403, 'InvalidAccessKeyId']);
    const none = await sendRaw(sandbox, {});
    expect([none.status, errorCode(none)]).toEqual([403, 'AccessDenied']);
    const other = await sendRaw(sandbox, { headers: { authorization: 'Bearer me' } });
    expect(errorCode(other)).toBe('InvalidRequest');
  });

  it('may be 15 minutes old or early, no more', async () => {
    for (const skew of [-14, 14]) {
      const { status } = await sendSigned(sandbox, {}, { date: at(skew * MINUTE) });
      expect(status).toBe(200);
    }
    for (const skew of [-16, 16]) {
      const answer = await sendSigned(sandbox, {}, { date: at(skew * MINUTE) });
      expect([answer.status, errorCode(answer)]).toEqual([403, 'RequestTimeTooSkewed']);
    }
  });

  it('must cover every x-amz- header', async () => {
    const headers = await signedHeaders(sandbox, {});
    const answer = await sendRaw(sandbox, { headers: { ...headers, 'x-amz-meta-a': 'b' } });
    expect(errorCode(answer)).toBe('AccessDenied');
    expect(answer.body).toContain('<HeadersNotSigned>x-amz-meta-a</HeadersNotSigned>');
  });

  it('collapses spaces in header values', async () => {
    const path = `/${Bucket}/spaces`;
    const request = { method: 'PUT', path, headers: { 'x-amz-meta-a': ' a   b ' } };
    expect((await sendSigned(sandbox, request)).status).toBe(200);
  });

  it('covers the body', async () => {
    const path = `/${Bucket}/body`;
    const headers = await signedHeaders(sandbox, { method: 'PUT', path, body: 'one' });
    const answer = await sendRaw(sandbox, { method: 'PUT', path, headers, body: 'two' });
    expect([answer.status, errorCode(answer)]).toEqual([400, 'XAmzContentSHA256Mismatch']);
    expect((await sendSigned(sandbox, { path })).status).toBe(404);
  });
});

describe('presigned URL', () => {
  const url = (expiresIn: number): Promise<string> =>
    getSignedUrl(test.s3, new GetObjectCommand({ Bucket, Key: 'a b/é+' }), {
      expiresIn,
      signingDate: clock.now(),
    });

  it('works until it expires, whatever the skew', async () => {
    const signed = await url(3600);
    clock.advance(3599_000);
    expect(await (await fetch(signed)).text()).toBe('hello');
    clock.advance(2000);
    const late = await fetch(signed);
    expect(late.status).toBe(403);
    expect(await late.text()).toContain('Request has expired');
    // Back to where the SDK's own clock is.
    clock.advance(-3601_000);
  });

  it('is refused when it is edited or carries unsigned x-amz- headers', async () => {
    const signed = await url(60);
    const edited = await fetch(signed.replace('X-Amz-Expires=60', 'X-Amz-Expires=600'));
    expect(await edited.text()).toContain('SignatureDoesNotMatch');
    const more = await fetch(signed, { headers: { 'x-amz-acl': 'private' } });
    expect(await more.text()).toContain('HeadersNotSigned');
    const tolerated = { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' };
    expect((await fetch(signed, { headers: tolerated })).status).toBe(200);
  });

  it('may bring a header that it signs in its query alone', async () => {
    const name = 'x-amz-server-side-encryption';
    const { hostname, port, host } = new URL(sandbox.endpoint);
    const signer = new SignatureV4({
      credentials: sandbox,
      region: 'us-east-1',
      service: 's3',
      sha256: Sha256,
      uriEscapePath: false,
      applyChecksum: false,
    });
    const signed = await signer.presign(
      {
        method: 'PUT',
        protocol: 'http:',
        hostname,
        port: Number(port),
        path: `/${Bucket}/twice`,
        query: { [name]: 'AES256' },
        headers: { host, [name]: 'AES256', 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
      },
      {
        expiresIn: 60,
        signingDate: clock.now(),
        unhoistableHeaders: new Set([name]),
        unsignableHeaders: new Set(['x-amz-content-sha256']),
      },
    );
    const query = new URLSearchParams(signed.query as Record<string, string>);
    expect(query.get('X-Amz-SignedHeaders')).toBe(`host;${name}`);
    const put = (headers: Record<string, string>) =>
      sendRaw(sandbox, { method: 'PUT', path: `/${Bucket}/twice?${query.toString()}`, headers });
    expect((await put({})).status).toBe(200);
    expect((await put({ [name]: 'AES256' })).status).toBe(200);
    expect(errorCode(await put({ [name]: 'aws:kms' }))).toBe('SignatureDoesNotMatch');
  });

  it('may change headers of the answer', async () => {
    const command = new GetObjectCommand({
      Bucket,
      Key: 'a b/é+',
      ResponseContentType: 'text/x-test',
      ResponseContentDisposition: 'attachment; filename="a.txt"',
    });
    const answer = await fetch(await getSignedUrl(test.s3, command, { signingDate: clock.now() }));
    expect(answer.headers.get('content-type')).toBe('text/x-test');
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="a.txt"');
  });

  it('for a PUT ignores the checksum in its query, but not in its signature', async () => {
    const command = new PutObjectCommand({ Bucket, Key: 'presigned', Metadata: { a: 'b' } });
    const signed = await getSignedUrl(test.s3, command, { signingDate: clock.now() });
    expect(signed).toContain('x-amz-checksum-crc32=AAAAAA');
    expect((await fetch(signed, { method: 'PUT', body: 'another body' })).status).toBe(200);
    const got = await test.s3.send(new GetObjectCommand({ Bucket, Key: 'presigned' }));
    expect(got.Metadata).toEqual({ a: 'b' });
    const edited = signed.replace('checksum-crc32=AAAAAA', 'checksum-crc32=BBBBBB');
    expect((await fetch(edited, { method: 'PUT', body: 'x' })).status).toBe(403);
  });

  it.each(['0.5', '-1', '604801', 'abc'])('may not expire in %s seconds', async expires => {
    const signed = await url(60);
    const answer = await fetch(signed.replace('X-Amz-Expires=60', `X-Amz-Expires=${expires}`));
    expect(await answer.text()).toContain('AuthorizationQueryParametersError');
  });
});

/** An aws-chunked body as AWS's documentation of streaming signatures builds it. */
function chunked(
  seed: string,
  signing: { secret: string; date: string },
  chunks: readonly string[],
): string {
  const day = signing.date.slice(0, 8);
  const hmac = (key: string | Buffer, data: string): Buffer =>
    createHmac('sha256', key).update(data).digest();
  const sha = (data: string): string => createHash('sha256').update(data).digest('hex');
  const key = ['us-east-1', 's3', 'aws4_request'].reduce(hmac, hmac(`AWS4${signing.secret}`, day));
  let previous = seed;
  return [...chunks, '']
    .map(data => {
      const scope = `${day}/us-east-1/s3/aws4_request`;
      const text = `AWS4-HMAC-SHA256-PAYLOAD\n${signing.date}\n${scope}\n${previous}\n${sha('')}\n${sha(data)}`;
      previous = hmac(key, text).toString('hex');
      return `${data.length.toString(16)};chunk-signature=${previous}\r\n${data}\r\n`;
    })
    .join('');
}

describe('aws-chunked body', () => {
  const first = 'a'.repeat(8192);

  async function send(
    chunks: readonly string[],
    change: (body: string) => string = body => body,
    extra: Record<string, string> = {},
  ): Promise<{ status: number; code: string | undefined }> {
    const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    const request = {
      method: 'PUT',
      path: `/${Bucket}/chunked`,
      headers: {
        'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
        'x-amz-decoded-content-length': String(length),
        'content-encoding': 'aws-chunked',
        ...extra,
      },
    };
    const headers = await signedHeaders(sandbox, request, { date: clock.now() });
    const seed = /Signature=(\w+)/.exec(headers.authorization ?? '')?.[1] ?? '';
    const date = headers['x-amz-date'] ?? '';
    const body = change(chunked(seed, { secret: sandbox.secretAccessKey, date }, chunks));
    const answer = await sendRaw(sandbox, { ...request, headers, body });
    return { status: answer.status, code: errorCode(answer) };
  }

  it('is unwrapped when every chunk signature holds', async () => {
    expect(await send([first, 'end'])).toMatchObject({ status: 200 });
    const got = await test.s3.send(new GetObjectCommand({ Bucket, Key: 'chunked' }));
    expect(await got.Body?.transformToString()).toBe(`${first}end`);
    expect(got.ContentEncoding).toBeUndefined();
  });

  it.each([
    ['an edited chunk', (body: string) => body.replace('end', 'END'), 'SignatureDoesNotMatch'],
    ['a missing chunk', (body: string) => body.slice(body.indexOf('3;')), 'SignatureDoesNotMatch'],
    ['a cut body', (body: string) => body.slice(0, 5000), 'IncompleteBody'],
    ['no framing', () => 'hello', 'IncompleteBody'],
  ])('with %s is refused', async (_name, change, code) => {
    expect(await send([first, 'end'], change)).toMatchObject({ code });
  });

  it('refuses small chunks before the last, and a wrong length', async () => {
    expect(await send(['small', 'end'])).toMatchObject({ code: 'InvalidChunkSizeError' });
    const wrong = { 'x-amz-decoded-content-length': '5' };
    expect(await send([first], body => body, wrong)).toMatchObject({ code: 'IncompleteBody' });
  });

  it.each([10, 100_000])('of %i bytes is held against the hash of all of it', async size => {
    const data = 'x'.repeat(size);
    const body = `${size.toString(16)}\r\n${data}\r\n0\r\n\r\n`;
    const put = (sent: string): Promise<string | undefined> => {
      const request = {
        method: 'PUT',
        path: `/${Bucket}/hashed`,
        headers: {
          'x-amz-decoded-content-length': String(size),
          'content-encoding': 'aws-chunked',
        },
      };
      const signed = signedHeaders(sandbox, { ...request, body }, { date: clock.now() });
      return signed.then(async headers =>
        errorCode(await sendRaw(sandbox, { ...request, headers, body: sent })),
      );
    };
    expect(await put(body)).toBeUndefined();
    expect(await put(body.replace('xx', 'yy'))).toBe('XAmzContentSHA256Mismatch');
  });

  it('must bring the trailers it announced', async () => {
    const request = {
      method: 'PUT',
      path: `/${Bucket}/trailer`,
      headers: {
        'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
        'x-amz-decoded-content-length': '5',
        'x-amz-trailer': 'x-amz-checksum-crc32',
      },
    };
    const headers = await signedHeaders(sandbox, request, { date: clock.now() });
    const put = async (trailer: string): Promise<string | undefined> => {
      const body = `5\r\nhello\r\n0\r\n${trailer}\r\n`;
      return errorCode(await sendRaw(sandbox, { ...request, headers, body }));
    };
    expect(await put('x-amz-checksum-crc32:NhCmhg==\r\n')).toBeUndefined();
    expect(await put('')).toBe('MalformedTrailerError');
    expect(await put('x-amz-checksum-sha1:NhCmhg==\r\n')).toBe('MalformedTrailerError');
    expect(await put('x-amz-checksum-crc32:AAAAAA==\r\n')).toBe('BadDigest');
  });
});

describe('the way in', () => {
  it('is closed to web pages and foreign hosts', async () => {
    const headers = await signedHeaders(sandbox, {});
    const web = await sendRaw(sandbox, { headers: { ...headers, origin: 'https://example.com' } });
    expect(web.status).toBe(403);
    for (const host of ['example.com', 'localhost.example.com', '10.0.0.1', '127.0.0.1.example']) {
      expect((await sendRaw(sandbox, { headers: { ...headers, host } })).status).toBe(403);
    }
  });

  it('takes a bucket from the host name', async () => {
    const { port } = new URL(sandbox.endpoint);
    for (const host of [
      `${Bucket}.localhost:${port}`,
      `${Bucket}.s3.us-east-1.localhost:${port}`,
    ]) {
      const path = `/${encodeURIComponent('a b')}/${encodeURIComponent('é+')}`;
      const answer = await sendSigned(sandbox, { path, headers: { host } }, { date: clock.now() });
      expect(answer.body).toBe('hello');
    }
    for (const host of [`s3.localhost:${port}`, `s3.us-east-1.localhost:${port}`]) {
      const answer = await sendSigned(sandbox, { headers: { host } }, { date: clock.now() });
      expect(answer.body).toContain('ListAllMyBucketsResult');
    }
  });

  it('answers Expect: 100-continue only when the body is wanted', async () => {
    const s3 = s3Client({ ...sandbox, secretAccessKey: 'wrong' });
    const Body = Buffer.alloc(3 * 1024 * 1024);
    const put = s3.send(new PutObjectCommand({ Bucket, Key: 'expect', Body }));
    expect((await failure(put)).name).toBe('SignatureDoesNotMatch');
    await test.s3.send(new PutObjectCommand({ Bucket, Key: 'expect', Body }));
  });

  it('says that it closes a connection which the client does not keep', async () => {
    const headers = await signedHeaders(sandbox, {});
    const closed = await sendRaw(sandbox, { headers: { ...headers, connection: 'close' } });
    expect(closed.headers['connection']).toBe('close');
    const kept = await sendRaw(sandbox, { headers: { ...headers, connection: 'keep-alive' } });
    expect(kept.headers).not.toHaveProperty('connection');
  });

  it('gives every answer its ids', async () => {
    const { $metadata } = await test.s3.send(new ListBucketsCommand({}));
    expect($metadata.requestId).toMatch(/^[0-9A-F]{16}$/);
    expect($metadata.extendedRequestId).toBeTruthy();
  });
});
