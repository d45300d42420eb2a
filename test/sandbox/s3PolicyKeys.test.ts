import {
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketPolicyCommand,
  DeletePublicAccessBlockCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  ListBucketsCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import type { S3Client } from '@aws-sdk/client-s3';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateJobCommand, S3ControlClient } from '@aws-sdk/client-s3-control';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../src/sandbox/clock.ts';
import { errorCode, presignedUrl, sendRaw } from './signedRequest.ts';
import type { TestSandbox } from './testSandbox.ts';
import { failure, s3Client, startTestSandbox } from './testSandbox.ts';

// Which keys a condition can ask for, and of what: Service Authorization Reference, "Condition keys for
// Amazon S3"; S3 API reference, "Amazon S3 Signature Version 4 Authentication Specific Policy Keys"; IAM
// user guide, "Global condition keys".

const Bucket = 'keys';
const ARN = `arn:aws:s3:::${Bucket}`;
const clock = new FakeClock();
let test: TestSandbox;
let iam: IAMClient;
let sts: STSClient;

beforeAll(async () => {
  test = await startTestSandbox({ clock });
  const { endpoint, region, accessKeyId, secretAccessKey } = test.sandbox;
  const config = { endpoint, region, credentials: { accessKeyId, secretAccessKey } };
  iam = new IAMClient(config);
  sts = new STSClient(config);
  await test.s3.send(new CreateBucketCommand({ Bucket }));
  await test.s3.send(
    new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }),
  );
  await test.s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'hello' }));
  await test.s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
});
beforeEach(() => test.s3.send(new DeleteBucketPolicyCommand({ Bucket })));
afterAll(async () => {
  iam.destroy();
  sts.destroy();
  await test.close();
});

type Statement = Readonly<Record<string, unknown>>;
const text = (...statements: readonly Statement[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements });
const putText = (Policy: string) => test.s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
const put = (...statements: readonly Statement[]) => putText(text(...statements));
const DENY = { Effect: 'Deny', Principal: '*', Resource: `${ARN}/*` };
const ALLOW = { Effect: 'Allow', Principal: '*', Resource: [ARN, `${ARN}/*`] };

async function roleClient(RoleName: string, ...statements: readonly Statement[]) {
  const trust = {
    Effect: 'Allow',
    Principal: { AWS: test.sandbox.accountId },
    Action: 'sts:AssumeRole',
  };
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: text(trust) }));
  const PolicyDocument = text(...statements);
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument }));
  return assume(RoleName);
}

async function assume(RoleName: string): Promise<S3Client> {
  const RoleArn = `arn:aws:iam::${test.sandbox.accountId}:role/${RoleName}`;
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: 'session' }),
  );
  return s3Client(test.sandbox, {
    credentials: {
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretAccessKey!,
      sessionToken: Credentials!.SessionToken!,
    },
  });
}

