import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  GetUserCommand,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  ListRoleTagsCommand,
  ListUsersCommand,
  PutRolePolicyCommand,
  SimulatePrincipalPolicyCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  paginateListRoles,
  paginateSimulatePrincipalPolicy,
} from '@aws-sdk/client-iam';
import type { IAMClient } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { iamClient } from './controlClients.ts';
import { failure, startTestSandbox } from './testSandbox.ts';
import type { TestSandbox } from './testSandbox.ts';

let test: TestSandbox;
let iam: IAMClient;
beforeAll(async () => {
  test = await startTestSandbox();
  iam = iamClient(test.sandbox);
});
afterAll(() => test.close());

const policy = (...Statement: object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement });
const trust = (service: string): string =>
  policy({ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' });
const TRUST = trust('batchoperations.s3.amazonaws.com');
const createRole = (RoleName: string, more: object = {}) =>
  iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST, ...more }));

describe('roles', () => {
  it('are created, found in any case, changed and deleted', async () => {
    const created = await createRole('Tagger', { Description: 'tags & more', Path: '/batch/' });
    expect(created.Role).toMatchObject({
      RoleName: 'Tagger',
      Path: '/batch/',
      Arn: `arn:aws:iam::${test.sandbox.accountId}:role/batch/Tagger`,
      Description: 'tags & more',
    });
    // Recorded from AWS (LocalStack, tests/aws/services/iam): CreateRole does not answer it.
    expect(created.Role).not.toHaveProperty('MaxSessionDuration');
    expect(created.Role?.RoleId).toMatch(/^AROA[A-Z2-7]{17}$/);
    expect(created.Role?.CreateDate).toBeInstanceOf(Date);
    const found = await iam.send(new GetRoleCommand({ RoleName: 'tagger' }));
    expect(decodeURIComponent(found.Role!.AssumeRolePolicyDocument!)).toBe(TRUST);
    expect(found.Role?.MaxSessionDuration).toBe(3600);
    const other = trust('lambda.amazonaws.com');
    await iam.send(
      new UpdateAssumeRolePolicyCommand({ RoleName: 'Tagger', PolicyDocument: other }),
    );
    const changed = await iam.send(new GetRoleCommand({ RoleName: 'Tagger' }));
    expect(decodeURIComponent(changed.Role!.AssumeRolePolicyDocument!)).toBe(other);
    await iam.send(new DeleteRoleCommand({ RoleName: 'Tagger' }));
    expect(await failure(iam.send(new GetRoleCommand({ RoleName: 'Tagger' })))).toMatchObject({
      name: 'NoSuchEntityException',
      status: 404,
      message: 'The role with name Tagger cannot be found.',
    });
  });

  it('are listed page by page', async () => {
    for (const name of ['p1', 'p2', 'p3', 'p4', 'p5']) await createRole(name, { Path: '/page/' });
    const names: (string | undefined)[] = [];
    let pages = 0;
    for await (const page of paginateListRoles(
      { client: iam, pageSize: 2 },
      { PathPrefix: '/page/' },
    )) {
      pages += 1;
      names.push(...(page.Roles ?? []).map(role => role.RoleName));
    }
    expect(names).toEqual(['p1', 'p2', 'p3', 'p4', 'p5']);
    expect(pages).toBe(3);
  });

  it('have tags', async () => {
    const RoleName = 'Tagged';
    await createRole(RoleName, { Tags: [{ Key: 'team', Value: 'photo' }] });
    await iam.send(new TagRoleCommand({ RoleName, Tags: [{ Key: 'Team', Value: 'x' }] }));
    await iam.send(new TagRoleCommand({ RoleName, Tags: [{ Key: 'b', Value: '' }] }));
    const { Tags } = await iam.send(new ListRoleTagsCommand({ RoleName }));
    expect(Tags).toEqual([
      { Key: 'Team', Value: 'x' },
      { Key: 'b', Value: '' },
    ]);
    await iam.send(new UntagRoleCommand({ RoleName, TagKeys: ['b'] }));
    const left = await iam.send(new GetRoleCommand({ RoleName }));
    expect(left.Role?.Tags).toEqual([{ Key: 'Team', Value: 'x' }]);
  });

  it.each<[string, object, string, number]>([
    ['taken', {}, 'EntityAlreadyExistsException', 409],
    ['bad name!', {}, 'ValidationError', 400],
    ['x'.repeat(65), {}, 'ValidationError', 400],
    ['r', { AssumeRolePolicyDocument: '{' }, 'MalformedPolicyDocumentException', 400],
    ['r', { AssumeRolePolicyDocument: policy() }, 'MalformedPolicyDocumentException', 400],
    [
      'r',
      { AssumeRolePolicyDocument: TRUST.replace('sts:AssumeRole', 's3:GetObject') },
      'MalformedPolicyDocumentException',
      400,
    ],
    ['r', { MaxSessionDuration: 10 }, 'ValidationError', 400],
    ['r', { Path: 'x' }, 'ValidationError', 400],
    [
      'r',
      {
        AssumeRolePolicyDocument: TRUST.replace('"Effect"', `"Sid":"${'x'.repeat(2048)}","Effect"`),
      },
      'LimitExceededException',
      409,
    ],
  ])('%s is refused as AWS does', async (name, changes, code, status) => {
    if (name === 'taken') await createRole('Taken');
    expect(await failure(createRole(name, changes))).toMatchObject({ name: code, status });
  });
});

