import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  GetObjectAttributesCommand,
  CopyObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import type { S3Client } from '@aws-sdk/client-s3';
import {
  AssumeRoleCommand,
  GetCallerIdentityCommand,
  GetSessionTokenCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import type { AssumeRoleCommandInput, Credentials } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeClock } from '../../src/sandbox/clock.ts';
import type { TestSandbox } from './testSandbox.ts';
import { failure, s3Client, startTestSandbox } from './testSandbox.ts';

const Bucket = 'guarded';
const clock = new FakeClock();
let test: TestSandbox;
let iam: IAMClient;
let sts: STSClient;

beforeAll(async () => {
  test = await startTestSandbox({ clock });
  const { endpoint, region, accessKeyId, secretAccessKey } = test.sandbox;
  const config = {
    endpoint,
    region,
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: 1,
  };
  iam = new IAMClient(config);
  sts = new STSClient(config);
  await test.s3.send(new CreateBucketCommand({ Bucket }));
  await test.s3.send(
    new PutObjectCommand({ Bucket, Key: 'open/a', Body: 'a', Tagging: 'phototype=raw' }),
  );
  await test.s3.send(new PutObjectCommand({ Bucket, Key: 'closed/b', Body: 'b' }));
});
afterAll(async () => {
  iam.destroy();
  sts.destroy();
  await test.close();
});

const ACCOUNT = { AWS: 'arn:aws:iam::123456789012:root' };

async function role(
  RoleName: string,
  principal: object,
  statements: object[] = [],
): Promise<string> {
  const trust = [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' }];
  const policy = (Statement: object[]): string =>
    JSON.stringify({ Version: '2012-10-17', Statement });
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: policy(trust) }),
  );
  if (statements.length > 0) {
    const PolicyDocument = policy(statements);
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'p', PolicyDocument }));
  }
  return Role!.Arn!;
}

const allow = (
  Action: string | string[],
  Resource: string | string[],
  more: object = {},
): object => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});

async function assume(RoleArn: string, more: Partial<AssumeRoleCommandInput> = {}) {
  return sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test', ...more }));
}

function clientOf(credentials: Credentials | undefined): S3Client {
  return s3Client(test.sandbox, {
    credentials: {
      accessKeyId: credentials!.AccessKeyId!,
      secretAccessKey: credentials!.SecretAccessKey!,
      sessionToken: credentials!.SessionToken,
    },
  });
}