describe('conditions of a request', () => {
  it('know a signature of Version 2 in the headers', async () => {
    await put({
      ...DENY,
      Action: 's3:GetObject',
      Condition: { StringNotEquals: { 's3:signatureversion': 'AWS4-HMAC-SHA256' } },
    });
    const { accessKeyId, secretAccessKey } = test.sandbox;
    const date = clock.now().toUTCString();
    const signature = createHmac('sha1', secretAccessKey)
      .update(`GET\n\n\n${date}\n/${Bucket}/k`)
      .digest('base64');
    const headers = { date, authorization: `AWS ${accessKeyId}:${signature}` };
    const answer = await sendRaw(test.sandbox, { path: `/${Bucket}/k`, headers });
    expect([answer.status, errorCode(answer)]).toEqual([403, 'AccessDenied']);
  });

  it('are not misled by a foreign parameter about the version of the signature', async () => {
    await put({
      ...DENY,
      Action: 's3:GetObject',
      Condition: { StringEquals: { 's3:signatureversion': 'AWS4-HMAC-SHA256' } },
    });
    const url = await presignedUrl(test.sandbox, 'GET', `/${Bucket}/k`, { AWSAccessKeyId: 'x' });
    const answer = await sendRaw(test.sandbox, { path: url.slice(test.sandbox.endpoint.length) });
    expect(answer.status).toBe(403);
  });

  it('know the age of a presigned signature in milliseconds', async () => {
    await put({
      ...DENY,
      Action: 's3:GetObject',
      Condition: { NumericGreaterThan: { 's3:signatureAge': '20000' } },
    });
    const url = await presignedUrl(test.sandbox, 'GET', `/${Bucket}/k`);
    const path = url.slice(test.sandbox.endpoint.length);
    expect((await sendRaw(test.sandbox, { path })).status).toBe(200);
    clock.advance(30_000);
    expect((await sendRaw(test.sandbox, { path })).status).toBe(403);
    expect((await test.s3.send(new GetObjectCommand({ Bucket, Key: 'k' }))).ETag).toBeDefined();
  });

  it('have nothing of MFA for keys that last', async () => {
    await put({
      ...DENY,
      Action: 's3:GetObject',
      Condition: { Null: { 'aws:MultiFactorAuthPresent': 'true' } },
    });
    const get = test.s3.send(new GetObjectCommand({ Bucket, Key: 'k' }));
    expect(await failure(get)).toMatchObject({ name: 'AccessDenied' });
  });

  it('know the tags of a PutObject, CopyObject and multipart upload for s3:PutObject, too', async () => {
    await put({
      ...DENY,
      Action: 's3:PutObject',
      Condition: { StringEquals: { 's3:RequestObjectTag/secret': 'yes' } },
    });
    const Tagging = 'secret=yes';
    const calls = [
      () => test.s3.send(new PutObjectCommand({ Bucket, Key: 'tagged', Body: 'x', Tagging })),
      () =>
        test.s3.send(
          new CopyObjectCommand({
            ...{ Bucket, Key: 'tagged', CopySource: `${Bucket}/k` },
            ...{ Tagging, TaggingDirective: 'REPLACE' },
          }),
        ),
      () => test.s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'tagged', Tagging })),
    ];
    for (const call of calls) expect(await failure(call())).toMatchObject({ name: 'AccessDenied' });
    await test.s3.send(new PutObjectCommand({ Bucket, Key: 'free', Body: 'x', Tagging: 'a=b' }));
  });

  it('know the version and the tags whose attributes are asked for', async () => {
    const tagged = new PutObjectCommand({ Bucket, Key: 'v', Body: 'x', Tagging: 'secret=yes' });
    const { VersionId } = await test.s3.send(tagged);
    const attributes = { Bucket, Key: 'v', ObjectAttributes: ['ETag' as const] };
    await put(
      {
        ...DENY,
        Action: 's3:GetObjectAttributes',
        Condition: { StringEquals: { 's3:ExistingObjectTag/secret': 'yes' } },
      },
      {
        ...DENY,
        Action: 's3:GetObjectVersionAttributes',
        Condition: { StringEquals: { 's3:VersionId': VersionId } },
      },
    );
    for (const version of [undefined, VersionId]) {
      const call = new GetObjectAttributesCommand({ ...attributes, VersionId: version });
      expect(await failure(test.s3.send(call))).toMatchObject({ name: 'AccessDenied' });
    }
  });

  it('know the tags that are read beside an object, counted or copied', async () => {
    const tagged = new PutObjectCommand({ Bucket, Key: 't', Body: 'x', Tagging: 'secret=yes' });
    const { VersionId } = await test.s3.send(tagged);
    const read = (version?: string) =>
      test.s3.send(new GetObjectCommand({ Bucket, Key: 't', VersionId: version }));
    expect((await read()).TagCount).toBe(1);
    const copy = (source: string) =>
      test.s3.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: source }));
    await put(
      {
        ...DENY,
        Action: 's3:GetObjectTagging',
        Condition: { StringEquals: { 's3:ExistingObjectTag/secret': 'yes' } },
      },
      {
        ...DENY,
        Action: 's3:GetObjectVersionTagging',
        Condition: { StringEquals: { 's3:VersionId': VersionId } },
      },
    );
    for (const version of [undefined, VersionId]) {
      expect((await read(version)).TagCount).toBeUndefined();
      const source = `${Bucket}/t${version === undefined ? '' : `?versionId=${version}`}`;
      expect(await failure(copy(source))).toMatchObject({ name: 'AccessDenied' });
    }
  });

  it('know where a new bucket is to be, and its tags', async () => {
    const client = await roleClient(
      'BucketMaker',
      { Effect: 'Allow', Action: ['s3:CreateBucket', 's3:TagResource'], Resource: '*' },
      {
        Effect: 'Deny',
        Action: 's3:CreateBucket',
        Resource: '*',
        Condition: { StringEquals: { 's3:LocationConstraint': 'us-west-2' } },
      },
      {
        Effect: 'Deny',
        Action: 's3:TagResource',
        Resource: '*',
        Condition: { StringEquals: { 'aws:RequestTag/team': 'other' } },
      },
    );
    const make = (name: string, CreateBucketConfiguration?: object) =>
      client.send(new CreateBucketCommand({ Bucket: name, CreateBucketConfiguration }));
    const far = make('far-away', { LocationConstraint: 'us-west-2' });
    expect(await failure(far)).toMatchObject({ name: 'AccessDenied' });
    const tagged = make('tagged-away', { Tags: [{ Key: 'team', Value: 'other' }] });
    expect(await failure(tagged)).toMatchObject({ name: 'AccessDenied' });
    await make('near-by');
    client.destroy();
  });

  it('know the Region that a request goes to', async () => {
    const far = 'far-region';
    const location = { LocationConstraint: 'eu-west-1' as const };
    await test.s3.send(
      new CreateBucketCommand({ Bucket: far, CreateBucketConfiguration: location }),
    );
    const home = await roleClient(
      'HomeOnly',
      { Effect: 'Allow', Action: 's3:*', Resource: '*' },
      {
        ...{ Effect: 'Deny', Action: 's3:*', Resource: '*' },
        Condition: { StringNotEquals: { 'aws:RequestedRegion': 'us-east-1' } },
      },
    );
    await home.send(new GetObjectCommand({ Bucket, Key: 'k' }));
    const credentials = await home.config.credentials();
    const abroad = s3Client(test.sandbox, { region: 'eu-west-1', credentials });
    const put = abroad.send(new PutObjectCommand({ Bucket: far, Key: 'k', Body: 'x' }));
    expect(await failure(put)).toMatchObject({ name: 'AccessDenied' });
    home.destroy();
    abroad.destroy();
  });

  // Batch Operations: "Controlling permissions for Batch Operations using job tags"
  it('know the tags of a new batch job', async () => {
    const role = await roleClient(
      'JobMaker',
      { Effect: 'Allow', Action: ['s3:*', 'iam:PassRole'], Resource: '*' },
      {
        ...{ Effect: 'Deny', Action: 's3:CreateJob', Resource: '*' },
        Condition: { StringEquals: { 'aws:RequestTag/team': 'other' } },
      },
    );
    const url = new URL(test.sandbox.endpoint);
    const credentials = await role.config.credentials();
    const control = new S3ControlClient({
      ...{ credentials, region: test.sandbox.region, endpointProvider: () => ({ url }) },
    });
    const create = (Value: string) =>
      control.send(
        new CreateJobCommand({
          AccountId: test.sandbox.accountId,
          Operation: { S3DeleteObjectTagging: {} },
          Manifest: {
            Spec: { Format: 'S3BatchOperations_CSV_20180820', Fields: ['Bucket', 'Key'] },
            Location: { ObjectArn: `${ARN}/manifest.csv`, ETag: 'e' },
          },
          Report: { Enabled: false },
          RoleArn: `arn:aws:iam::${test.sandbox.accountId}:role/JobMaker`,
          Priority: 1,
          ConfirmationRequired: true,
          Tags: [{ Key: 'team', Value }],
        }),
      );
    expect(await failure(create('other'))).toMatchObject({ name: 'AccessDenied' });
    expect((await create('mine')).JobId).toBeDefined();
    role.destroy();
    control.destroy();
  });

  it('know when a role was assumed: older sessions can be revoked', async () => {
    const all = { Effect: 'Allow', Action: 's3:*', Resource: '*' };
    const client = await roleClient('Revoked', all);
    await client.send(new ListBucketsCommand({}));
    clock.advance(60_000);
    // What IAM's console writes as AWSRevokeOlderSessions.
    const revoke = {
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: { DateLessThan: { 'aws:TokenIssueTime': clock.now().toISOString() } },
    };
    await iam.send(
      new PutRolePolicyCommand({
        ...{ RoleName: 'Revoked', PolicyName: 'AWSRevokeOlderSessions' },
        PolicyDocument: text(revoke),
      }),
    );
    const older = client.send(new ListBucketsCommand({}));
    expect(await failure(older)).toMatchObject({ name: 'AccessDenied' });
    clock.advance(1000);
    const newer = await assume('Revoked');
    await newer.send(new ListBucketsCommand({}));
    newer.destroy();
    client.destroy();
  });
});