describe('the principals of a trust policy', () => {
  const of = (Principal: unknown) => ({
    AssumeRolePolicyDocument: policy({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }),
  });
  const arn = (entity: string, account = test.sandbox.accountId) =>
    `arn:aws:iam::${account}:${entity}`;

  it('are whoever is in the account, and anyone of another one', async () => {
    const { Role } = await createRole('Trusted', { Path: '/path/' });
    const session = `arn:aws:sts::${test.sandbox.accountId}:assumed-role/Trusted/session`;
    const others = arn('role/anyone', '111122223333');
    const AWS = [Role?.Arn, arn('user/sandbox'), arn('root'), session, others, '111122223333'];
    await createRole('Trusting', of({ AWS }));
    const { AssumeRolePolicyDocument: PolicyDocument } = of({ AWS: '*' });
    const change = { RoleName: 'Trusting', PolicyDocument };
    await iam.send(new UpdateAssumeRolePolicyCommand(change));
  });

  it.each(['role/Nobody', 'role/*', 'role/Trusted', 'user/nobody', 'user/*'])(
    'are not %s',
    async entity => {
      const refused = await failure(createRole('Refused', of({ AWS: arn(entity) })));
      expect(refused).toMatchObject({ name: 'MalformedPolicyDocumentException', status: 400 });
      expect(refused.message).toBe(`Invalid principal in policy: "AWS":"${arn(entity)}"`);
    },
  );

  it.each([{}, { AWS: [] }, { Service: [], AWS: [] }])('are not nobody: %o', async nobody => {
    expect(await failure(createRole('Refused', of(nobody)))).toMatchObject({
      name: 'MalformedPolicyDocumentException',
      message: 'Missing required field Principal cannot be empty!',
    });
  });
});

it('a path that lists begin with begins with a slash', async () => {
  for (const PathPrefix of ['x', '', '/a b', `/${'x'.repeat(512)}`]) {
    const refused = { name: 'ValidationError', status: 400 };
    expect(await failure(iam.send(new ListRolesCommand({ PathPrefix })))).toMatchObject(refused);
  }
  await iam.send(new ListRolesCommand({ PathPrefix: '/batch' }));
});

