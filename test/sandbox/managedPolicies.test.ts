import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DeleteRoleCommand,
  DetachRolePolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetUserCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListEntitiesForPolicyCommand,
  ListPoliciesCommand,
  ListPolicyTagsCommand,
  ListPolicyVersionsCommand,
  PutRolePolicyCommand,
  SetDefaultPolicyVersionCommand,
  SimulatePrincipalPolicyCommand,
  TagPolicyCommand,
  UntagPolicyCommand,
  paginateListPolicies,
} from '@aws-sdk/client-iam';
import type { CreatePolicyCommandInput } from '@aws-sdk/client-iam';
import { CreateBucketCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import type { S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { iamClient } from './controlClients.ts';
import { failure, s3Client, startTestSandbox } from './testSandbox.ts';
import type { TestSandbox } from './testSandbox.ts';

let test: TestSandbox;
let iam: IAMClient;
beforeAll(async () => {
  test = await startTestSandbox();
  iam = iamClient(test.sandbox);
  await test.s3.send(new CreateBucketCommand({ Bucket: 'photos' }));
});
afterAll(() => test.close());

const policy = (...Statement: object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement });
const LIST = policy({ Effect: 'Allow', Action: 's3:ListBucket', Resource: '*' });
const PUT = policy({ Effect: 'Allow', Action: 's3:PutObject', Resource: '*' });
const AWS = 'arn:aws:iam::aws:policy/';
const READ_ONLY = `${AWS}AmazonS3ReadOnlyAccess`;

const createPolicy = async (
  PolicyName: string,
  PolicyDocument = LIST,
  more: Partial<CreatePolicyCommandInput> = {},
): Promise<string> => {
  const command = new CreatePolicyCommand({ PolicyName, PolicyDocument, ...more });
  return (await iam.send(command)).Policy!.Arn!;
};

const createRole = async (RoleName: string, more: object = {}): Promise<string> => {
  const account = test.sandbox.accountId;
  const statement = { Effect: 'Allow', Principal: { AWS: account }, Action: 'sts:AssumeRole' };
  const AssumeRolePolicyDocument = policy(statement);
  const command = new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument, ...more });
  return (await iam.send(command)).Role!.Arn!;
};
const attach = (RoleName: string, PolicyArn: string) =>
  iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
const detach = (RoleName: string, PolicyArn: string) =>
  iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
const attached = async (RoleName: string) =>
  (await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }))).AttachedPolicies;

/** Clients that act as a role. */
async function actingAs(RoleArn: string): Promise<{ s3: S3Client; iam: IAMClient }> {
  const { endpoint, region, accessKeyId, secretAccessKey } = test.sandbox;
  const own = { accessKeyId, secretAccessKey };
  const sts = new STSClient({ endpoint, region, credentials: own });
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: 'session' }),
  );
  const credentials = {
    accessKeyId: Credentials!.AccessKeyId!,
    secretAccessKey: Credentials!.SecretAccessKey!,
    sessionToken: Credentials!.SessionToken!,
  };
  const config = { endpoint, region, credentials, maxAttempts: 1 };
  return { s3: s3Client(test.sandbox, { credentials }), iam: new IAMClient(config) };
}
const list = (s3: S3Client) => s3.send(new ListObjectsV2Command({ Bucket: 'photos' }));
const put = (s3: S3Client) =>
  s3.send(new PutObjectCommand({ Bucket: 'photos', Key: 'a', Body: 'x' }));

