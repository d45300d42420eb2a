import {
  CreateBucketCommand,
  DeleteBucketCommand,
  GetBucketEncryptionCommand,
  GetBucketLocationCommand,
  GetBucketOwnershipControlsCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  PutBucketCorsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorCode, sendSigned } from './signedRequest.ts';
import type { TestSandbox } from './testSandbox.ts';
import { failure, s3Client, startTestSandbox } from './testSandbox.ts';

let test: TestSandbox;
beforeAll(async () => {
  test = await startTestSandbox();
});
afterAll(() => test.close());

describe('a bucket', () => {
  it('is created, listed, found and deleted', async () => {
    const Bucket = 'my.bucket-1';
    const { Location } = await test.s3.send(new CreateBucketCommand({ Bucket }));
    expect(Location).toBe('/my.bucket-1');
    // Its owner may create it again in us-east-1.
    await test.s3.send(new CreateBucketCommand({ Bucket }));
    const head = await test.s3.send(new HeadBucketCommand({ Bucket }));
    expect(head.BucketRegion).toBe('us-east-1');
    const { Buckets } = await test.s3.send(new ListBucketsCommand({}));
    expect(Buckets).toMatchObject([{ Name: Bucket, BucketRegion: 'us-east-1' }]);
    await test.s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }));
    const full = await failure(test.s3.send(new DeleteBucketCommand({ Bucket })));
    expect(full).toMatchObject({ name: 'BucketNotEmpty', status: 409 });
    await sendSigned(test.sandbox, { method: 'DELETE', path: `/${Bucket}/k` });
    await test.s3.send(new DeleteBucketCommand({ Bucket }));
    const gone = await failure(test.s3.send(new HeadBucketCommand({ Bucket })));
    expect(gone).toMatchObject({ name: 'NotFound', status: 404 });
  });

  it.each([
    'ab',
    'Upper',
    'under_score',
    '-start',
    'end-',
    'two..dots',
    '1.2.3.4',
    'xn--a',
    'sthree-a',
    // What the user guide's examples are called, and the suffix of the account's own namespace.
    'amzn-s3-demo-bucket',
    'a-111122223333-us-west-2-an',
    'a-s3alias',
    'dot.-dash',
    'dash-.dot',
  ])('may not be called %s', async name => {
    const answer = await sendSigned(test.sandbox, { method: 'PUT', path: `/${name}` });
    expect([answer.status, errorCode(answer)]).toEqual([400, 'InvalidBucketName']);
  });

  it('lists in pages and by prefix', async () => {
    for (const Bucket of ['page-a', 'page-b', 'page-c']) {
      await test.s3.send(new CreateBucketCommand({ Bucket }));
    }
    const names: (string | undefined)[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await test.s3.send(
        new ListBucketsCommand({ Prefix: 'page-', MaxBuckets: 2, ContinuationToken }),
      );
      names.push(...(page.Buckets ?? []).map(({ Name }) => Name));
      ({ ContinuationToken } = page);
    } while (ContinuationToken !== undefined);
    expect(names).toEqual(['page-a', 'page-b', 'page-c']);
  });

  it('has the settings of a new bucket', async () => {
    const Bucket = 'defaults';
    await test.s3.send(new CreateBucketCommand({ Bucket }));
    const encryption = await test.s3.send(new GetBucketEncryptionCommand({ Bucket }));
    expect(encryption.ServerSideEncryptionConfiguration?.Rules).toMatchObject([
      { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } },
    ]);
    const access = await test.s3.send(new GetPublicAccessBlockCommand({ Bucket }));
    expect(access.PublicAccessBlockConfiguration?.BlockPublicPolicy).toBe(true);
    const ownership = await test.s3.send(new GetBucketOwnershipControlsCommand({ Bucket }));
    expect(ownership.OwnershipControls?.Rules).toEqual([
      { ObjectOwnership: 'BucketOwnerEnforced' },
    ]);
  });
});

describe('a bucket of another region', () => {
  const Bucket = 'in-ireland';
  const create = (LocationConstraint: string, region = 'us-east-1'): Promise<unknown> => {
    const client = s3Client(test.sandbox, { region });
    const CreateBucketConfiguration = { LocationConstraint: LocationConstraint as 'EU' };
    return client.send(
      new CreateBucketCommand(
        LocationConstraint ? { Bucket, CreateBucketConfiguration } : { Bucket },
      ),
    );
  };

  it('obeys the rules of the endpoint', async () => {
    expect(await failure(create('us-east-1'))).toMatchObject({ name: 'InvalidLocationConstraint' });
    // The SDK fills the constraint in, so this one is sent without it.
    const bare = { method: 'PUT', path: `/${Bucket}` };
    const unspecified = await sendSigned(test.sandbox, bare, { region: 'eu-west-1' });
    expect(errorCode(unspecified)).toBe('IllegalLocationConstraintException');
    expect(await failure(create('eu-west-2', 'eu-west-1'))).toMatchObject({
      name: 'IllegalLocationConstraintException',
    });
    await create('EU');
    expect(await failure(create('eu-west-1', 'eu-west-1'))).toMatchObject({
      name: 'BucketAlreadyOwnedByYou',
      status: 409,
    });
  });

  it('is found by its location and redirected to', async () => {
    const location = await test.s3.send(new GetBucketLocationCommand({ Bucket }));
    expect(location.LocationConstraint).toBe('EU');
    const head = await sendSigned(test.sandbox, { method: 'HEAD', path: `/${Bucket}` });
    expect([head.status, head.headers['x-amz-bucket-region']]).toEqual([301, 'eu-west-1']);
    const put = test.s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }));
    expect(await failure(put)).toMatchObject({ name: 'PermanentRedirect', status: 301 });
    const following = s3Client(test.sandbox, { followRegionRedirects: true, region: 'us-east-1' });
    await following.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }));
  });
});

describe('what the sandbox does not have', () => {
  it('is refused by its name', async () => {
    const Bucket = 'refusals';
    await test.s3.send(new CreateBucketCommand({ Bucket }));
    const calls: readonly (readonly [string, () => Promise<unknown>])[] = [
      [
        'PutBucketCors',
        () =>
          test.s3.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules: [] } })),
      ],
      [
        'PutBucketLifecycleConfiguration',
        () => test.s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket })),
      ],
    ];
    for (const [name, call] of calls) {
      const refused = await failure(call());
      expect(refused).toMatchObject({ name: 'NotImplemented', status: 501 });
      expect(refused.message).toContain(name);
    }
    const post = await sendSigned(test.sandbox, { method: 'PATCH', path: `/${Bucket}` });
    expect([post.status, errorCode(post)]).toEqual([405, 'MethodNotAllowed']);
  });
});