describe('STS', () => {
  it('tells who calls', async () => {
    expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: '123456789012',
      Arn: 'arn:aws:iam::123456789012:user/sandbox',
    });
  });

  it('gives out credentials of a role until they expire', async () => {
    const RoleArn = await role('reader', ACCOUNT, [allow('s3:ListBucket', '*')]);
    const { Credentials, AssumedRoleUser } = await assume(RoleArn, { DurationSeconds: 900 });
    expect(AssumedRoleUser?.Arn).toBe('arn:aws:sts::123456789012:assumed-role/reader/test');
    const s3 = clientOf(Credentials);
    await s3.send(new ListObjectsV2Command({ Bucket }));
    const wrong = clientOf({ ...Credentials!, SessionToken: 'another' });
    expect((await failure(wrong.send(new ListObjectsV2Command({ Bucket })))).name).toBe(
      'InvalidToken',
    );
    clock.advance(901_000);
    const late = s3Client(test.sandbox, {
      credentials: await s3.config.credentials(),
      systemClockOffset: 901_000,
    });
    const expired = await failure(late.send(new ListObjectsV2Command({ Bucket })));
    expect(expired).toMatchObject({ name: 'ExpiredToken', status: 400 });
    clock.advance(-901_000);
  });

  // Recorded from AWS: LocalStack's tests/aws/services/sts, test_sts_invalid_parameters.
  it.each([
    ['nothing-valid-in-here', 'test', 'nothing-valid-in-here is invalid'],
    ['arn::b:::something/test-role', 'test', 'arn::b:::something/test-role is invalid'],
    ['arn:a::::something/test-role', 'test', 'arn:a::::something/test-role is invalid'],
    ['arn:a:::something/test-role', 'test', 'arn:a:::something/test-role is invalid'],
    ['arn:a:a::aaaaaaaaaa:', 'test', 'arn:a:a::aaaaaaaaaa: is invalid'],
    [
      'arn:a:b:::something/test-role',
      'Session1:2',
      String.raw`1 validation error detected: Value 'Session1:2' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+=,.@-]*`,
    ],
    [
      'short',
      'test',
      "1 validation error detected: Value 'short' at 'roleArn' failed to satisfy constraint: Member must have length greater than or equal to 20",
    ],
  ])('refuses %s as %s by its form', async (RoleArn, RoleSessionName, message) => {
    expect(await failure(assume(RoleArn, { RoleSessionName }))).toMatchObject({
      name: 'ValidationError',
      status: 400,
      message,
    });
  });

  it('does not ignore an MFA device', async () => {
    const call = sts.send(
      new GetSessionTokenCommand({ SerialNumber: 'GAHT12345678', TokenCode: '123456' }),
    );
    expect(await failure(call)).toMatchObject({ name: 'NotImplemented', status: 501 });
  });

  it('obeys trust policies and limits', async () => {
    const service = await role('of-service', { Service: 'batchoperations.s3.amazonaws.com' });
    expect(await failure(assume(service))).toMatchObject({ name: 'AccessDenied', status: 403 });
    const missing = assume('arn:aws:iam::123456789012:role/none');
    expect(await failure(missing)).toMatchObject({ name: 'AccessDenied' });
    const moment = { DurationSeconds: 899 };
    expect(await failure(assume('arn:aws:iam::123456789012:role/none', moment))).toMatchObject({
      name: 'ValidationError',
    });
    const RoleArn = await role('short', ACCOUNT);
    for (const DurationSeconds of [899, 3601, 43_201]) {
      expect(await failure(assume(RoleArn, { DurationSeconds }))).toMatchObject({
        name: 'ValidationError',
      });
    }
    expect(await failure(assume(RoleArn, { RoleSessionName: 'a b' }))).toMatchObject({
      name: 'ValidationError',
    });
    for (const narrowing of [
      { Policy: '{}' },
      { PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }] },
      { TransitiveTagKeys: ['team'] },
      { SourceIdentity: 'someone' },
    ]) {
      const narrowed = await failure(assume(RoleArn, narrowing));
      expect(narrowed).toMatchObject({ name: 'NotImplemented', status: 501 });
    }
  });

  it('lets a role read attributes of objects by the permissions that AWS asks for', async () => {
    const Key = 'open/a';
    const attributes = async (name: string, action: string | string[]) => {
      const { Credentials } = await assume(await role(name, ACCOUNT, [allow(action, '*')]));
      const command = new GetObjectAttributesCommand({ Bucket, Key, ObjectAttributes: ['ETag'] });
      return clientOf(Credentials).send(command);
    };
    expect((await failure(attributes('reads-bytes', 's3:GetObject'))).name).toBe('AccessDenied');
    const both = ['s3:GetObject', 's3:GetObjectAttributes'];
    expect((await attributes('reads-both', both)).ETag).toMatch(/^[0-9a-f]{32}$/);
  });

  // IAM user guide, "Policy evaluation logic" and "Global condition keys"
  it('lets a trust in the account depend on conditions, and on what each may do himself', async () => {
    const to = (name: string): string => `arn:aws:iam::123456789012:role/${name}`;
    const document = (...Statement: object[]) =>
      JSON.stringify({ Version: '2012-10-17', Statement });
    const make = (RoleName: string, ...trust: object[]) =>
      iam.send(
        new CreateRoleCommand({
          RoleName,
          AssumeRolePolicyDocument: document(
            ...trust.map(each => ({ Effect: 'Allow', Action: 'sts:AssumeRole', ...each })),
          ),
        }),
      );
    await role('Bare', ACCOUNT);
    const denied = { Effect: 'Deny', Action: 'sts:AssumeRole', Resource: '*' };
    await role('Denied', ACCOUNT, [denied]);
    const ExternalId = 'chosen';
    await make('ByExternalId', {
      Principal: ACCOUNT,
      Condition: { StringEquals: { 'sts:ExternalId': ExternalId } },
    });
    await make('BySomeone', { Principal: { AWS: [to('Bare'), to('Denied')] } });
    await make(
      'NotByBare',
      { Principal: { AWS: [to('Bare'), 'arn:aws:iam::123456789012:user/sandbox'] } },
      {
        ...{ Effect: 'Deny', Principal: { AWS: '*' } },
        Condition: { ArnEquals: { 'aws:PrincipalArn': to('Bare') } },
      },
    );
    const asRole = async (name: string) => {
      const { Credentials: given } = await assume(to(name));
      const credentials = {
        accessKeyId: given!.AccessKeyId!,
        secretAccessKey: given!.SecretAccessKey!,
        sessionToken: given!.SessionToken!,
      };
      const { endpoint, region } = test.sandbox;
      const client = new STSClient({ endpoint, region, credentials, maxAttempts: 1 });
      return (target: string, more = {}) =>
        client.send(
          new AssumeRoleCommand({ RoleArn: to(target), RoleSessionName: 'next', ...more }),
        );
    };
    const refused = { name: 'AccessDenied', status: 403 };
    const bare = await asRole('Bare');
    expect(await failure(bare('ByExternalId', { ExternalId }))).toMatchObject(refused);
    expect(await failure(bare('NotByBare'))).toMatchObject(refused);
    await bare('BySomeone');
    const never = await asRole('Denied');
    expect(await failure(never('BySomeone'))).toMatchObject(refused);
    await assume(to('NotByBare'));
    await assume(to('ByExternalId'), { ExternalId });
  });

  it('gives the user temporary credentials, which give no others', async () => {
    const { Credentials } = await sts.send(new GetSessionTokenCommand({}));
    const s3 = clientOf(Credentials);
    await s3.send(new ListObjectsV2Command({ Bucket }));
    const { endpoint, region } = test.sandbox;
    const credentials = await s3.config.credentials();
    const temporary = new STSClient({ endpoint, region, credentials });
    const again = temporary.send(new GetSessionTokenCommand({}));
    expect(await failure(again)).toMatchObject({ name: 'AccessDenied' });
  });
});

