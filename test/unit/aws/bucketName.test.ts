import { describe, expect, it } from 'vitest';
import { bucketNameProblem, namespaceRegion } from '../../../src/aws/buckets/bucketName.ts';
import { checkBucketName } from '../../../src/sandbox/s3/buckets/bucketName.ts';

const ACCOUNT = '123456789012';

describe('the name of a new bucket', () => {
  it.each(['abc', 'a.b-c', '1-2', 'x'.repeat(63), '10.0.0.1a', 'my-bucket.example.com', 'plan'])(
    'may be %s',
    name => {
      expect(bucketNameProblem(name, ACCOUNT)).toBeUndefined();
      expect(() => checkBucketName(name)).not.toThrow();
    },
  );

  it.each([
    ['', 'tooShort'],
    ['ab', 'tooShort'],
    ['x'.repeat(64), 'tooLong'],
    ['Photos', 'upperCase'],
    ['my_bucket', 'characters'],
    ['my bucket', 'characters'],
    ['größe', 'characters'],
    ['😀😀', 'characters'],
    ['-abc', 'ends'],
    ['abc-', 'ends'],
    ['.abc', 'ends'],
    ['abc.', 'ends'],
    ['a..b', 'periods'],
    ['a.-b', 'besidePeriod'],
    ['a-.b', 'besidePeriod'],
    ['192.168.5.4', 'address'],
    ['xn--abc', 'reservedStart'],
    ['sthree-abc', 'reservedStart'],
    ['amzn-s3-demo-bucket', 'reservedStart'],
    ['abc-s3alias', 'reservedEnd'],
    ['abc--ol-s3', 'reservedEnd'],
    ['abc.mrap', 'reservedEnd'],
    ['abc--x-s3', 'reservedEnd'],
    ['abc--table-s3', 'reservedEnd'],
    ['abc-an', 'otherNamespace'],
    ['abc-999999999999-eu-west-1-an', 'otherNamespace'],
  ])('may not be %s: %s', (name, kind) => {
    expect(bucketNameProblem(name, ACCOUNT)).toMatchObject({ kind });
    expect(() => checkBucketName(name)).toThrow('The specified bucket is not valid.');
  });

  it('may be of the account’s regional namespace, which names the Region', () => {
    const name = `logs-${ACCOUNT}-ap-southeast-2-an`;
    expect(bucketNameProblem(name, ACCOUNT)).toBeUndefined();
    expect(namespaceRegion(name, ACCOUNT)).toBe('ap-southeast-2');
    expect(namespaceRegion(name, '')).toBeUndefined();
    expect(bucketNameProblem(name)).toMatchObject({ kind: 'otherNamespace' });
  });
});
