import { describe, expect, it } from 'vitest';
import { addressOf, s3Settings } from '../../../lambda/s3/endpoint.ts';
import { pairs, readError } from '../../../lambda/s3/s3Error.ts';
import { encode, queryString, signed } from '../../../lambda/s3/signature.ts';

// The examples of the Amazon S3 API reference, "Signature Calculations for the Authorization Header".
const CREDENTIALS = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  sessionToken: undefined,
};
const NOW = Date.UTC(2013, 4, 24);
const HOST = 'examplebucket.s3.amazonaws.com';

const signatureOf = (request: Partial<Parameters<typeof signed>[0]>): string | undefined => {
  const whole = { method: 'GET', path: '/', query: {}, headers: { host: HOST }, ...request };
  const { authorization = '' } = signed(
    { body: new Uint8Array(), ...whole },
    CREDENTIALS,
    'us-east-1',
    NOW,
  );
  return /Signature=(\w+)$/.exec(authorization)?.[1];
};

describe('A signature', () => {
  it.each<[string, Partial<Parameters<typeof signed>[0]>, string]>([
    [
      'GET Object',
      { path: '/test.txt', headers: { host: HOST, range: 'bytes=0-9' } },
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    ],
    [
      'PUT Object',
      {
        method: 'PUT',
        path: `/${encode('test$file.text')}`,
        headers: {
          host: HOST,
          date: 'Fri, 24 May 2013 00:00:00 GMT',
          'x-amz-storage-class': 'REDUCED_REDUNDANCY',
        },
        body: Buffer.from('Welcome to Amazon S3.'),
      },
      '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
    ],
    [
      'GET Bucket Lifecycle',
      { query: { lifecycle: '' } },
      'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
    ],
    [
      'GET Bucket (List Objects)',
      { query: { prefix: 'J', 'max-keys': '2' } },
      '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    ],
  ])("is that of AWS's example: %s", (_, request, signature) => {
    expect(signatureOf(request)).toBe(signature);
  });

  it('covers the session token', () => {
    const body = new Uint8Array();
    const request = { method: 'GET', path: '/', query: {}, headers: { host: HOST }, body };
    const headers = signed(request, { ...CREDENTIALS, sessionToken: 'token' }, 'us-east-1', NOW);
    expect(headers['x-amz-security-token']).toBe('token');
    expect(headers['authorization']).toContain(';x-amz-security-token,');
  });

  it('encodes what a URL would leave', () => {
    expect(encode("a b/ü+(x)*!'~-._")).toBe('a%20b%2F%C3%BC%2B%28x%29%2A%21%27~-._');
    expect(queryString({ 'a-b': '2', a: '1' })).toBe('a=1&a-b=2');
  });
});

describe("S3's address", () => {
  const hostOf = (environment: Record<string, string>, bucket = 'photos'): string => {
    const settings = s3Settings(environment);
    const { protocol, hostname, port, path } = addressOf(settings, bucket, settings.region);
    return `${protocol}//${hostname}${port === '' ? '' : `:${port}`}${path}`;
  };

  // As the AWS SDK's endpoint rules have them (aws-sdk-js-v3, client-s3, endpoint/ruleset).
  it.each([
    ['us-east-1', 'https://photos.s3.us-east-1.amazonaws.com'],
    ['cn-north-1', 'https://photos.s3.cn-north-1.amazonaws.com.cn'],
    ['us-gov-west-1', 'https://photos.s3.us-gov-west-1.amazonaws.com'],
    ['us-iso-east-1', 'https://photos.s3.us-iso-east-1.c2s.ic.gov'],
    ['eusc-de-east-1', 'https://photos.s3.eusc-de-east-1.amazonaws.eu'],
  ])('in %s is %s', (AWS_REGION, address) => {
    expect(hostOf({ AWS_REGION })).toBe(address);
  });

  it('has the bucket in its path where the name has a dot, as no certificate covers that', () => {
    expect(hostOf({ AWS_REGION: 'eu-west-1' }, 'a.b')).toBe(
      'https://s3.eu-west-1.amazonaws.com/a.b',
    );
  });

  it('is with FIPS and dual stack where the environment says so', () => {
    const on = { AWS_REGION: 'us-east-1', AWS_USE_FIPS_ENDPOINT: 'true' };
    expect(hostOf(on)).toBe('https://photos.s3-fips.us-east-1.amazonaws.com');
    expect(hostOf({ ...on, AWS_USE_DUALSTACK_ENDPOINT: 'true' })).toBe(
      'https://photos.s3-fips.dualstack.us-east-1.amazonaws.com',
    );
  });

  it('is what the environment says, S3’s own variable before that of all services', () => {
    expect(hostOf({ AWS_ENDPOINT_URL: 'http://127.0.0.1:4100' })).toBe(
      'http://127.0.0.1:4100/photos',
    );
    expect(hostOf({ AWS_ENDPOINT_URL: 'http://[::1]:4100/s3/' })).toBe('http://::1:4100/s3/photos');
    const both = { AWS_ENDPOINT_URL: 'http://a:1', AWS_ENDPOINT_URL_S3: 'http://b:2' };
    expect(hostOf(both)).toBe('http://photos.b:2');
    expect(
      hostOf({ ...both, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true', AWS_REGION: 'eu-west-1' }),
    ).toBe('https://photos.s3.eu-west-1.amazonaws.com');
  });
});

describe('An answer of S3', () => {
  it('that is an error has its code and message', () => {
    const body = `<?xml version="1.0"?><Error><Code>NoSuchKey</Code><Message>a &lt; b &#38; &#x63;</Message></Error>`;
    expect(readError(404, body)).toMatchObject({
      name: 'NoSuchKey',
      message: 'a < b & c',
      status: 404,
    });
    expect(readError(502, '<html>Bad Gateway</html>')).toMatchObject({ name: 'Http502' });
  });

  it('with tags has each key with its value', () => {
    const body = `<Tagging><TagSet><Tag><Key>a&amp;b</Key><Value>1</Value></Tag>
      <Tag><Key>empty</Key><Value/></Tag></TagSet></Tagging>`;
    expect(pairs(body, 'Key', 'Value')).toEqual([
      ['a&b', '1'],
      ['empty', ''],
    ]);
  });
});
