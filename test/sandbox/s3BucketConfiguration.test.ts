import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketEncryptionCommand,
  DeleteBucketOwnershipControlsCommand,
  DeletePublicAccessBlockCommand,
  GetBucketEncryptionCommand,
  GetBucketLocationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketTaggingCommand,
  GetPublicAccessBlockCommand,
  ListBucketsCommand,
  PutBucketEncryptionCommand,
  PutBucketOwnershipControlsCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
} from '@aws-sdk/client-s3';
import type { CreateBucketCommandInput, ObjectOwnership, Tag } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorCode, sendSigned } from './signedRequest.ts';
import type { TestSandbox } from './testSandbox.ts';
import { failure, s3Client, startTestSandbox } from './testSandbox.ts';

// Codes and messages are those that LocalStack's suite recorded from AWS.

let test: TestSandbox;
let number = 0;
beforeAll(async () => {
  test = await startTestSandbox();
});
afterAll(() => test.close());

async function newBucket(input: Partial<CreateBucketCommandInput> = {}): Promise<string> {
  number += 1;
  const Bucket = `configured-${number}`;
  await test.s3.send(new CreateBucketCommand({ Bucket, ...input }));
  return Bucket;
}

const ownershipOf = async (Bucket: string): Promise<string | undefined> => {
  const { OwnershipControls } = await test.s3.send(
    new GetBucketOwnershipControlsCommand({ Bucket }),
  );
  return OwnershipControls?.Rules?.[0]?.ObjectOwnership;
};

describe('the tags of a new bucket', () => {
  const withTags = (Tags: Tag[], Bucket?: string): Promise<string> =>
    newBucket({ CreateBucketConfiguration: { Tags }, ...(Bucket === undefined ? {} : { Bucket }) });

  it('are kept', async () => {
    const Bucket = await withTags([{ Key: 'a', Value: '1' }]);
    const { TagSet } = await test.s3.send(new GetBucketTaggingCommand({ Bucket }));
    expect(TagSet).toEqual([{ Key: 'a', Value: '1' }]);
    // It can be created again, but not with tags.
    await test.s3.send(new CreateBucketCommand({ Bucket }));
    expect(await failure(withTags([{ Key: 'a', Value: '1' }], Bucket))).toMatchObject({
      name: 'BucketAlreadyOwnedByYou',
      status: 409,
    });
  });

  it.each([
    [
      [{ Key: 'aws:a', Value: '1' }],
      'InvalidTag',
      /^User-defined tag keys can't start with "aws:"/,
    ],
    [
      [
        { Key: 'a', Value: '1' },
        { Key: 'a', Value: '2' },
      ],
      'InternalError',
      /internal error/,
    ],
    [[{ Key: 'a', Value: '1,2' }], 'InvalidTag', /^The TagValue you have provided is invalid$/],
    [[{ Key: 'a,b', Value: '1' }], 'InvalidTag', /^The TagKey you have provided is invalid$/],
  ])('are refused: %j', async (tags, name, message) => {
    const Bucket = `refused-tags-${number}`;
    expect(await failure(withTags(tags, Bucket))).toMatchObject({
      name,
      message: expect.stringMatching(message) as string,
    });
    const { Buckets } = await test.s3.send(new ListBucketsCommand({ Prefix: Bucket }));
    expect(Buckets ?? []).toEqual([]);
  });
});