// The members and sentences of recordings of AWS: LocalStack's tests/aws/services/iam, test_role_attach_policy
// and test_delete_non_existent_policy_returns_no_such_entity.
describe('a managed policy', () => {
  it('is created, read and deleted with the members of AWS', async () => {
    const { Policy: created } = await iam.send(
      new CreatePolicyCommand({
        ...{ PolicyName: 'Reader', PolicyDocument: LIST, Path: '/team/', Description: 'reads' },
        Tags: [{ Key: 'team', Value: 'photo' }],
      }),
    );
    const expected = {
      PolicyName: 'Reader',
      PolicyId: expect.stringMatching(/^ANPA[A-Z2-7]{17}$/) as string,
      Arn: `arn:aws:iam::${test.sandbox.accountId}:policy/team/Reader`,
      Path: '/team/',
      DefaultVersionId: 'v1',
      AttachmentCount: 0,
      PermissionsBoundaryUsageCount: 0,
      IsAttachable: true,
      CreateDate: expect.any(Date) as Date,
      UpdateDate: expect.any(Date) as Date,
      Tags: [{ Key: 'team', Value: 'photo' }],
    };
    expect(created).toEqual(expected);
    const PolicyArn = created!.Arn!;
    const read = await iam.send(new GetPolicyCommand({ PolicyArn }));
    expect(read.Policy).toEqual({ ...expected, Description: 'reads' });
    const listed = await iam.send(new ListPoliciesCommand({ PathPrefix: '/team/' }));
    expect(listed.Policies).toEqual([{ ...expected, Tags: undefined }]);
    expect(listed.Policies?.[0]).not.toHaveProperty('Tags');
    await iam.send(new DeletePolicyCommand({ PolicyArn }));
    const gone = `Policy ${PolicyArn} was not found.`;
    for (const refused of [
      iam.send(new DeletePolicyCommand({ PolicyArn })),
      iam.send(new GetPolicyCommand({ PolicyArn })),
    ]) {
      expect(await failure(refused)).toMatchObject({
        name: 'NoSuchEntityException',
        status: 404,
        message: gone,
      });
    }
  });

  it('answers no tags as an empty list in GetPolicy, and none in CreatePolicy', async () => {
    const command = new CreatePolicyCommand({ PolicyName: 'Untagged', PolicyDocument: LIST });
    const { Policy } = await iam.send(command);
    expect(Policy).not.toHaveProperty('Tags');
    const read = await iam.send(new GetPolicyCommand({ PolicyArn: Policy!.Arn }));
    expect(read.Policy?.Tags).toEqual([]);
  });

  it('has a name of its own in the account, whatever its case and path', async () => {
    await createPolicy('Taken');
    expect(await failure(createPolicy('taken', LIST, { Path: '/x/' }))).toMatchObject({
      name: 'EntityAlreadyExistsException',
      status: 409,
      message: 'A policy called taken already exists. Duplicate names are not allowed.',
    });
  });

  it.each<[string, string, object, string]>([
    ['bad name!', LIST, {}, 'ValidationError'],
    ['x'.repeat(129), LIST, {}, 'ValidationError'],
    ['p', '{', {}, 'MalformedPolicyDocumentException'],
    ['p', LIST, { Path: 'x' }, 'ValidationError'],
    ['p', LIST, { Description: 'x'.repeat(1001) }, 'ValidationError'],
    [
      'p',
      policy({ Effect: 'Allow', Action: 's3:*', Resource: `arn:aws:s3:::${'x'.repeat(6144)}` }),
      {},
      'LimitExceededException',
    ],
    ['p', LIST, { Tags: [{ Key: 'aws:x', Value: '' }] }, 'ValidationError'],
  ])('%s %s is refused as AWS does', async (name, document, more, code) => {
    expect(await failure(createPolicy(name, document, more))).toMatchObject({ name: code });
  });

  it('has tags', async () => {
    const PolicyArn = await createPolicy('Tagged');
    await iam.send(new TagPolicyCommand({ PolicyArn, Tags: [{ Key: 'a', Value: '1' }] }));
    await iam.send(new TagPolicyCommand({ PolicyArn, Tags: [{ Key: 'A', Value: '2' }] }));
    await iam.send(new TagPolicyCommand({ PolicyArn, Tags: [{ Key: 'b', Value: '3' }] }));
    await iam.send(new UntagPolicyCommand({ PolicyArn, TagKeys: ['b'] }));
    const { Tags } = await iam.send(new ListPolicyTagsCommand({ PolicyArn }));
    expect(Tags).toEqual([{ Key: 'A', Value: '2' }]);
  });
});

