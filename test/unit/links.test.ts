import { expect, it } from 'vitest';
import { readConsoleUrl } from '../../src/aws/consoleAddress.ts';
import { consoleLink } from '../../src/aws/links/consoleLink.ts';
import { credentialsEnd } from '../../src/aws/links/credentialsEnd.ts';
import { renewingCredentials } from '../../src/aws/connection/credentials.ts';
import type { AwsClients } from '../../src/aws/clients.ts';
import { parseDuration } from '../../src/explorer/links/duration.ts';

it.each([
  ['30m', 1800],
  ['2h', 7200],
  ['1.5h', 5400],
  [' 1d  12H ', 129_600],
  ['45s', 45],
  ['', undefined],
  ['2', undefined],
  ['h', undefined],
  ['-1h', undefined],
  ['2 h', undefined],
  ['1e3s', undefined],
])('%j is %j seconds', (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
});

const KEYS = ['a b', 'a+b', '%2F', 'a//b', '/lead', 'a&b=c', '🗺️', 'new\nline', 'e\u0301'];

it.each(KEYS)('the console’s page of %j is about that object', key => {
  const link = consoleLink({ bucket: 'photos', key, versionId: 'v.1' }, 'eu-north-1') ?? '';
  const { host, pathname, searchParams } = new URL(link);
  expect(readConsoleUrl(host, pathname.slice(1), searchParams)).toEqual({
    ...{ bucket: 'photos', key, versionId: 'v.1' },
  });
});

it.each([
  ['us-east-1', 'https://us-east-1.console.aws.amazon.com/s3/buckets/photos?region=us-east-1'],
  ['cn-north-1', 'https://cn-north-1.console.amazonaws.cn/s3/buckets/photos?region=cn-north-1'],
  [
    'us-gov-west-1',
    'https://us-gov-west-1.console.amazonaws-us-gov.com/s3/buckets/photos?region=us-gov-west-1',
  ],
  ['us-iso-east-1', undefined],
])('the console of %s', (region, link) => {
  expect(consoleLink({ bucket: 'photos' }, region)).toBe(link);
});

it('a prefix has the page of its bucket', () => {
  expect(consoleLink({ bucket: 'photos', key: 'a b/' }, 'eu-west-1')).toBe(
    'https://eu-west-1.console.aws.amazon.com/s3/buckets/photos?region=eu-west-1&prefix=a%20b%2F',
  );
});

const ofCredentials = (credentials: AwsClients['config']['credentials']) =>
  credentialsEnd({ config: { region: 'x', credentials } } as AwsClients);
const keys = { accessKeyId: 'a', secretAccessKey: 's' };
const date = new Date(Date.now() + 3_600_000);

it('credentials end when their provider says, never, or nobody knows when', async () => {
  expect(await ofCredentials(keys)).toEqual({ kind: 'never' });
  expect(await ofCredentials({ ...keys, sessionToken: 't' })).toEqual({ kind: 'unknown' });
  const fixed = { ...keys, sessionToken: 't', expiration: date };
  expect(await ofCredentials(() => Promise.resolve(fixed))).toEqual({ kind: 'at', date });
});

it('credentials that are renewed end when these do, not when the SDK asks again', async () => {
  const origin = { kind: 'environment', variable: 'AWS_ACCESS_KEY_ID' } as const;
  const lasting = renewingCredentials(() =>
    Promise.resolve({ source: { kind: 'keys', origin, keys: () => keys } } as never),
  );
  expect(await ofCredentials(lasting)).toEqual({ kind: 'never' });
});
