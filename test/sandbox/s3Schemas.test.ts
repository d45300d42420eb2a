import { createHash } from 'node:crypto';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { errorCode, sendSigned } from './signedRequest.ts';
import type { RawRequest, RawResponse } from './signedRequest.ts';
import type { TestSandbox } from './testSandbox.ts';
import { startTestSandbox } from './testSandbox.ts';

let test: TestSandbox;
beforeAll(async () => {
  test = await startTestSandbox();
  for (const Bucket of ['schemas', 'schemas-acl']) {
    await test.s3.send(new CreateBucketCommand({ Bucket }));
  }
  await test.s3.send(new PutObjectCommand({ Bucket: 'schemas', Key: 'key', Body: 'x' }));
});
afterAll(() => test.close());

function send(request: RawRequest): Promise<RawResponse> {
  const md5 = createHash('md5')
    .update(request.body ?? '')
    .digest('base64');
  return sendSigned(test.sandbox, {
    ...request,
    headers: { 'content-md5': md5, 'x-amz-account-id': test.sandbox.accountId },
  });
}

const tags = '<Tag><Key>k</Key><Value>v</Value></Tag>';
const member = '<member><Key>k</Key><Value>v</Value></member>';
const text = (names: string) =>
  names
    .split(' ')
    .map(name => `<${name}>1</${name}>`)
    .join('');

/** Every document that S3 and S3 Control read here, with all that they know of it. */
const DOCUMENTS: readonly (readonly [name: string, method: string, path: string, body: string])[] =
  [
    [
      'PutObjectTagging',
      'PUT',
      '/schemas/key?tagging',
      `<Tagging><TagSet>${tags}</TagSet></Tagging>`,
    ],
    ['PutBucketTagging', 'PUT', '/schemas?tagging', `<Tagging><TagSet>${tags}</TagSet></Tagging>`],
    [
      'PutBucketVersioning',
      'PUT',
      '/schemas?versioning',
      '<VersioningConfiguration><Status>Enabled</Status><MfaDelete>Disabled</MfaDelete></VersioningConfiguration>',
    ],
    [
      'CreateBucket',
      'PUT',
      '/schemas-new',
      `<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint><Tags>${tags}</Tags></CreateBucketConfiguration>`,
    ],
    [
      'DeleteObjects',
      'POST',
      '/schemas?delete',
      '<Delete><Quiet>false</Quiet><Object><Key>no</Key><VersionId>null</VersionId><ETag>x</ETag></Object></Delete>',
    ],
    [
      'PutBucketEncryption',
      'PUT',
      '/schemas?encryption',
      '<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault><BucketKeyEnabled>true</BucketKeyEnabled></Rule></ServerSideEncryptionConfiguration>',
    ],
    [
      'PutPublicAccessBlock',
      'PUT',
      '/schemas?publicAccessBlock',
      '<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls><BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>',
    ],
    [
      'PutBucketOwnershipControls',
      'PUT',
      '/schemas?ownershipControls',
      '<OwnershipControls><Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule></OwnershipControls>',
    ],
    [
      'PutBucketNotificationConfiguration',
      'PUT',
      '/schemas?notification',
      '<NotificationConfiguration><EventBridgeConfiguration></EventBridgeConfiguration></NotificationConfiguration>',
    ],
    [
      'PutJobTagging',
      'PUT',
      '/v20180820/jobs/00000000-0000-0000-0000-000000000000/tagging',
      `<PutJobTaggingRequest><Tags>${member}</Tags></PutJobTaggingRequest>`,
    ],
  ];