describe('versions of a managed policy', () => {
  it('are numbered once, five at most, and one of them is the default', async () => {
    const PolicyArn = await createPolicy('Versioned');
    const add = (SetAsDefault = false) =>
      iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: PUT, SetAsDefault }));
    const { PolicyVersion } = await add(true);
    expect(PolicyVersion).toEqual({
      VersionId: 'v2',
      IsDefaultVersion: true,
      CreateDate: expect.any(Date) as Date,
    });
    for (let index = 0; index < 3; index += 1) await add();
    expect(await failure(add())).toMatchObject({
      name: 'LimitExceededException',
      status: 409,
      message:
        'A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.',
    });
    const remove = (VersionId: string) =>
      iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId }));
    await remove('v5');
    expect(await failure(remove('v2'))).toMatchObject({ name: 'DeleteConflictException' });
    expect(await failure(remove('v9'))).toMatchObject({ name: 'NoSuchEntityException' });
    expect(await failure(remove('two'))).toMatchObject({
      name: 'ValidationError',
      message: String.raw`1 validation error detected: Value at 'versionId' failed to satisfy constraint: Member must satisfy regular expression pattern: v[1-9][0-9]*(\.[A-Za-z0-9-]*)?`,
    });
    expect((await add()).PolicyVersion?.VersionId).toBe('v6');
    const { Versions } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn }));
    expect(Versions?.map(each => [each.VersionId, each.IsDefaultVersion])).toEqual([
      ['v6', false],
      ['v4', false],
      ['v3', false],
      ['v2', true],
      ['v1', false],
    ]);
    const read = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v2' }));
    expect(decodeURIComponent(read.PolicyVersion!.Document!)).toBe(PUT);
    expect(await failure(iam.send(new DeletePolicyCommand({ PolicyArn })))).toMatchObject({
      name: 'DeleteConflictException',
      status: 409,
      message: expect.stringContaining('more than one version') as string,
    });
  });

  it('decide by the default one, from the moment that it is', async () => {
    const PolicyArn = await createPolicy('Turning', LIST);
    const acting = await actingAs(await createRole('Turner'));
    await attach('Turner', PolicyArn);
    await list(acting.s3);
    await iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: PUT }));
    await list(acting.s3);
    await iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: 'v2' }));
    await put(acting.s3);
    expect(await failure(list(acting.s3))).toMatchObject({ name: 'AccessDenied' });
  });
});

