import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteBucketPolicyCommand,
  DeletePublicAccessBlockCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
} from '@aws-sdk/client-s3';
import type { S3Client } from '@aws-sdk/client-s3';
import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { errorCode, sendRaw } from './signedRequest.ts';
import type { TestSandbox } from './testSandbox.ts';
import { failure, s3Client, startTestSandbox } from './testSandbox.ts';

// The IAM user guide's "Policy evaluation logic" and "AWS JSON policy elements: Principal", S3's "Block
// Public Access", and the errors of S3 that LocalStack's suite and users' reports recorded.

const Bucket = 'guarded';
const ARN = `arn:aws:s3:::${Bucket}`;
let test: TestSandbox;
let iam: IAMClient;
let sts: STSClient;
let account: string;

beforeAll(async () => {
  test = await startTestSandbox();
  const { endpoint, region, accessKeyId, secretAccessKey } = test.sandbox;
  const config = { endpoint, region, credentials: { accessKeyId, secretAccessKey } };
  iam = new IAMClient(config);
  sts = new STSClient(config);
  account = test.sandbox.accountId;
  await test.s3.send(new CreateBucketCommand({ Bucket }));
  await test.s3.send(
    new PutObjectCommand({ Bucket, Key: 'k', Body: 'hello', Tagging: 'open=yes' }),
  );
  await test.s3.send(new PutObjectCommand({ Bucket, Key: 'secret', Body: 'x' }));
});
beforeEach(async () => {
  await test.s3.send(new DeleteBucketPolicyCommand({ Bucket }));
});
afterAll(async () => {
  iam.destroy();
  sts.destroy();
  await test.close();
});

type Statement = Readonly<Record<string, unknown>>;
const put = (...statements: readonly Statement[]) =>
  test.s3.send(
    new PutBucketPolicyCommand({
      Bucket,
      Policy: JSON.stringify({ Version: '2012-10-17', Statement: statements }),
    }),
  );
const putText = (Policy: string) => test.s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
const anonymously = (path: string, method = 'GET') => sendRaw(test.sandbox, { path, method });

/** A role of the account with its inline policy, and a client that has assumed it. */
async function roleClient(
  RoleName: string,
  ...statements: readonly Statement[]
): Promise<S3Client> {
  const trust = { Effect: 'Allow', Principal: { AWS: account }, Action: 'sts:AssumeRole' };
  await iam.send(
    new CreateRoleCommand({
      RoleName,
      AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [trust] }),
    }),
  );
  if (statements.length > 0) {
    await iam.send(
      new PutRolePolicyCommand({
        RoleName,
        PolicyName: 'own',
        PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: statements }),
      }),
    );
  }
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({ RoleArn: roleArn(RoleName), RoleSessionName: 'session' }),
  );
  return s3Client(
    {
      ...test.sandbox,
      ...{ accessKeyId: Credentials!.AccessKeyId!, secretAccessKey: Credentials!.SecretAccessKey! },
    },
    {
      credentials: {
        accessKeyId: Credentials!.AccessKeyId!,
        secretAccessKey: Credentials!.SecretAccessKey!,
        sessionToken: Credentials!.SessionToken!,
      },
    },
  );
}

const roleArn = (name: string): string => `arn:aws:iam::${account}:role/${name}`;
const read = (client: S3Client, Key = 'k') => client.send(new GetObjectCommand({ Bucket, Key }));

