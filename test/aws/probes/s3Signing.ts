import { s3Of, type Scenario } from '../scenario.ts';
import type { Signing } from '../wire.ts';

const LONG_AGO = new Date('2020-01-02T03:04:05Z');

const BY_HEADER: Readonly<Record<string, Signing>> = {
  'another secret': { secretAccessKey: 'not-the-secret' },
  'an unknown key': { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x' },
  'long ago': { date: LONG_AGO },
  'for another Region': { region: 'ap-south-1' },
  nobody: { by: 'none' },
  'a header that was not signed': { afterwards: { headers: { 'x-amz-meta-late': '1' } } },
  'a parameter that was not signed': { afterwards: { query: { late: '1' } } },
  'no date': { afterwards: { headers: { 'x-amz-date': 'today' } } },
  'another scheme': { by: 'none', afterwards: { headers: { authorization: 'Bearer token' } } },
  'half a signature': {
    ...{ by: 'none', afterwards: { headers: { authorization: 'AWS4-HMAC-SHA256 Credential=a' } } },
  },
};

const BY_URL: Readonly<Record<string, Signing>> = {
  plain: {},
  'expired long ago': { date: LONG_AGO },
  'another secret': { secretAccessKey: 'not-the-secret' },
  'an unknown key': { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x' },
  'no seconds': { afterwards: { query: { 'X-Amz-Expires': '0' } } },
  'fewer seconds than none': { afterwards: { query: { 'X-Amz-Expires': '-1' } } },
  'more than a week': { afterwards: { query: { 'X-Amz-Expires': '604801' } } },
  'a word of seconds': { afterwards: { query: { 'X-Amz-Expires': 'soon' } } },
  'no date': { afterwards: { query: { 'X-Amz-Date': 'today' } } },
  'another algorithm': { afterwards: { query: { 'X-Amz-Algorithm': 'ROT13' } } },
  'half a credential': { afterwards: { query: { 'X-Amz-Credential': 'a/b' } } },
  'a parameter that was not signed': { afterwards: { query: { 'response-content-type': 'x/y' } } },
  'a header that was not signed': { afterwards: { headers: { 'x-amz-meta-late': '1' } } },
  'an authorization as well': { afterwards: { headers: { authorization: 'AWS4-HMAC-SHA256 x' } } },
};

/** Whose requests are answered, and what is said to the others. */
export const S3_SIGNING: Scenario = {
  name: 's3-signing',
  hasBucket: true,
  async run({ bucket, probe, send }) {
    const { get, put, head } = s3Of(bucket);
    await send(put('k', { body: 'signed' }));
    for (const [name, signing] of Object.entries(BY_HEADER)) {
      await probe(`get by header: ${name}`, get('k', { signing }));
    }
    for (const [name, signing] of Object.entries(BY_URL)) {
      await probe(`get by URL: ${name}`, get('k', { signing: { by: 'url', ...signing } }));
    }
    const url = { by: 'url' } as const;
    await probe('head by URL', head('k', { signing: url }));
    await probe('get a missing key by URL', get('missing', { signing: url }));
    await probe('put by URL', put('by-url', { signing: url, body: 'x' }));
    await probe('put by a URL to get', {
      ...get('k', { signing: url }),
      method: 'PUT',
      query: { 'X-Amz-Signature': '0'.repeat(64) },
    });
    await probe(
      'other response headers by URL',
      get('k', {
        signing: url,
        query: { 'response-content-disposition': 'attachment', 'response-content-type': 'x/y' },
      }),
    );
    await probe(
      'other response headers for nobody',
      get('k', {
        signing: { by: 'none' },
        query: { 'response-content-type': 'x/y' },
      }),
    );
    const hash = { 'x-amz-content-sha256': '0'.repeat(64) };
    await probe('a body of another hash', put('hash', { headers: hash, body: 'x' }));
    await probe(
      'a body of no hash',
      put('hash', { headers: { 'x-amz-content-sha256': 'none' }, body: 'x' }),
    );
    await probe(
      'a body unsigned',
      put('hash', { headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }, body: 'x' }),
    );
    await probe('a list by nobody', get('', { signing: { by: 'none' } }));
    await probe(
      'the expected owner, another',
      get('k', { headers: { 'x-amz-expected-bucket-owner': '111122223333' } }),
    );
    await probe(
      'the expected owner, no account',
      get('k', { headers: { 'x-amz-expected-bucket-owner': 'me' } }),
    );
  },
};
