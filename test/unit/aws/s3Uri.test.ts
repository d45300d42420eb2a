import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasDotSegments, objectUrl } from '../../../src/aws/links/objectUrl.ts';
import {
  bucketArn,
  formatS3Uri,
  isBucketName,
  objectArn,
  parseS3Arn,
  parseS3Uri,
} from '../../../src/aws/s3Uri.ts';

/** Any legal key: the tests of formats must not know which characters are special. */
const keys = fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' });
const buckets = fc.stringMatching(/^[a-z0-9][a-z0-9-]{1,30}[a-z0-9]$/);

describe('S3 URIs', () => {
  it('survive a round trip with any key', () => {
    fc.assert(
      fc.property(buckets, keys, (bucket, key) => {
        expect(parseS3Uri(formatS3Uri({ bucket, key }))).toEqual({ bucket, key });
      }),
    );
  });

  it('stand for a bucket without a key', () => {
    expect(parseS3Uri('s3://images')).toEqual({ bucket: 'images' });
    expect(parseS3Uri('s3://images/')).toEqual({ bucket: 'images' });
    expect(formatS3Uri({ bucket: 'images' })).toBe('s3://images/');
  });

  it.each(['', 's3://', 's3:///k', 'https://b/k', 's3:/b/k', 's3://b', 's3://a..b/k'])(
    'are not %j',
    text => expect(parseS3Uri(text)).toBeUndefined(),
  );
});

describe('ARNs', () => {
  it('survive a round trip with any key', () => {
    fc.assert(
      fc.property(buckets, keys, (bucket, key) => {
        expect(parseS3Arn(objectArn('aws-cn', bucket, key))).toEqual({
          partition: 'aws-cn',
          bucket,
          key,
        });
      }),
    );
  });

  it('are read for buckets, and not for access points', () => {
    expect(parseS3Arn(bucketArn('aws', 'b-b'))).toEqual({ partition: 'aws', bucket: 'b-b' });
    expect(parseS3Arn('arn:aws:s3:us-east-1:123456789012:accesspoint/a')).toBeUndefined();
  });
});

describe('objectUrl', () => {
  const place = { region: 'eu-west-1', partition: 'aws' };

  it('decodes to the key it was made of', () => {
    fc.assert(
      fc.property(keys, key => {
        const url = objectUrl({ bucket: 'images', key, ...place });
        const path = /^https:\/\/images\.s3\.eu-west-1\.amazonaws\.com\/(.*)$/.exec(url)?.[1];
        expect(path).toMatch(/^[A-Za-z0-9\-._~%/]*$/);
        expect(decodeURIComponent(path ?? '')).toBe(key);
      }),
    );
  });

  it('follows partitions, dots and endpoints', () => {
    expect(objectUrl({ bucket: 'b-b', key: 'k', region: 'cn-north-1', partition: 'aws-cn' })).toBe(
      'https://b-b.s3.cn-north-1.amazonaws.com.cn/k',
    );
    expect(objectUrl({ bucket: 'b.b', key: 'k', ...place })).toBe(
      'https://s3.eu-west-1.amazonaws.com/b.b/k',
    );
    // Names of before 2018.
    expect(objectUrl({ bucket: 'Old_Name', key: 'k', ...place })).toBe(
      'https://s3.eu-west-1.amazonaws.com/Old_Name/k',
    );
    expect(
      objectUrl({ bucket: 'b-b', key: 'a b', endpoint: 'http://127.0.0.1:1/', ...place }),
    ).toBe('http://127.0.0.1:1/b-b/a%20b');
  });
});

describe('hasDotSegments', () => {
  it('is what browsers make another key of', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('', '.', '..', '...', '.a', 'a.', '%2e', 'a'), { minLength: 1 }),
        segments => {
          const key = segments.join('/');
          const url = objectUrl({ bucket: 'b-b', key, region: 'r', partition: 'aws' });
          const path = `/${segments.map(encodeURIComponent).join('/')}`;
          expect(hasDotSegments(key)).toBe(new URL(url).pathname !== path);
        },
      ),
    );
  });
});

describe('isBucketName', () => {
  it.each(['abc', 'images-82834469', 'my.bucket', 'Old_Name'])('takes %s', name => {
    expect(isBucketName(name)).toBe(true);
  });
  it.each(['', 'ab', '-ab', 'ab-', 'a..b', '192.168.1.1', 'a b', 'a/b', 'arn:aws:s3:::b'])(
    'refuses %j',
    name => expect(isBucketName(name)).toBe(false),
  );
});