describe('inline policies', () => {
  const RoleName = 'WithPolicies';
  const tag = policy({ Effect: 'Allow', Action: 's3:PutObjectTagging', Resource: '*' });
  const put = (PolicyName: string, PolicyDocument: string) =>
    iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }));
  beforeAll(() => createRole(RoleName));

  it('are put, read, listed and deleted; a role that has one can not be deleted', async () => {
    await put('tag', tag);
    await put('deny', policy({ Effect: 'Deny', Action: 's3:*', Resource: '*' }));
    const { PolicyNames } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
    expect(PolicyNames).toEqual(['deny', 'tag']);
    const read = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'tag' }));
    expect(decodeURIComponent(read.PolicyDocument!)).toBe(tag);
    const attached = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
    expect(attached.AttachedPolicies).toEqual([]);
    expect(await failure(iam.send(new DeleteRoleCommand({ RoleName })))).toMatchObject({
      name: 'DeleteConflictException',
      status: 409,
    });
    await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'deny' }));
    const again = iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'deny' }));
    expect(await failure(again)).toMatchObject({ name: 'NoSuchEntityException', status: 404 });
  });

  // IAM user guide, "Grammar of the IAM JSON policy language", and IAM's own sentences.
  it.each<[string, object, RegExp]>([
    ['another version', { Version: '2012-10-18' }, /must contain a valid version string/],
    ['a resource that is no ARN', { Resource: 'photos/*' }, /must be in ARN format or "\*"/],
    ['a resource without its parts', { Resource: 'arn:aws:s3' }, /must be in ARN format or "\*"/],
    ['any service', { Resource: 'arn:aws:*:::a' }, /^Resource vendor must be fully qualified/],
    ['another partition', { Resource: 'arn:moon:s3:::a' }, /^Partition "moon" is not valid/],
    ['an action of no service', { Action: 'PutObject' }, /prefaced by a vendor/],
    [
      'a key of no service',
      { Condition: { StringEquals: { prefix: 'a' } } },
      /prefaced by a vendor/,
    ],
    ['a principal', { Principal: '*' }, /should not specify a principal/],
  ])('with %s are refused', async (_what, changes, message) => {
    const { Version = '2012-10-17', ...more } = changes as { Version?: string };
    const Statement = [{ Effect: 'Allow', Action: 's3:*', Resource: '*', ...more }];
    const refused = await failure(put('refused', JSON.stringify({ Version, Statement })));
    expect(refused).toMatchObject({ name: 'MalformedPolicyDocumentException', status: 400 });
    expect(refused.message).toMatch(message);
  });

  it('may ask for an empty value, and name no variables before version 2012-10-17', async () => {
    const RoleName = 'OldWords';
    const { Role } = await createRole(RoleName);
    const Statement = [
      {
        ...{ Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::a' },
        Condition: { StringEquals: { 's3:prefix': ['', 'home/'] } },
      },
      { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::a/${aws:PrincipalArn}' },
    ];
    const decide = async (Version: string) => {
      const PolicyDocument = JSON.stringify({ Version, Statement });
      await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'p', PolicyDocument }));
      const ask = async (action: string, resource: string) => {
        const { EvaluationResults } = await iam.send(
          new SimulatePrincipalPolicyCommand({
            PolicySourceArn: Role?.Arn,
            ActionNames: [action],
            ResourceArns: [resource],
            ContextEntries: [
              { ContextKeyName: 's3:prefix', ContextKeyValues: [''], ContextKeyType: 'string' },
            ],
          }),
        );
        return EvaluationResults?.[0]?.EvalDecision;
      };
      return [
        await ask('s3:ListBucket', 'arn:aws:s3:::a'),
        await ask('s3:GetObject', `arn:aws:s3:::a/${Role?.Arn}`),
        await ask('s3:GetObject', 'arn:aws:s3:::a/${aws:PrincipalArn}'),
      ];
    };
    expect(await decide('2012-10-17')).toEqual(['allowed', 'allowed', 'implicitDeny']);
    expect(await decide('2008-10-17')).toEqual(['allowed', 'implicitDeny', 'allowed']);
  });

  it('are refused when they could not be enforced as written', async () => {
    const unknown = policy({
      Effect: 'Allow',
      Action: 's3:*',
      Resource: '*',
      Condition: { StringIs: { a: 'b' } },
    });
    expect(await failure(put('p', unknown))).toMatchObject({
      name: 'MalformedPolicyDocumentException',
      status: 400,
    });
    const big = policy({
      Effect: 'Allow',
      Action: 's3:*',
      Resource: `arn:aws:s3:::${'x'.repeat(10_240)}`,
    });
    expect(await failure(put('p', big))).toMatchObject({ name: 'LimitExceededException' });
  });
});

