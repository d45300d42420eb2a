import { describe, expect, it } from 'vitest';
import { readS3Address } from '../../../src/aws/s3Address.ts';
import { addressProblem } from '../../../src/vscode/describeAddress.ts';

const bucket = 'my-bucket';

/** What people paste, and what it names. */
const TAKEN: readonly (readonly [text: string, key?: string, versionId?: string])[] = [
  ['s3://my-bucket'],
  [' s3://my-bucket/a+b c ', 'a+b c'],
  ['arn:aws:s3:::my-bucket/a+b', 'a+b'],
  ['arn:aws-cn:s3:::my-bucket'],
  ['https://my-bucket.s3.amazonaws.com/my+file.zip', 'my file.zip'],
  ['https://my-bucket.s3.amazonaws.com/my%2Bfile%20a.zip', 'my+file a.zip'],
  ['https://my-bucket.s3.amazonaws.com'],
  ['https://my-bucket.s3.amazonaws.com/'],
  ['https://my-bucket.s3.amazonaws.com/photos/', 'photos/'],
  ['https://my-bucket.s3.amazonaws.com:443/k', 'k'],
  ['http://my-bucket.s3.amazonaws.com:80/k', 'k'],
  ['HTTPS://My-Bucket.S3.amazonaws.com/k', 'k'],
  ['https://my-bucket.s3.amazonaws.com/a/../b//c', 'a/../b//c'],
  ['https://s3.amazonaws.com/my-bucket/k+1', 'k 1'],
  ['https://s3.eu-west-1.amazonaws.com/my-bucket'],
  ['https://s3-eu-west-1.amazonaws.com/my-bucket/k', 'k'],
  ['https://s3-external-1.amazonaws.com/my-bucket/k', 'k'],
  ['https://my-bucket.s3-us-gov-west-1.amazonaws.com/k', 'k'],
  ['https://my-bucket.s3-fips.us-east-2.amazonaws.com/k', 'k'],
  ['https://my-bucket.s3-fips.dualstack.us-east-2.amazonaws.com/k', 'k'],
  ['https://s3-fips-us-gov-west-1.amazonaws.com/my-bucket/k', 'k'],
  ['https://my-bucket.s3.dualstack.eu-west-1.amazonaws.com/k', 'k'],
  ['https://s3.dualstack.eu-west-1.amazonaws.com/my-bucket/k', 'k'],
  ['https://my-bucket.s3-accelerate.amazonaws.com/k', 'k'],
  ['https://my-bucket.s3-accelerate.dualstack.amazonaws.com/k', 'k'],
  ['https://my-bucket.s3.cn-north-1.amazonaws.com.cn/k', 'k'],
  ['https://my-bucket.s3.us-iso-east-1.c2s.ic.gov/k', 'k'],
  ['http://my-bucket.s3-website-us-east-1.amazonaws.com/k', 'k'],
  ['http://my-bucket.s3-website.eu-central-1.amazonaws.com/a+b', 'a b'],
  ['https://bucket.vpce-0a1b-2c3d.s3.us-east-1.vpce.amazonaws.com/my-bucket/k', 'k'],
  ['https://my-bucket.bucket.vpce-0a1b-2c3d.s3.us-east-1.vpce.amazonaws.com/k', 'k'],
  ['https://my-bucket.s3.amazonaws.com/k?versionId=3%2FL4kqtJ', 'k', '3/L4kqtJ'],
  [
    'https://my-bucket.s3.eu-west-1.amazonaws.com/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIA%2F20261129&X-Amz-Signature=0a1b',
    'k',
  ],
  ['https://s3.console.aws.amazon.com/s3/buckets/my-bucket?region=eu-west-1&tab=objects'],
  [
    'https://s3.console.aws.amazon.com/s3/buckets/my-bucket?prefix=a/b+c/&showversions=false',
    'a/b c/',
  ],
  ['https://s3.console.aws.amazon.com/s3/buckets/my-bucket/a/b/?region=eu-west-1', 'a/b/'],
  [
    'https://s3.console.aws.amazon.com/s3/object/my-bucket?region=eu-west-1&prefix=a/b%2Bc.png',
    'a/b+c.png',
  ],
  [
    'https://eu-west-1.console.aws.amazon.com/s3/buckets/my-bucket?region=eu-west-1&bucketType=general&tab=objects',
  ],
  [
    'https://eu-west-1.console.aws.amazon.com/s3/object/my-bucket?region=eu-west-1&bucketType=general&prefix=k&versionId=v1',
    'k',
    'v1',
  ],
  [
    'https://123456789012-ab12cd.us-east-1.console.aws.amazon.com/s3/buckets/my-bucket?prefix=p/',
    'p/',
  ],
  ['https://us-east-1.console.aws.amazon.com/s3/upload/my-bucket?region=us-east-1&prefix=p/', 'p/'],
  ['https://console.aws.amazon.com/s3/home?region=us-east-1#&bucket=my-bucket&prefix=p/', 'p/'],
  ['https://console.amazonaws.cn/s3/buckets/my-bucket?region=cn-north-1'],
  ['https://us-gov-west-1.console.amazonaws-us-gov.com/s3/object/my-bucket?prefix=k', 'k'],
];