/** Those whose documents mean something elsewhere, so that here they are refused: but not as malformed. */
const REFUSED: typeof DOCUMENTS = [
  [
    'PutBucketAcl',
    'PUT',
    '/schemas-acl?acl',
    '<AccessControlPolicy><Owner><ID>1</ID><DisplayName>1</DisplayName></Owner><AccessControlList><Grant><Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser"><ID>1</ID><DisplayName>1</DisplayName></Grantee><Permission>READ</Permission></Grant></AccessControlList></AccessControlPolicy>',
  ],
  [
    'RestoreObject',
    'POST',
    '/schemas/key?restore',
    '<RestoreRequest><Days>1</Days><GlacierJobParameters><Tier>Bulk</Tier></GlacierJobParameters><Description>d</Description></RestoreRequest>',
  ],
  [
    'PutBucketNotificationConfiguration',
    'PUT',
    '/schemas?notification',
    '<NotificationConfiguration><CloudFunctionConfiguration><Id>1</Id><CloudFunction>arn</CloudFunction><Event>s3:ObjectCreated:*</Event><Event>s3:ObjectRemoved:*</Event><Filter><S3Key><FilterRule><Name>prefix</Name><Value>v</Value></FilterRule></S3Key></Filter></CloudFunctionConfiguration></NotificationConfiguration>',
  ],
  [
    'CreateJob of a manifest',
    'POST',
    '/v20180820/jobs',
    `<CreateJobRequest><ConfirmationRequired>true</ConfirmationRequired><Operation><S3PutObjectCopy>${text('TargetResource TargetKeyPrefix MetadataDirective ModifiedSinceConstraint')}<NewObjectMetadata>${text('CacheControl ContentType HttpExpiresDate')}<UserMetadata><entry><key>k</key><value>v</value></entry></UserMetadata></NewObjectMetadata><NewObjectTagging>${member}</NewObjectTagging></S3PutObjectCopy></Operation><Report><Enabled>false</Enabled></Report><Manifest><Spec><Format>f</Format><Fields><member>Bucket</member></Fields></Spec><Location>${text('ObjectArn ETag ObjectVersionId')}</Location></Manifest>${text('ClientRequestToken Description Priority RoleArn')}<Tags>${member}</Tags></CreateJobRequest>`,
  ],
  [
    'CreateJob of a generator',
    'POST',
    '/v20180820/jobs',
    `<CreateJobRequest><Operation><LambdaInvoke>${text('FunctionArn InvocationSchemaVersion')}<UserArguments><entry><key>k</key><value>v</value></entry></UserArguments></LambdaInvoke></Operation><ManifestGenerator><S3JobManifestGenerator>${text('SourceBucket EnableManifestOutput')}<ManifestOutputLocation>${text('Bucket ManifestFormat')}<ManifestEncryption><SSE-S3></SSE-S3></ManifestEncryption></ManifestOutputLocation><Filter><KeyNameConstraint><MatchAnyPrefix><member>p</member></MatchAnyPrefix></KeyNameConstraint><MatchAnyObjectEncryption><ObjectEncryption><NOT-SSE></NOT-SSE></ObjectEncryption></MatchAnyObjectEncryption></Filter></S3JobManifestGenerator></ManifestGenerator></CreateJobRequest>`,
  ],
];

const malformed = (name: string) =>
  name === 'PutBucketAcl' ? 'MalformedACLError' : 'MalformedXML';

it.each([...DOCUMENTS, ...REFUSED])(
  '%s refuses an element that is not in its schema, wherever it stands',
  async (name, method, path, body) => {
    const places = [...body.matchAll(/<[A-Za-z][^>]*>/g)].map(tag => tag.index + tag[0].length);
    expect(places.length).toBeGreaterThan(1);
    for (const place of places) {
      const wrong = `${body.slice(0, place)}<Unknown/>${body.slice(place)}`;
      const answer = await send({ method, path, body: wrong });
      expect([wrong, answer.status, errorCode(answer)]).toEqual([wrong, 400, malformed(name)]);
    }
  },
);

it.each(DOCUMENTS.filter(([name]) => name !== 'PutJobTagging'))(
  '%s takes the document without it',
  async (_name, method, path, body) => {
    const answer = await send({ method, path, body });
    expect([answer.body, Math.floor(answer.status / 100)]).toEqual([answer.body, 2]);
  },
);

it.each([...REFUSED, ...DOCUMENTS.slice(-1)])(
  '%s refuses the document without it for what it says',
  async (name, method, path, body) => {
    const answer = await send({ method, path, body });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(errorCode(answer)).not.toBe(malformed(name));
  },
);

it('CompleteMultipartUpload takes the elements of checksums only', async () => {
  const begun = await send({ method: 'POST', path: '/schemas/parts?uploads' });
  const id = /<UploadId>(.*)<\/UploadId>/.exec(begun.body)?.[1] ?? '';
  const complete = (part: string) =>
    send({
      method: 'POST',
      path: `/schemas/parts?uploadId=${id}`,
      body: `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>"x"</ETag>${part}</Part></CompleteMultipartUpload>`,
    });
  for (const part of ['', text('ChecksumCRC64NVME ChecksumSHA512 ChecksumXXHASH3')]) {
    expect(errorCode(await complete(part))).toBe('InvalidPart');
  }
  for (const part of [text('Checksum'), text('Size'), text('PartNumber')]) {
    expect(errorCode(await complete(part))).toBe('MalformedXML');
  }
});