describe('an attached policy', () => {
  it('decides with the inline ones, Deny first, until it is detached', async () => {
    const PolicyArn = await createPolicy('Both', LIST);
    const { s3 } = await actingAs(await createRole('Attached'));
    expect(await failure(list(s3))).toMatchObject({ name: 'AccessDenied' });
    await attach('Attached', PolicyArn);
    await list(s3);
    expect(await failure(put(s3))).toMatchObject({ name: 'AccessDenied' });
    const PolicyDocument = policy({ Effect: 'Deny', Action: 's3:List*', Resource: '*' });
    const inline = { RoleName: 'Attached', PolicyName: 'deny', PolicyDocument };
    await iam.send(new PutRolePolicyCommand(inline));
    expect(await failure(list(s3))).toMatchObject({
      message: expect.stringContaining('with an explicit deny') as string,
    });
    await iam.send(new PutRolePolicyCommand({ ...inline, PolicyDocument: PUT }));
    await list(s3);
    await detach('Attached', PolicyArn);
    expect(await failure(list(s3))).toMatchObject({ name: 'AccessDenied' });
  });

  it('is evaluated with its variables and conditions', async () => {
    const PolicyArn = await createPolicy(
      'Own',
      policy(
        {
          Effect: 'Allow',
          Action: 's3:PutObject',
          Resource: 'arn:aws:s3:::photos/${aws:PrincipalTag/team}/*',
        },
        {
          Effect: 'Deny',
          Action: 's3:*',
          Resource: '*',
          Condition: { StringNotEquals: { 'aws:PrincipalTag/team': 'photo' } },
        },
      ),
    );
    const put = (s3: S3Client, Key: string) =>
      s3.send(new PutObjectCommand({ Bucket: 'photos', Key, Body: 'x' }));
    const ofTeam = await createRole('OfTeam', { Tags: [{ Key: 'team', Value: 'photo' }] });
    await attach('OfTeam', PolicyArn);
    const { s3 } = await actingAs(ofTeam);
    await put(s3, 'photo/a');
    expect(await failure(put(s3, 'video/a'))).toMatchObject({ name: 'AccessDenied' });
    const other = await actingAs(await createRole('OfNone'));
    await attach('OfNone', PolicyArn);
    expect(await failure(put(other.s3, 'photo/a'))).toMatchObject({
      message: expect.stringContaining('explicit deny') as string,
    });
  });

  it('is listed, counted and keeps its policy and its role from being deleted', async () => {
    const PolicyArn = await createPolicy('Held', LIST, { Path: '/held/' });
    await createRole('Holder');
    await attach('Holder', PolicyArn);
    await attach('Holder', PolicyArn);
    await attach('Holder', READ_ONLY);
    expect(await attached('Holder')).toEqual([
      { PolicyName: 'Held', PolicyArn },
      { PolicyName: 'AmazonS3ReadOnlyAccess', PolicyArn: READ_ONLY },
    ]);
    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
    expect(Policy?.AttachmentCount).toBe(1);
    const entities = await iam.send(new ListEntitiesForPolicyCommand({ PolicyArn }));
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'Holder' }));
    expect(entities).toMatchObject({
      PolicyGroups: [],
      PolicyUsers: [],
      PolicyRoles: [{ RoleName: 'Holder', RoleId: Role?.RoleId }],
      IsTruncated: false,
    });
    expect(await failure(iam.send(new DeletePolicyCommand({ PolicyArn })))).toMatchObject({
      name: 'DeleteConflictException',
      status: 409,
      message: 'Cannot delete a policy attached to entities.',
    });
    const deletion = () => iam.send(new DeleteRoleCommand({ RoleName: 'Holder' }));
    expect(await failure(deletion())).toMatchObject({
      name: 'DeleteConflictException',
      message: 'Cannot delete entity, must detach all policies first.',
    });
    await detach('Holder', PolicyArn);
    await detach('Holder', READ_ONLY);
    expect(await failure(detach('Holder', PolicyArn))).toMatchObject({
      name: 'NoSuchEntityException',
      message: `Policy ${PolicyArn} was not found.`,
    });
    await deletion();
  });

  it('is one of ten at most', async () => {
    await createRole('Full');
    for (let index = 0; index < 10; index += 1) {
      await attach('Full', await createPolicy(`full-${index}`));
    }
    const first = `arn:aws:iam::${test.sandbox.accountId}:policy/full-0`;
    await attach('Full', first);
    expect(await failure(attach('Full', READ_ONLY))).toMatchObject({
      name: 'LimitExceededException',
      status: 409,
      message: 'Cannot exceed quota for PoliciesPerRole: 10',
    });
  });

  it.each<[string, string, number, RegExp]>([
    ['longpolicynamebutnoarn', 'ValidationError', 400, /^Invalid ARN: {2}Could not be parsed!$/],
    ['short', 'ValidationError', 400, /have length greater than or equal to 20$/],
    ['arn:aws:iam::123456789012:role/x', 'ValidationError', 400, /is not valid\.$/],
    [
      'arn:aws:iam::123456789012:policy/none',
      'NoSuchEntityException',
      404,
      /^Policy arn:aws:iam::123456789012:policy\/none does not exist or is not attachable\.$/,
    ],
    [`${AWS}AmazonEC2FullAccess`, 'NotImplemented', 501, /policy\/AmazonEC2FullAccess/],
    [
      `${AWS}aws-service-role/SupportAccess`,
      'PolicyNotAttachableException',
      400,
      /^Cannot attach a Service Role Policy to a Customer Role\.$/,
    ],
  ])('%s is refused as AWS does', async (arn, name, status, message) => {
    const RoleName = 'Refusing';
    await createRole(RoleName).catch(() => undefined);
    const refused = await failure(attach(RoleName, arn));
    expect(refused).toMatchObject({ name, status });
    expect(refused.message).toMatch(message);
  });

  it('is what SimulatePrincipalPolicy weighs too', async () => {
    const PolicySourceArn = await createRole('Weighed');
    await attach('Weighed', READ_ONLY);
    const { EvaluationResults } = await iam.send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn,
        ActionNames: ['s3:GetObject', 's3:PutObject'],
        ResourceArns: ['arn:aws:s3:::photos/a'],
      }),
    );
    expect(EvaluationResults?.map(result => result.EvalDecision)).toEqual([
      'allowed',
      'implicitDeny',
    ]);
    expect(EvaluationResults?.[0]?.MatchedStatements).toEqual([
      expect.objectContaining({ SourcePolicyId: 'AmazonS3ReadOnlyAccess' }),
    ]);
  });
});