describe('ownership', () => {
  it('lets ACLs in when a bucket is created with the ACL private, as rclone does', async () => {
    const Bucket = await newBucket({ ACL: 'private' });
    expect(await ownershipOf(Bucket)).toBe('BucketOwnerPreferred');
    await test.s3.send(new PutObjectCommand({ Bucket, Key: 'k', ACL: 'private' }));
    const plain = await newBucket();
    const refused = test.s3.send(new PutObjectCommand({ Bucket: plain, Key: 'k', ACL: 'private' }));
    expect(await failure(refused)).toMatchObject({ name: 'AccessControlListNotSupported' });
    const enforced = await newBucket({ ACL: 'private', ObjectOwnership: 'BucketOwnerEnforced' });
    expect(await ownershipOf(enforced)).toBe('BucketOwnerEnforced');
  });

  it('is put, read and deleted', async () => {
    const Bucket = await newBucket({ ObjectOwnership: 'BucketOwnerPreferred' });
    expect(await ownershipOf(Bucket)).toBe('BucketOwnerPreferred');
    const put = (...values: string[]) =>
      test.s3.send(
        new PutBucketOwnershipControlsCommand({
          Bucket,
          OwnershipControls: {
            Rules: values.map(ObjectOwnership => ({
              ObjectOwnership: ObjectOwnership as ObjectOwnership,
            })),
          },
        }),
      );
    await put('ObjectWriter');
    expect(await ownershipOf(Bucket)).toBe('ObjectWriter');
    for (const values of [[], ['RandomValue'], ['ObjectWriter', 'BucketOwnerPreferred']]) {
      expect(await failure(put(...values))).toMatchObject({ name: 'MalformedXML', status: 400 });
    }
    for (let time = 0; time < 2; time += 1) {
      await test.s3.send(new DeleteBucketOwnershipControlsCommand({ Bucket }));
    }
    expect(await failure(ownershipOf(Bucket))).toMatchObject({
      name: 'OwnershipControlsNotFoundError',
      status: 404,
      message: 'The bucket ownership controls were not found',
    });
    await test.s3.send(new PutObjectCommand({ Bucket, Key: 'k', ACL: 'bucket-owner-read' }));
  });

  it.each(['RandomValue', ''])('is refused at creation: "%s"', async ownership => {
    const answer = await sendSigned(test.sandbox, {
      method: 'PUT',
      path: '/refused-ownership',
      headers: { 'x-amz-object-ownership': ownership },
    });
    expect([answer.status, errorCode(answer)]).toEqual([400, 'InvalidArgument']);
    expect(answer.body).toContain(
      `<Message>Invalid x-amz-object-ownership header: ${ownership}</Message><ArgumentName>x-amz-object-ownership</ArgumentName><RequestId>`,
    );
  });

  it('does not let in an ACL that is none, or that the sandbox has not', async () => {
    const Bucket = await newBucket({ ACL: 'private' });
    const unknown = test.s3.send(
      new PutObjectCommand({ Bucket, Key: 'k', ACL: 'fake-acl' as 'private' }),
    );
    expect(await failure(unknown)).toMatchObject({
      name: 'InvalidArgument',
      error: { ArgumentName: 'x-amz-acl', ArgumentValue: 'fake-acl' },
    });
  });
});

it('is blocked to the public until that is put otherwise or deleted', async () => {
  const Bucket = await newBucket();
  const read = async () => {
    const answer = await test.s3.send(new GetPublicAccessBlockCommand({ Bucket }));
    return answer.PublicAccessBlockConfiguration;
  };
  expect(Object.values((await read())!)).toEqual([true, true, true, true]);
  await test.s3.send(
    new PutPublicAccessBlockCommand({
      Bucket,
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, IgnorePublicAcls: false },
    }),
  );
  expect(await read()).toEqual({
    BlockPublicAcls: true,
    IgnorePublicAcls: false,
    BlockPublicPolicy: false,
    RestrictPublicBuckets: false,
  });
  for (let time = 0; time < 2; time += 1) {
    await test.s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
  }
  expect(await failure(read())).toMatchObject({
    name: 'NoSuchPublicAccessBlockConfiguration',
    status: 404,
    message: 'The public access block configuration was not found',
  });
});

describe('encryption', () => {
  it('stays AES256, with the bucket key that was put', async () => {
    const Bucket = await newBucket();
    const put = (...rules: [algorithm: string, more?: object, key?: object][]) =>
      test.s3.send(
        new PutBucketEncryptionCommand({
          Bucket,
          ServerSideEncryptionConfiguration: {
            Rules: rules.map(([SSEAlgorithm, more, key]) => ({
              ApplyServerSideEncryptionByDefault: {
                SSEAlgorithm: SSEAlgorithm as 'AES256',
                ...key,
              },
              ...more,
            })),
          },
        }),
      );
    const read = async () => {
      const answer = await test.s3.send(new GetBucketEncryptionCommand({ Bucket }));
      return answer.ServerSideEncryptionConfiguration?.Rules?.map(rule => rule.BucketKeyEnabled);
    };
    expect(await read()).toEqual([false]);
    await put(['AES256', { BucketKeyEnabled: true }]);
    expect(await read()).toEqual([true]);
    const malformed = { name: 'MalformedXML', status: 400 };
    expect(await failure(put())).toMatchObject(malformed);
    expect(await failure(put(['AES256'], ['AES256']))).toMatchObject(malformed);
    expect(await failure(put(['aws:kms']))).toMatchObject({ name: 'NotImplemented', status: 501 });
    expect(await failure(put(['AES256', {}, { KMSMasterKeyID: 'key' }]))).toMatchObject({
      name: 'InvalidArgument',
      message:
        'a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse',
    });
    for (let time = 0; time < 2; time += 1) {
      await test.s3.send(new DeleteBucketEncryptionCommand({ Bucket }));
    }
    expect(await read()).toEqual([false]);
  });
});