describe('SimulatePrincipalPolicy', () => {
  const RoleName = 'Simulated';
  let PolicySourceArn: string;
  beforeAll(async () => {
    const { Role } = await createRole(RoleName);
    PolicySourceArn = Role!.Arn!;
    const PolicyDocument = policy(
      {
        Effect: 'Allow',
        Action: ['s3:PutObjectTagging', 's3:GetObject'],
        Resource: 'arn:aws:s3:::a/*',
      },
      { Effect: 'Deny', Action: 's3:GetObject', Resource: 'arn:aws:s3:::a/secret' },
      {
        Effect: 'Allow',
        Action: 's3:ListBucket',
        Resource: 'arn:aws:s3:::a',
        Condition: { StringLike: { 's3:prefix': 'home/*' } },
      },
    );
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'p', PolicyDocument }));
  });

  it('decides per resource, under the template of the ARN', async () => {
    const { EvaluationResults: [result] = [] } = await iam.send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn,
        ActionNames: ['s3:GetObject'],
        ResourceArns: ['arn:aws:s3:::a/x', 'arn:aws:s3:::a/secret', 'arn:aws:s3:::b/x'],
      }),
    );
    expect(result).toMatchObject({
      EvalActionName: 's3:GetObject',
      EvalResourceName: 'arn:${Partition}:s3:::${BucketName}/${KeyName}',
      EvalDecision: 'explicitDeny',
    });
    expect(
      result?.ResourceSpecificResults?.map(each => [
        each.EvalResourceName,
        each.EvalResourceDecision,
        each.MatchedStatements?.length,
      ]),
    ).toEqual([
      ['arn:aws:s3:::a/x', 'allowed', 1],
      ['arn:aws:s3:::a/secret', 'explicitDeny', 1],
      ['arn:aws:s3:::b/x', 'implicitDeny', 0],
    ]);
  });

  it('asks for the context that it lacks', async () => {
    const ask = {
      PolicySourceArn,
      ActionNames: ['s3:ListBucket'],
      ResourceArns: ['arn:aws:s3:::a'],
    };
    const without = await iam.send(new SimulatePrincipalPolicyCommand(ask));
    expect(without.EvaluationResults?.[0]).toMatchObject({
      EvalDecision: 'implicitDeny',
      MissingContextValues: ['s3:prefix'],
    });
    const ContextEntries = [
      {
        ContextKeyName: 's3:prefix',
        ContextKeyValues: ['home/x'],
        ContextKeyType: 'string' as const,
      },
    ];
    const given = await iam.send(new SimulatePrincipalPolicyCommand({ ...ask, ContextEntries }));
    expect(given.EvaluationResults?.[0]?.EvalDecision).toBe('allowed');
  });

  it('is paged', async () => {
    const ActionNames = ['s3:PutObjectTagging', 's3:PutObject', 's3:GetObject'];
    const pages = paginateSimulatePrincipalPolicy(
      { client: iam, pageSize: 2 },
      { PolicySourceArn, ActionNames, ResourceArns: ['arn:aws:s3:::a/x'] },
    );
    const decisions: (string | undefined)[] = [];
    for await (const page of pages) {
      decisions.push(...(page.EvaluationResults ?? []).map(result => result.EvalDecision));
    }
    expect(decisions).toEqual(['allowed', 'implicitDeny', 'allowed']);
  });

  it.each([
    { ResourceOwner: 'arn:aws:iam::123456789012:root' },
    { CallerArn: 'x' },
    { PermissionsBoundaryPolicyInputList: ['{}'] },
    { PolicyExclusionList: [{ PolicyArn: 'arn:aws:iam::123456789012:policy/p' }] },
  ])('says that it does not weigh %o', async more => {
    const ask = { PolicySourceArn, ActionNames: ['s3:GetObject'], ...more };
    expect(await failure(iam.send(new SimulatePrincipalPolicyCommand(ask)))).toMatchObject({
      name: 'NotImplemented',
      status: 501,
    });
  });

  it('does not know a role that is not there', async () => {
    const other = PolicySourceArn.replace('Simulated', 'Nobody');
    const call = new SimulatePrincipalPolicyCommand({
      PolicySourceArn: other,
      ActionNames: ['s3:GetObject'],
    });
    expect(await failure(iam.send(call))).toMatchObject({ name: 'NoSuchEntityException' });
  });
});

it('has one user, who may do everything', async () => {
  const { User } = await iam.send(new GetUserCommand({}));
  expect(User).toMatchObject({ UserName: 'sandbox' });
  const { EvaluationResults } = await iam.send(
    new SimulatePrincipalPolicyCommand({
      PolicySourceArn: User!.Arn,
      ActionNames: ['s3:PutObject'],
    }),
  );
  expect(EvaluationResults?.[0]?.EvalDecision).toBe('allowed');
});

it('says what it has not', async () => {
  expect(await failure(iam.send(new ListUsersCommand({})))).toMatchObject({
    name: 'NotImplemented',
    status: 501,
    message: expect.stringContaining('ListUsers') as string,
  });
});