// API reference, "CopyObject" and "CreateMultipartUpload", "Permissions"
it('an ACL of a copy or an upload needs s3:PutObjectAcl, whatever it says', async () => {
  const name = 'with-acls';
  await test.s3.send(new CreateBucketCommand({ Bucket: name, ObjectOwnership: 'ObjectWriter' }));
  const Action = ['s3:PutObject', 's3:GetObject'];
  const client = await roleClient('Writer', { Effect: 'Allow', Action, Resource: '*' });
  for (const ACL of ['private', 'bucket-owner-full-control'] as const) {
    const target = { Bucket: name, Key: 'k', ACL };
    const upload = client.send(new CreateMultipartUploadCommand(target));
    expect(await failure(upload)).toMatchObject({ name: 'AccessDenied' });
    const copy = client.send(new CopyObjectCommand({ ...target, CopySource: `${Bucket}/k` }));
    expect(await failure(copy)).toMatchObject({ name: 'AccessDenied' });
  }
  await client.send(new CreateMultipartUploadCommand({ Bucket: name, Key: 'k' }));
  client.destroy();
});

describe('a policy that would harm', () => {
  it.each([
    // Holds for everybody who lacks the key.
    { 'ForAllValues:StringEquals': { 'aws:PrincipalOrgID': 'o-1234567890' } },
    { StringLike: { 'aws:SourceIp': '*' } },
    { StringLike: { 'aws:SourceIp': '1*' } },
  ])('is public although it has the condition %j', async Condition => {
    await put({ ...ALLOW, Action: 's3:GetObject', Resource: `${ARN}/*`, Condition });
    const { PolicyStatus } = await test.s3.send(new GetBucketPolicyStatusCommand({ Bucket }));
    expect(PolicyStatus?.IsPublic).toBe(true);
  });

  it.each([
    { NumericGreaterThan: { 's3:signatureAge': 'ten minutes' } },
    { DateGreaterThan: { 'aws:CurrentTime': 'noon' } },
  ])('is refused with %j, which compares with nothing', async Condition => {
    const statement = { ...DENY, Action: 's3:GetObject', Condition };
    expect(await failure(put(statement))).toMatchObject({ name: 'MalformedPolicy', status: 400 });
    const PolicyDocument = text({ Effect: 'Deny', Action: 's3:*', Resource: '*', Condition });
    const own = { RoleName: 'Revoked', PolicyName: 'wrong', PolicyDocument };
    expect(await failure(iam.send(new PutRolePolicyCommand(own)))).toMatchObject({
      name: 'MalformedPolicyDocumentException',
    });
  });

  it.each(['10.0.0.0/33', '10.0.0.0/x', 'nowhere', '::/129', '10.0.0.0/-1'])(
    'is refused with the network %s',
    async network => {
      const statement = {
        ...DENY,
        Action: 's3:GetObject',
        Condition: { IpAddress: { 'aws:SourceIp': network } },
      };
      expect(await failure(put(statement))).toMatchObject({ name: 'MalformedPolicy', status: 400 });
    },
  );

  const deep = `${'['.repeat(9000)}${']'.repeat(9000)}`;
  it.each([
    ['Effect', `{"Statement":{"Effect":${deep}}}`],
    ['Principal', `{"Statement":{"Effect":"Deny","Principal":${deep}}}`],
    ['AWS', `{"Statement":{"Effect":"Deny","Principal":{"AWS":[${deep}]}}}`],
  ])('is refused with a deep %s', async (_, policy) => {
    expect(await failure(putText(policy))).toMatchObject({ name: 'MalformedPolicy', status: 400 });
  });

  it('is refused with an Id that is no text', async () => {
    const Statement = { ...DENY, Action: 's3:GetObject' };
    const policy = JSON.stringify({ Id: 7, Statement });
    expect(await failure(putText(policy))).toMatchObject({ name: 'MalformedPolicy', status: 400 });
    const get = test.s3.send(new GetBucketPolicyCommand({ Bucket }));
    expect(await failure(get)).toMatchObject({ name: 'NoSuchBucketPolicy' });
  });
});

describe('anonymous requests', () => {
  beforeEach(() =>
    put({ ...ALLOW, Action: ['s3:GetObject', 's3:PutObject'], Resource: `${ARN}/*` }),
  );

  // awsdocs/amazon-s3-userguide#91, aws/aws-sdk-cpp#1575
  it('begin no multipart upload', async () => {
    const answer = await sendRaw(test.sandbox, { method: 'POST', path: `/${Bucket}/k?uploads` });
    expect(answer.status).toBe(403);
    expect(answer.body).toContain(
      '<Message>Anonymous users cannot initiate multipart uploads.  Please authenticate.</Message>',
    );
  });

  // API reference, "GetObject"; floci-io/floci#1098
  it.each(['GET', 'HEAD'])('choose no headers of the answer to %s', async method => {
    const path = `/${Bucket}/k?response-cache-control=no-cache`;
    const answer = await sendRaw(test.sandbox, { method, path });
    expect(answer.status).toBe(400);
    if (method === 'HEAD') return;
    expect(answer.body).toContain(
      '<Message>Request specific response headers cannot be used for anonymous GET requests.</Message>',
    );
  });
});