describe('S3 as a role', () => {
  const bucket = `arn:aws:s3:::${Bucket}`;

  it('does what its policies allow, and no more', async () => {
    const statements = [allow(['s3:GetObject', 's3:PutObject'], `${bucket}/open/*`)];
    const { Credentials } = await assume(await role('writer', ACCOUNT, statements));
    const s3 = clientOf(Credentials);
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'open/a' }));
    // Who may not read tags does not learn how many there are.
    expect(got.TagCount).toBeUndefined();
    await s3.send(new PutObjectCommand({ Bucket, Key: 'open/new', Body: 'x' }));
    const tagged = { Bucket, Key: 'open/tagged', Body: 'x', Tagging: 'a=b' };
    const CopySource = `${Bucket}/open/a`;
    const denied: readonly (() => Promise<unknown>)[] = [
      () => s3.send(new GetObjectCommand({ Bucket, Key: 'closed/b' })),
      () => s3.send(new PutObjectCommand({ Bucket, Key: 'closed/new', Body: 'x' })),
      () => s3.send(new PutObjectCommand(tagged)),
      () => s3.send(new CopyObjectCommand({ Bucket, Key: 'open/c', CopySource })),
      () => s3.send(new ListObjectsV2Command({ Bucket })),
    ];
    for (const call of denied) {
      expect(await failure(call())).toMatchObject({ name: 'AccessDenied', status: 403 });
    }
  });

  it('hears 404 for a missing key only if it may list the bucket', async () => {
    const read = allow('s3:GetObject', `${bucket}/*`);
    const blind = clientOf((await assume(await role('blind', ACCOUNT, [read]))).Credentials);
    const missing = { Bucket, Key: 'open/missing' };
    const hidden = await failure(blind.send(new GetObjectCommand(missing)));
    expect(hidden).toMatchObject({ name: 'AccessDenied', status: 403 });
    expect(hidden.message).toContain('not authorized to perform: s3:ListBucket on resource');
    const both = [read, allow('s3:ListBucket', bucket)];
    const seeing = clientOf((await assume(await role('seeing', ACCOUNT, both))).Credentials);
    expect(await failure(seeing.send(new GetObjectCommand(missing)))).toMatchObject({
      name: 'NoSuchKey',
      status: 404,
    });
  });

  it('lists the prefix that a condition names', async () => {
    const condition = { Condition: { StringLike: { 's3:prefix': 'open/*' } } };
    const statements = [allow('s3:ListBucket', bucket, condition)];
    const s3 = clientOf((await assume(await role('prefix', ACCOUNT, statements))).Credentials);
    await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'open/' }));
    const other = s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'closed/' }));
    expect(await failure(other)).toMatchObject({ name: 'AccessDenied' });
  });

  it('hears of each key of a DeleteObjects', async () => {
    const statements = [allow('s3:DeleteObject', `${bucket}/open/*`)];
    const s3 = clientOf((await assume(await role('deleter', ACCOUNT, statements))).Credentials);
    const Objects = [{ Key: 'open/new' }, { Key: 'closed/b' }];
    const output = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(output.Deleted).toMatchObject([{ Key: 'open/new' }]);
    expect(output.Errors).toMatchObject([{ Key: 'closed/b', Code: 'AccessDenied' }]);
  });
});
