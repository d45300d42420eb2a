import { expect, it } from 'vitest';
import { readClaimV2, signV2, stringToSignV2 } from '../../../src/sandbox/auth/signatureV2.ts';
import { QueryParameters, splitTarget } from '../../../src/sandbox/request.ts';

const SECRET = 'secret/of+vectors';

interface Vector {
  readonly name: string;
  readonly method: string;
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly virtualBucket?: string;
}

/** URLs that boto3 1.43 made for the key AKIAVECTOR and SECRET, valid until 1 January 2027, 01:00. */
const VECTORS: readonly Vector[] = [
  {
    name: 'by default, of a key with special characters',
    method: 'GET',
    target:
      '/photos/a%20b/%C3%A9%2B%281%29.txt?AWSAccessKeyId=AKIAVECTOR&Signature=ByY31pU6%2FZ6OH8gwyEjsR4aitVY%3D&Expires=1798765200',
  },
  {
    name: 'with headers of the answer and a version',
    method: 'GET',
    target:
      '/photos/k?response-content-type=text%2Fplain&response-content-disposition=attachment%3B%20filename%3D%22a%20b%2Bc.txt%22&versionId=v1&AWSAccessKeyId=AKIAVECTOR&Signature=W4kVSI2j%2BpNaXDoeMxKQbY1gtPk%3D&Expires=1798765200',
  },
  {
    name: 'of a PUT with Content-Type, metadata and tags',
    method: 'PUT',
    target:
      '/photos/k?AWSAccessKeyId=AKIAVECTOR&Signature=MlorHMT%2BJuwHPkr7jxcS%2F5%2Brnyo%3D&content-type=text%2Fplain&x-amz-meta-foo=bar&x-amz-tagging=a%3Db&Expires=1798765200',
    headers: { 'content-type': 'text/plain' },
  },
  {
    name: 'of a subresource',
    method: 'GET',
    target:
      '/photos/k?tagging&AWSAccessKeyId=AKIAVECTOR&Signature=9YPWlTFEM6RnyKJjfH61qnjzsak%3D&Expires=1798765200',
  },
  {
    name: 'of a listing',
    method: 'GET',
    target:
      '/photos?list-type=2&prefix=a%2F&max-keys=3&encoding-type=url&AWSAccessKeyId=AKIAVECTOR&Signature=BQnd9BUFf2bi%2FmvSwWqtpUS6RdA%3D&Expires=1798765200',
  },
  {
    name: 'of a part',
    method: 'PUT',
    target:
      '/photos/k?uploadId=u-1&partNumber=2&AWSAccessKeyId=AKIAVECTOR&Signature=5PcSVtkdoauXQQOrP4uKho2p20Q%3D&Expires=1798765200',
  },
  {
    name: 'with a session token',
    method: 'GET',
    target:
      '/photos/k?AWSAccessKeyId=AKIAVECTOR&Signature=IsKSn5l44cFt%2BNLqydycdEz1VOI%3D&x-amz-security-token=to%2Fken%3D%3D&Expires=1798765200',
  },
  {
    name: 'virtual-hosted',
    method: 'GET',
    target:
      '/k?AWSAccessKeyId=AKIAVECTOR&Signature=n%2BWvMF777OrLBNexvK%2F%2Fo4gUCpo%3D&Expires=1798765200',
    virtualBucket: 'photos',
  },
  {
    name: 'virtual-hosted, of a bucket',
    method: 'GET',
    target:
      '/?versions&encoding-type=url&AWSAccessKeyId=AKIAVECTOR&Signature=gs1bBcHcEK0cq9hy9jlW2NKilWE%3D&Expires=1798765200',
    virtualBucket: 'photos',
  },
];

function signatureOf({ method, target, headers = {}, virtualBucket }: Vector): string {
  const { rawPath, rawQuery } = splitTarget(target);
  const request = {
    method,
    rawPath,
    query: new QueryParameters(rawQuery),
    headers,
    rawHeaders: Object.entries(headers).flat(),
  };
  return signV2(SECRET, stringToSignV2(request, virtualBucket, readClaimV2(request)));
}

it.each(VECTORS)('verifies what boto3 presigns by Signature Version 2: $name', vector => {
  const given = new URLSearchParams(vector.target.split('?')[1]).get('Signature');
  expect(signatureOf(vector)).toBe(given);
});

it('tells an edited URL from the one that was signed', () => {
  const [, overrides, put] = VECTORS;
  const right = [overrides!, put!].map(signatureOf);
  const edits: readonly [Vector, string, string][] = [
    [overrides!, 'versionId=v1', 'versionId=v2'],
    [overrides!, 'response-content-type=text%2Fplain', 'response-content-type=text%2Fhtml'],
    [overrides!, '/photos/k?', '/photos/k?acl&'],
    [overrides!, '/photos/k?', '/photos/k?retention&'],
    [overrides!, 'Expires=1798765200', 'Expires=1798765201'],
    [overrides!, '/photos/k', '/photos/%6B'],
    [put!, 'x-amz-meta-foo=bar', 'x-amz-meta-foo=baz'],
    [put!, 'x-amz-tagging=a%3Db', 'x-amz-tagging=a%3Db&x-amz-acl=public-read'],
  ];
  for (const [vector, from, to] of edits) {
    const edited = { ...vector, target: vector.target.replace(from, to) };
    expect(edited.target).not.toBe(vector.target);
    expect(right).not.toContain(signatureOf(edited));
  }
  expect(right).not.toContain(signatureOf({ ...put!, headers: {} }));
  expect(right).not.toContain(signatureOf({ ...put!, method: 'GET' }));
});