it('is listed by Regions that there are', async () => {
  await newBucket({ CreateBucketConfiguration: { LocationConstraint: 'eu-west-2' } });
  const list = (BucketRegion: string) => test.s3.send(new ListBucketsCommand({ BucketRegion }));
  expect((await list('eu-west-2')).Buckets).toHaveLength(1);
  expect(await failure(list('eu-east-1'))).toMatchObject({
    name: 'InvalidArgument',
    status: 400,
    message: 'Argument value eu-east-1 is not a valid AWS Region',
  });
  const nowhere = newBucket({
    CreateBucketConfiguration: { LocationConstraint: 'eu-east-1' as 'EU' },
  });
  expect(await failure(nowhere)).toMatchObject({ name: 'InvalidLocationConstraint' });
});

it('is listed from the beginning with an empty continuation token', async () => {
  await newBucket();
  const page = await test.s3.send(new ListBucketsCommand({ ContinuationToken: '', MaxBuckets: 1 }));
  expect(page.Buckets).toHaveLength(1);
});

it('keeps the name that its Region was given by', async () => {
  const ireland = s3Client(test.sandbox, { region: 'eu-west-1' });
  const Bucket = 'of-old';
  const { Location } = await ireland.send(
    new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'EU' } }),
  );
  expect(Location).toBe('http://of-old.s3.amazonaws.com/');
  const { LocationConstraint } = await ireland.send(new GetBucketLocationCommand({ Bucket }));
  expect(LocationConstraint).toBe('EU');
});

it('is not found in a Region that there is not', async () => {
  const answer = await sendSigned(test.sandbox, { path: '/' }, { region: 'aws-global' });
  expect([answer.status, errorCode(answer)]).toEqual([400, 'AuthorizationHeaderMalformed']);
  expect(answer.body).toContain(
    "The authorization header is malformed; the region 'aws-global' is wrong; expecting 'us-east-1'",
  );
});

it('is left alone when it is expected to be of somebody who is nobody', async () => {
  const Bucket = await newBucket();
  const read = test.s3.send(
    new GetBucketEncryptionCommand({ Bucket, ExpectedBucketOwner: 'abcd' }),
  );
  expect(await failure(read)).toMatchObject({
    name: 'InvalidBucketOwnerAWSAccountID',
    message: 'The value of the expected bucket owner parameter must be an AWS Account ID... [abcd]',
  });
});

it('is versioned by the words that AWS knows, and then not empty in other words', async () => {
  const Bucket = await newBucket();
  const put = (status: string) =>
    sendSigned(test.sandbox, {
      method: 'PUT',
      path: `/${Bucket}?versioning=`,
      body: `<VersioningConfiguration>${status}</VersioningConfiguration>`,
    });
  for (const status of ['enabled', 'Disabled']) {
    expect(errorCode(await put(`<Status>${status}</Status>`))).toBe('MalformedXML');
  }
  expect(errorCode(await put(''))).toBe('IllegalVersioningConfigurationException');
  await test.s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }));
  const remove = () => failure(test.s3.send(new DeleteBucketCommand({ Bucket })));
  expect((await remove()).message).toBe('The bucket you tried to delete is not empty');
  expect((await put('<Status>Enabled</Status>')).status).toBe(200);
  expect((await remove()).message).toBe(
    'The bucket you tried to delete is not empty. You must delete all versions in the bucket.',
  );
});

it('has no name for its Region in us-east-1, in one tag', async () => {
  const Bucket = await newBucket();
  const { body } = await sendSigned(test.sandbox, { path: `/${Bucket}?location=` });
  expect(body).toBe(
    '<?xml version="1.0" encoding="UTF-8"?>\n<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>',
  );
});

it('tells its Region with its objects', async () => {
  const Bucket = await newBucket();
  for (const path of [`/${Bucket}`, `/${Bucket}?list-type=2`]) {
    const { headers } = await sendSigned(test.sandbox, { path });
    expect(headers['x-amz-bucket-region']).toBe('us-east-1');
  }
});