const REFUSED: readonly (readonly [text: string, what: string])[] = [
  ['arn:aws:s3:us-west-2:123456789012:accesspoint/mine', 'accessPoint'],
  ['arn:aws:s3:us-west-2:123456789012:accesspoint/mine/object/k', 'accessPoint'],
  ['s3://arn:aws:s3:us-west-2:123456789012:accesspoint/mine/k', 'accessPoint'],
  ['arn:aws:s3-object-lambda:us-west-2:123456789012:accesspoint/mine', 'accessPoint'],
  ['https://mine-123456789012.s3-accesspoint.us-west-2.amazonaws.com/k', 'accessPoint'],
  ['https://mine-123456789012.s3-object-lambda.us-west-2.amazonaws.com/k', 'accessPoint'],
  [
    'https://us-west-2.console.aws.amazon.com/s3/ap/123456789012/mine?region=us-west-2',
    'accessPoint',
  ],
  ['arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap', 'multiRegionAccessPoint'],
  ['https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com/k', 'multiRegionAccessPoint'],
  ['arn:aws:s3-outposts:us-west-2:123456789012:outpost/op-01/bucket/b', 'outpost'],
  ['https://mine-123456789012.op-01.s3-outposts.us-west-2.amazonaws.com/k', 'outpost'],
  ['s3://b--use1-az4--x-s3/k', 'directoryBucket'],
  ['b--use1-az4--x-s3', 'directoryBucket'],
  [
    'https://us-east-1.console.aws.amazon.com/s3/buckets/b--use1-az4--x-s3?region=us-east-1',
    'directoryBucket',
  ],
  ['arn:aws:s3express:us-east-1:123456789012:bucket/b--use1-az4--x-s3', 'directoryBucket'],
  ['https://b--use1-az4--x-s3.s3express-use1-az4.us-east-1.amazonaws.com/k', 'directoryBucket'],
  ['https://eu-west-1.console.aws.amazon.com/lambda/home?region=eu-west-1#/functions/f', 'console'],
  ['https://s3.console.aws.amazon.com/s3/jobs?region=eu-west-1', 'console'],
  ['https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions', 'service'],
  ['https://123456789012.s3-control.us-east-1.amazonaws.com/v20180820/jobs', 'service'],
];

describe('an address that is pasted', () => {
  it.each(TAKEN)('is read: %s', (text = '', key, versionId) => {
    const address = {
      bucket,
      ...(key !== undefined && { key }),
      ...(versionId !== undefined && { versionId }),
    };
    expect(readS3Address(text)).toEqual({ kind: 'address', address });
    expect(addressProblem(text)).toBeUndefined();
  });

  it.each(REFUSED)('is refused by its name: %s', (text, what) => {
    expect(readS3Address(text)).toEqual({ kind: 'refused', what });
    expect(addressProblem(text)).toMatch(/Paste|copy the address/);
  });

  it.each([
    '',
    'my-bucket',
    'https://example.com/my-bucket/k',
    'https://s3.amazonaws.com.example.com/my-bucket/k',
    'https://user@evil.example/my-bucket',
    'https://my-bucket.s3.amazonaws.com/100%.zip',
    'http://127.0.0.1:4100/my-bucket/k',
  ])('is none of S3: %j', text => {
    expect(readS3Address(text)).toEqual({ kind: 'unknown' });
  });

  it('is of the service at the endpoint too, path style or virtual-hosted', () => {
    const address = { bucket, key: 'a+b' };
    for (const text of [
      'http://127.0.0.1:4100/my-bucket/a+b',
      'http://127.0.0.1:4100/my-bucket/a%2Bb',
    ]) {
      expect(readS3Address(text, 'http://127.0.0.1:4100/')).toEqual({ kind: 'address', address });
    }
    const r2 = 'https://0a1b.r2.cloudflarestorage.com';
    expect(readS3Address('https://my-bucket.0a1b.r2.cloudflarestorage.com/a+b', r2)).toEqual({
      kind: 'address',
      address,
    });
  });

  it('names an access point by its alias as a bucket', () => {
    const alias = 'mine-abcdefghijklmnopqrstuvwxyz0123-s3alias';
    expect(readS3Address(`s3://${alias}/k`)).toEqual({
      kind: 'address',
      address: { bucket: alias, key: 'k' },
    });
  });
});