describe('a bucket policy', () => {
  it('is put, read and deleted', async () => {
    const get = () => test.s3.send(new GetBucketPolicyCommand({ Bucket }));
    const none = {
      name: 'NoSuchBucketPolicy',
      status: 404,
      message: 'The bucket policy does not exist',
    };
    expect(await failure(get())).toMatchObject(none);
    expect(await failure(test.s3.send(new GetBucketPolicyStatusCommand({ Bucket })))).toMatchObject(
      none,
    );
    const answer = await put({
      Effect: 'Deny',
      Principal: { AWS: account },
      Action: 's3:DeleteObject',
      Resource: `${ARN}/*`,
    });
    expect(answer.$metadata.httpStatusCode).toBe(204);
    expect((await get()).Policy).toBe(
      `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":{"AWS":"arn:aws:iam::${account}:root"},"Action":"s3:DeleteObject","Resource":"${ARN}/*"}]}`,
    );
    for (let time = 0; time < 2; time += 1) {
      await test.s3.send(new DeleteBucketPolicyCommand({ Bucket }));
    }
    expect(await failure(get())).toMatchObject(none);
  });

  it('gives a role what its own policies do not, and takes what they do', async () => {
    const stranger = await roleClient('stranger');
    expect((await failure(read(stranger))).message).toContain(
      'because no identity-based policy allows the s3:GetObject action',
    );
    await put({
      Effect: 'Allow',
      Principal: { AWS: roleArn('stranger') },
      Action: ['s3:GetObject'],
      Resource: `${ARN}/k`,
    });
    await read(stranger);
    expect(await failure(read(stranger, 'secret'))).toMatchObject({ status: 403 });
    const reader = await roleClient('reader', { Effect: 'Allow', Action: 's3:*', Resource: '*' });
    await put({
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:GetObject',
      Resource: `${ARN}/secret`,
    });
    await read(reader);
    expect((await failure(read(reader, 'secret'))).message).toContain(
      'with an explicit deny in a resource-based policy',
    );
    const copy = new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/secret` });
    expect(await failure(reader.send(copy))).toMatchObject({ name: 'AccessDenied', status: 403 });
  });

  it('leaves it to the account whom in it an allowed account lets in', async () => {
    const left = await roleClient('left-to-itself');
    for (const AWS of [account, `arn:aws:iam::${account}:root`]) {
      await put({
        Effect: 'Allow',
        Principal: { AWS },
        Action: 's3:GetObject',
        Resource: `${ARN}/*`,
      });
      expect(await failure(read(left))).toMatchObject({ name: 'AccessDenied' });
    }
  });

  it('means one session, or all but some', async () => {
    const one = await roleClient('one', { Effect: 'Allow', Action: 's3:Get*', Resource: '*' });
    const session = `arn:aws:sts::${account}:assumed-role/one/session`;
    const deny = { Effect: 'Deny', Action: 's3:GetObject', Resource: `${ARN}/*` };
    await put({ ...deny, Principal: { AWS: session } });
    expect(await failure(read(one))).toMatchObject({ name: 'AccessDenied' });
    await put({ ...deny, Principal: { AWS: `${session}-2` } });
    await read(one);
    const user = `arn:aws:iam::${account}:user/sandbox`;
    await put({ ...deny, NotPrincipal: { AWS: [user] } });
    expect(await failure(read(one))).toMatchObject({ name: 'AccessDenied' });
    await read(test.s3);
    await put({ ...deny, NotPrincipal: { AWS: [user, roleArn('one'), session] } });
    await read(one);
  });

  it('does not mean another role of the same name', async () => {
    await roleClient('again');
    const statement = {
      Effect: 'Allow',
      Principal: { AWS: roleArn('again') },
      Action: 's3:GetObject',
      Resource: `${ARN}/*`,
    };
    await put(statement);
    await iam.send(new DeleteRoleCommand({ RoleName: 'again' }));
    const other = await roleClient('again');
    expect(await failure(read(other))).toMatchObject({ name: 'AccessDenied' });
    const { Policy } = await test.s3.send(new GetBucketPolicyCommand({ Bucket }));
    expect(Policy).toMatch(/"AWS":"AROA[A-Z0-9]+"/);
    await put(statement);
    await read(other);
  });

  it('denies the user too, but for the policy itself', async () => {
    await put({ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [ARN, `${ARN}/*`] });
    expect((await failure(read(test.s3))).message).toContain(
      'with an explicit deny in a resource-based policy',
    );
    const list = test.s3.send(new ListObjectsV2Command({ Bucket }));
    expect(await failure(list)).toMatchObject({ name: 'AccessDenied' });
    await test.s3.send(new GetBucketPolicyCommand({ Bucket }));
    await test.s3.send(new DeleteBucketPolicyCommand({ Bucket }));
    await read(test.s3);
  });

  it.each([
    [
      's3:ExistingObjectTag/open',
      { StringEquals: { 's3:ExistingObjectTag/open': 'yes' } },
      'k',
      'secret',
    ],
    ['s3:prefix', { StringLike: { 's3:prefix': 'photos/*' } }, 'photos/2026', 'other'],
    ['aws:SourceIp', { IpAddress: { 'aws:SourceIp': '127.0.0.0/8' } }, 'k', undefined],
    ['aws:SecureTransport', { Bool: { 'aws:SecureTransport': 'true' } }, undefined, 'k'],
    ['s3:authType', { StringEquals: { 's3:authType': 'REST-HEADER' } }, 'k', undefined],
  ] as const)('holds under a condition of %s', async (name, Condition, allowed, refused) => {
    const RoleName = `under-${name.replace(/\W/g, '-')}`;
    const client = await roleClient(RoleName);
    const lists = name === 's3:prefix';
    await put({
      Effect: 'Allow',
      Principal: { AWS: roleArn(RoleName) },
      Action: lists ? 's3:ListBucket' : 's3:GetObject',
      Resource: lists ? ARN : `${ARN}/*`,
      Condition,
    });
    const ask = (text: string): Promise<unknown> =>
      lists ? client.send(new ListObjectsV2Command({ Bucket, Prefix: text })) : read(client, text);
    if (allowed !== undefined) await ask(allowed);
    if (refused !== undefined) expect(await failure(ask(refused))).toMatchObject({ status: 403 });
  });

  it('sees the headers of a write', async () => {
    await put({
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:PutObject',
      Resource: `${ARN}/*`,
      Condition: { StringNotEquals: { 's3:x-amz-server-side-encryption': 'AES256' } },
    });
    const plain = new PutObjectCommand({ Bucket, Key: 'new', Body: 'x' });
    expect(await failure(test.s3.send(plain))).toMatchObject({ name: 'AccessDenied' });
    await test.s3.send(
      new PutObjectCommand({ Bucket, Key: 'new', Body: 'x', ServerSideEncryption: 'AES256' }),
    );
  });

  it.each([
    ['', "Policies must be valid JSON and the first byte must be '{'"],
    ['invalid json', "Policies must be valid JSON and the first byte must be '{'"],
    ['{', 'This policy contains invalid Json'],
    ['{}', 'Missing required field Statement'],
    ['{"Statement":[]}', 'Could not parse the policy: Statement is empty!'],
    ['{"Version":"2020-01-01","Statement":[{}]}', 'The policy must contain a valid version string'],
    ['{"Policy":1,"Statement":[{}]}', 'Unknown field Policy'],
  ])('is refused: %s', async (text, message) => {
    expect(await failure(putText(text))).toMatchObject({
      name: 'MalformedPolicy',
      status: 400,
      message,
    });
  });

  it.each([
    [{ Effect: undefined }, 'Missing required field Effect'],
    [{ Effect: 'allow' }, 'Invalid effect: allow'],
    [{ Principal: undefined }, 'Missing required field Principal'],
    [{ Principal: { AWS: 'nobody' } }, 'Invalid principal in policy'],
    [{ Principal: { AWS: 'arn:aws:iam::ACCOUNT:role/nobody' } }, 'Invalid principal in policy'],
    [{ Principal: { AWS: 'arn:aws:iam::ACCOUNT:user/*' } }, 'Invalid principal in policy'],
    [{ Principal: { Service: 'nothing' } }, 'Invalid principal in policy'],
    [{ Action: undefined }, 'Missing required field Action'],
    [{ Action: 's3:Fly' }, 'Policy has invalid action'],
    [{ Action: 'ec2:RunInstances' }, 'Policy has invalid action'],
    [{ Resource: undefined }, 'Missing required field Resource'],
    [{ Resource: '*' }, 'Policy has invalid resource'],
    [{ Resource: 'arn:aws:s3:::another/*' }, 'Policy has invalid resource'],
    [{ Resource: 'arn:aws:s3:::guarded-too/*' }, 'Policy has invalid resource'],
    [{ Action: 's3:ListBucket' }, 'Action does not apply to any resource(s) in statement'],
    [
      { Action: ['s3:GetObject', 's3:ListBucket'] },
      'Action does not apply to any resource(s) in statement',
    ],
    [{ Resource: ARN }, 'Action does not apply to any resource(s) in statement'],
    [{ Condition: { Fancy: { 'aws:SourceIp': 'x' } } }, 'Invalid Condition type : Fancy'],
    [{ Condition: { StringLike: { 's3:nothing': 'x' } } }, 'Policy has an invalid condition key'],
    [
      { Condition: { StringLike: { 's3:prefix': 'x' } } },
      'Conditions do not apply to combination of actions and resources in statement',
    ],
    [{ Allow: 'x' }, 'Unknown field Allow'],
  ])('is refused with %j', async (changes, message) => {
    const statement = {
      Effect: 'Allow',
      Principal: { AWS: account },
      Action: 's3:GetObject',
      Resource: `${ARN}/*`,
      ...changes,
    };
    const text = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    expect(await failure(putText(text.replace('ACCOUNT', account)))).toMatchObject({
      name: 'MalformedPolicy',
      status: 400,
      message,
    });
  });

  it('may name actions and resources by wildcards', async () => {
    for (const [Action, Resource] of [
      ['s3:*', `${ARN}/*`],
      ['*', ARN],
      ['s3:Get*', [ARN]],
      ['s3:ListBucket', `${ARN}*`],
    ] as const) {
      await put({ Effect: 'Allow', Principal: { AWS: account }, Action, Resource });
    }
  });
});

describe('everybody', () => {
  const open = (changes: Statement = {}) => ({
    Effect: 'Allow',
    Principal: '*',
    Action: 's3:GetObject',
    Resource: `${ARN}/*`,
    ...changes,
  });
  const block = (more: Record<string, boolean>) =>
    test.s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: more }));
  const status = async () => {
    const { PolicyStatus } = await test.s3.send(new GetBucketPolicyStatusCommand({ Bucket }));
    return PolicyStatus?.IsPublic;
  };

  it('is kept out by a new bucket', async () => {
    expect((await failure(put(open()))).message).toBe(
      `User: arn:aws:iam::${account}:user/sandbox is not authorized to perform: s3:PutBucketPolicy on resource: "${ARN}" because public policies are blocked by the BlockPublicPolicy block public access setting.`,
    );
    await put(open({ Condition: { IpAddress: { 'aws:SourceIp': '127.0.0.0/8' } } }));
    expect(await status()).toBe(false);
    const answer = await anonymously(`/${Bucket}/k`);
    expect([answer.status, answer.body]).toEqual([200, 'hello']);
    expect((await anonymously(`/${Bucket}?list-type=2`)).status).toBe(403);
  });

  it('is let in by a public policy, unless that is restricted', async () => {
    await test.s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
    await put(open());
    expect(await status()).toBe(true);
    expect((await anonymously(`/${Bucket}/k`)).body).toBe('hello');
    const write = await anonymously(`/${Bucket}/k`, 'PUT');
    expect([write.status, errorCode(write)]).toEqual([403, 'AccessDenied']);
    // Who may not list does not learn which keys there are.
    expect((await anonymously(`/${Bucket}/nothing`)).status).toBe(403);
    await block({ RestrictPublicBuckets: true });
    expect((await anonymously(`/${Bucket}/k`)).status).toBe(403);
    await read(test.s3);
    await block({});
  });

  it.each([
    [{ Principal: { AWS: '*' } }, true],
    [{ Principal: undefined, NotPrincipal: { AWS: '111122223333' } }, true],
    [{ Effect: 'Deny' }, false],
    [{ Principal: { AWS: '111122223333' } }, false],
    [{ Principal: { Service: 'cloudtrail.amazonaws.com' } }, false],
    [{ Condition: { IpAddress: { 'aws:SourceIp': '0.0.0.0/1' } } }, true],
    [{ Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } }, false],
    [{ Condition: { StringLike: { 'aws:SourceArn': 'arn:aws:s3:::*' } } }, true],
    [{ Condition: { StringNotEquals: { 'aws:SourceAccount': '111122223333' } } }, true],
    [{ Condition: { StringEquals: { 's3:ExistingObjectTag/a': 'b' } } }, true],
  ])('is let in by %j: %s', async (changes, expected) => {
    await put(open(changes));
    expect(await status()).toBe(expected);
  });

  it('may read tags and put objects where a policy says so', async () => {
    await put(open({ Action: ['s3:GetObjectTagging', 's3:PutObject'] }));
    expect((await anonymously(`/${Bucket}/k?tagging`)).body).toContain('<Key>open</Key>');
    const write = await sendRaw(test.sandbox, {
      method: 'PUT',
      path: `/${Bucket}/by-nobody`,
      body: 'text',
    });
    expect(write.status).toBe(200);
    const { Body } = await read(test.s3, 'by-nobody');
    expect(await Body!.transformToString()).toBe('text');
    await test.s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'by-nobody' }));
  });

  it('is told that there is no such bucket', async () => {
    for (const path of ['/nowhere/k', '/nowhere', '/nowhere?policy']) {
      const answer = await anonymously(path);
      expect([answer.status, errorCode(answer)]).toEqual([404, 'NoSuchBucket']);
    }
    for (const [method, path] of [
      ['GET', '/'],
      ['PUT', '/nowhere'],
    ] as const) {
      const answer = await anonymously(path, method);
      expect([answer.status, errorCode(answer)]).toEqual([403, 'AccessDenied']);
    }
  });
});

it('keeps who is denied by his own policy out', async () => {
  const client = await roleClient('denied', { Effect: 'Deny', Action: 's3:*', Resource: '*' });
  await put({
    Effect: 'Allow',
    Principal: { AWS: roleArn('denied') },
    Action: 's3:GetObject',
    Resource: `${ARN}/*`,
  });
  expect((await failure(read(client))).message).toContain(
    'with an explicit deny in an identity-based policy',
  );
  await iam.send(new DeleteRolePolicyCommand({ RoleName: 'denied', PolicyName: 'own' }));
  await read(client);
});