describe('policies of AWS', () => {
  it('are there with their versions, paths and documents, and nobody changes them', async () => {
    const PolicyArn = `${AWS}service-role/AWSLambdaBasicExecutionRole`;
    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
    expect(Policy).toMatchObject({ Path: '/service-role/', DefaultVersionId: 'v1' });
    const read = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }));
    // AWS managed policy reference, "AWSLambdaBasicExecutionRole".
    expect(JSON.parse(decodeURIComponent(read.PolicyVersion!.Document!))).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
          Resource: '*',
        },
      ],
    });
    expect(await failure(iam.send(new DeletePolicyCommand({ PolicyArn })))).toMatchObject({
      name: 'AccessDenied',
      status: 403,
      message: 'Policy is outside your own account.',
    });
  });

  it('say that an older version of them, or another policy of AWS, is not here', async () => {
    const older = { PolicyArn: READ_ONLY, VersionId: 'v1' };
    expect(await failure(iam.send(new GetPolicyVersionCommand(older)))).toMatchObject({
      name: 'NotImplemented',
      status: 501,
    });
    const other = { PolicyArn: `${AWS}AmazonEC2FullAccess` };
    expect(await failure(iam.send(new GetPolicyCommand(other)))).toMatchObject({
      name: 'NotImplemented',
    });
  });

  it('can all be attached and evaluated', async () => {
    const names: string[] = [];
    for await (const page of paginateListPolicies({ client: iam, pageSize: 5 }, { Scope: 'AWS' })) {
      names.push(...(page.Policies ?? []).map(each => each.Arn!));
    }
    expect(names.length).toBeGreaterThan(20);
    const acting = await actingAs(await createRole('Any'));
    for (const arn of names) {
      await attach('Any', arn);
      const isAllowed = await list(acting.s3).then(
        () => true,
        () => false,
      );
      expect([arn, isAllowed]).toEqual([
        arn,
        /AmazonS3|AdministratorAccess|PowerUserAccess/.test(arn),
      ]);
      await detach('Any', arn);
    }
  });
});

describe('a role without permissions', () => {
  // Recorded from AWS: LocalStack's tests/aws/services/iam, test_get_user_without_username_as_role.
  it('is no user, and may not read one', async () => {
    const acting = await actingAs(await createRole('NoUser'));
    expect(await failure(acting.iam.send(new GetUserCommand({})))).toMatchObject({
      name: 'ValidationError',
      status: 400,
      message: 'Must specify userName when calling with non-User credentials',
    });
    const named = acting.iam.send(new GetUserCommand({ UserName: 'sandbox' }));
    expect(await failure(named)).toMatchObject({ name: 'AccessDenied', status: 403 });
  });

  it('is not told whether a role or a policy exists', async () => {
    await createRole('Known');
    const acting = await actingAs(await createRole('Nobody'));
    for (const RoleName of ['Known', 'Unknown']) {
      expect(await failure(acting.iam.send(new GetRoleCommand({ RoleName })))).toMatchObject({
        name: 'AccessDenied',
        status: 403,
        message: expect.stringContaining(
          `is not authorized to perform: iam:GetRole on resource: role ${RoleName} because`,
        ) as string,
      });
    }
    const PolicyArn = `arn:aws:iam::${test.sandbox.accountId}:policy/none`;
    const asked = acting.iam.send(new GetPolicyCommand({ PolicyArn }));
    expect(await failure(asked)).toMatchObject({ name: 'AccessDenied' });
  });

  it('may attach just the policies that a condition names', async () => {
    const arn = await createRole('Attacher');
    await createRole('Target');
    const PolicyDocument = policy({
      Effect: 'Allow',
      Action: 'iam:AttachRolePolicy',
      Resource: '*',
      Condition: { ArnEquals: { 'iam:PolicyARN': READ_ONLY } },
    });
    const inline = { RoleName: 'Attacher', PolicyName: 'p', PolicyDocument };
    await iam.send(new PutRolePolicyCommand(inline));
    const acting = await actingAs(arn);
    const attach = (PolicyArn: string) =>
      acting.iam.send(new AttachRolePolicyCommand({ RoleName: 'Target', PolicyArn }));
    await attach(READ_ONLY);
    expect(await failure(attach(`${AWS}AdministratorAccess`))).toMatchObject({
      name: 'AccessDenied',
    });
  });
});
