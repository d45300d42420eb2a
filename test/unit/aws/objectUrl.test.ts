import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseObjectAddress } from '../../../src/aws/objects/objectUrl.ts';
import { objectUrl } from '../../../src/aws/links/objectUrl.ts';
import { formatS3Uri, objectArn } from '../../../src/aws/s3Uri.ts';

/** Any key that is an object's and that a person can paste without losing its end. */
const keys = fc
  .string({ minLength: 1, maxLength: 60, unit: 'grapheme' })
  .filter(key => key.trim() === key && !key.endsWith('/') && !/[\r\n]/.test(key));
const buckets = fc
  .stringMatching(/^[a-z0-9][a-z0-9.-]{1,30}[a-z0-9]$/)
  .filter(name => !name.includes('..') && !/^[\d.]+$/.test(name));
const REGIONS = [
  { region: 'us-east-1', partition: 'aws' },
  { region: 'us-gov-west-1', partition: 'aws-us-gov' },
  { region: 'cn-north-1', partition: 'aws-cn' },
  { region: 'eusc-de-east-1', partition: 'aws-eusc' },
];

describe('parseObjectAddress', () => {
  it('reads back every address that we copy', () => {
    fc.assert(
      fc.property(buckets, keys, fc.constantFrom(...REGIONS), (bucket, key, place) => {
        const endpoint = 'http://127.0.0.1:4100';
        expect(parseObjectAddress(formatS3Uri({ bucket, key }))).toEqual({ bucket, key });
        expect(parseObjectAddress(objectArn(place.partition, bucket, key))).toEqual({
          bucket,
          key,
        });
        expect(parseObjectAddress(objectUrl({ bucket, key, ...place }))).toEqual({ bucket, key });
        expect(
          parseObjectAddress(objectUrl({ bucket, key, ...place, endpoint }), `${endpoint}/`),
        ).toEqual({ bucket, key });
      }),
    );
  });

  it.each([
    'https://assets-1.s3.amazonaws.com/function.zip',
    'https://s3.amazonaws.com/assets-1/function.zip',
    'https://assets-1.s3-eu-west-1.amazonaws.com/function.zip',
    'https://s3-eu-west-1.amazonaws.com/assets-1/function.zip',
    'https://assets-1.s3.dualstack.eu-west-1.amazonaws.com/function.zip',
    'https://assets-1.s3-accelerate.amazonaws.com/function.zip',
    ' https://assets-1.s3.eu-west-1.amazonaws.com/function.zip?X-Amz-Signature=0a&x-id=GetObject ',
  ])('reads %s', text => {
    expect(parseObjectAddress(text)).toEqual({ bucket: 'assets-1', key: 'function.zip' });
  });

  it('keeps the version that a URL names', () => {
    expect(
      parseObjectAddress('https://assets-1.s3.amazonaws.com/a%20b.zip?versionId=3%2FL4'),
    ).toEqual({ bucket: 'assets-1', key: 'a b.zip', versionId: '3/L4' });
  });

  it.each([
    '',
    'function.zip',
    's3://assets-1',
    's3://assets-1/folder/',
    'https://assets-1.s3.amazonaws.com/',
    'https://example.com/assets-1/function.zip',
    'https://s3.amazonaws.com.example.com/assets-1/function.zip',
    'https://assets-1.s3.amazonaws.com/100%.zip',
    'http://127.0.0.1:4100/assets-1/function.zip',
  ])('takes %j for no object of ours', text => {
    expect(parseObjectAddress(text)).toBeUndefined();
    expect(parseObjectAddress(text, 'http://127.0.0.1:4101')).toBeUndefined();
  });
});
