import { queryCall, type Scenario, type World } from '../scenario.ts';
import type { Request } from '../wire.ts';

const iam = (action: string, input: Record<string, string> = {}): Request =>
  queryCall('iam', '2010-05-08', action, input);
const sts = (action: string, input: Record<string, string> = {}): Request =>
  queryCall('sts', '2011-06-15', action, input);

const TRUST = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ],
};

/** One role and its policies, which allow nothing. */
export const IAM: Scenario = {
  name: 'iam',
  async run(world) {
    const { probe, names } = world;
    const RoleName = names.otherRoles[1]!;
    const missing = { RoleName: `missing-${names.suffix}` };
    for (const action of [
      'GetRole',
      'DeleteRole',
      'ListRolePolicies',
      'ListAttachedRolePolicies',
      'ListRoleTags',
    ]) {
      await probe(`${action} of a missing role`, iam(action, missing));
    }
    await probe(
      'GetRolePolicy of a missing role',
      iam('GetRolePolicy', { ...missing, PolicyName: 'p' }),
    );
    await refusedRoles(world);
    const tags = {
      'Tags.member.1.Key': 'bucket-brigade:lab',
      'Tags.member.1.Value': names.suffix,
      'Tags.member.2.Key': 'bucket-brigade:lab-region',
      'Tags.member.2.Value': names.region,
    };
    const create = { RoleName, AssumeRolePolicyDocument: JSON.stringify(TRUST), ...tags };
    await probe('create', iam('CreateRole', create));
    await probe('create again', iam('CreateRole', create));
    await probe(
      'create in another case',
      iam('CreateRole', { ...create, RoleName: RoleName.toUpperCase() }),
    );
    await probe('get', iam('GetRole', { RoleName }), ({ status }) => status === 200);
    await probe('tags', iam('ListRoleTags', { RoleName }));
    await probe(
      'tag by AWS',
      iam('TagRole', { RoleName, 'Tags.member.1.Key': 'aws:a', 'Tags.member.1.Value': '1' }),
    );
    await probe(
      'untag what is not there',
      iam('UntagRole', { RoleName, 'TagKeys.member.1': 'none' }),
    );
    await policies(world, RoleName);
    await probe('delete', iam('DeleteRole', { RoleName }));
    await probe(
      'get what is deleted',
      iam('GetRole', { RoleName }),
      ({ status }) => status === 404,
    );
    await probe('delete again', iam('DeleteRole', { RoleName }));
    await probe('no such action', iam('FlyRole'));
    await probe('another version', queryCall('iam', '1999-01-01', 'GetRole', { RoleName }));
    await probe(
      'get a missing policy',
      iam('GetPolicy', {
        PolicyArn: `arn:${world.partition}:iam::${world.accountId}:policy/missing-${names.suffix}`,
      }),
    );
    await probe('get no ARN', iam('GetPolicy', { PolicyArn: 'policy' }));
    await probe(
      "get a policy of AWS's",
      iam('GetPolicyVersion', {
        ...{
          PolicyArn: `arn:${world.partition}:iam::aws:policy/AmazonS3ReadOnlyAccess`,
          VersionId: 'v0',
        },
      }),
    );
  },
};

async function refusedRoles({ probe, names, partition, accountId }: World): Promise<void> {
  const good = {
    RoleName: `refused-${names.suffix}`,
    AssumeRolePolicyDocument: JSON.stringify(TRUST),
  };
  const trust = (statement: object): string =>
    JSON.stringify({ ...TRUST, Statement: [{ ...TRUST.Statement[0], ...statement }] });
  const cases: Record<string, Record<string, string>> = {
    'no name': { RoleName: '' },
    'a bad name': { RoleName: 'a b' },
    'a name of 65': { RoleName: 'r'.repeat(65) },
    'no JSON': { AssumeRolePolicyDocument: 'trust' },
    'an empty document': { AssumeRolePolicyDocument: '{}' },
    'a resource': { AssumeRolePolicyDocument: trust({ Resource: '*' }) },
    'no principal': { AssumeRolePolicyDocument: trust({ Principal: undefined }) },
    'an unknown principal': { AssumeRolePolicyDocument: trust({ Principal: { Person: 'me' } }) },
    'any action': { AssumeRolePolicyDocument: trust({ Action: '*' }) },
    'a role of nobody': {
      AssumeRolePolicyDocument: trust({
        Principal: { AWS: `arn:${partition}:iam::${accountId}:role/missing-${names.suffix}` },
      }),
    },
    'another action': { AssumeRolePolicyDocument: trust({ Action: 's3:GetObject' }) },
    'another effect': { AssumeRolePolicyDocument: trust({ Effect: 'Maybe' }) },
    'a bad path': { Path: 'path' },
    'too few seconds': { MaxSessionDuration: '60' },
    'too many seconds': { MaxSessionDuration: '43201' },
    'a description of 1001': { Description: 'd'.repeat(1001) },
    'one tag twice': {
      ...{ 'Tags.member.1.Key': 'a', 'Tags.member.1.Value': '1' },
      ...{ 'Tags.member.2.Key': 'a', 'Tags.member.2.Value': '2' },
    },
  };
  for (const [name, more] of Object.entries(cases)) {
    await probe(`create: ${name}`, iam('CreateRole', { ...good, ...more }));
  }
}

async function policies({ probe, partition, names }: World, RoleName: string): Promise<void> {
  const statement = { Effect: 'Deny', Action: 's3:GetObjectTorrent', Resource: '*' };
  const policy = (more: object): string =>
    JSON.stringify({ Version: '2012-10-17', Statement: [{ ...statement, ...more }] });
  const cases: Record<string, string> = {
    'one that denies': policy({}),
    'no JSON': 'policy',
    'no statement': '{"Version":"2012-10-17"}',
    'no effect': policy({ Effect: undefined }),
    'no action': policy({ Action: undefined }),
    'an action without a service': policy({ Action: 'Fly' }),
    'no resource': policy({ Resource: undefined }),
    'no ARN': policy({ Resource: 'bucket' }),
    'a principal': policy({ Principal: '*' }),
    'an unknown condition': policy({ Condition: { StringSounds: { 'aws:username': 'a' } } }),
    'an unknown field': policy({ Colour: 'red' }),
    'another version': policy({}).replace('2012-10-17', '2013-10-17'),
  };
  const of = { RoleName, PolicyName: 'compare' };
  await probe('get a missing inline policy', iam('GetRolePolicy', of));
  for (const [name, PolicyDocument] of Object.entries(cases)) {
    await probe(`put policy: ${name}`, iam('PutRolePolicy', { ...of, PolicyDocument }));
  }
  await probe(
    'put policy: a bad name',
    iam('PutRolePolicy', { ...of, PolicyName: 'a b', PolicyDocument: policy({}) }),
  );
  await probe('get policy', iam('GetRolePolicy', of), ({ status }) => status === 200);
  await probe('policies', iam('ListRolePolicies', { RoleName }));
  await probe('policies, none a page', iam('ListRolePolicies', { RoleName, MaxItems: '0' }));
  await probe('delete a role with a policy', iam('DeleteRole', { RoleName }));
  await probe('delete policy', iam('DeleteRolePolicy', of));
  await probe('delete policy again', iam('DeleteRolePolicy', of));
  const PolicyArn = `arn:${partition}:iam::aws:policy/AWSDenyAll`;
  await probe('attach', iam('AttachRolePolicy', { RoleName, PolicyArn }));
  await probe('attached', iam('ListAttachedRolePolicies', { RoleName }));
  await probe(
    'attach a missing one',
    iam('AttachRolePolicy', {
      RoleName,
      PolicyArn: `arn:${partition}:iam::aws:policy/Nothing-${names.suffix}`,
    }),
  );
  await probe('detach', iam('DetachRolePolicy', { RoleName, PolicyArn }));
  await probe('detach again', iam('DetachRolePolicy', { RoleName, PolicyArn }));
}

/** Who one is, and roles that can't be assumed. */
export const STS: Scenario = {
  name: 'sts',
  async run({ probe, partition, accountId, names }) {
    const RoleArn = `arn:${partition}:iam::${accountId}:role/missing-${names.suffix}`;
    const assume = { RoleArn, RoleSessionName: 'compare' };
    await probe('who', sts('GetCallerIdentity'));
    await probe('who, by GET', {
      ...{ service: 'sts', query: { Action: 'GetCallerIdentity', Version: '2011-06-15' } },
    });
    await probe('who, by nobody', { ...sts('GetCallerIdentity'), signing: { by: 'none' } });
    await probe('who, by an unknown key', {
      ...sts('GetCallerIdentity'),
      signing: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x' },
    });
    await probe('who, by another secret', {
      ...sts('GetCallerIdentity'),
      signing: { secretAccessKey: 'x' },
    });
    await probe('assume a missing role', sts('AssumeRole', assume));
    await probe('assume no ARN', sts('AssumeRole', { ...assume, RoleArn: 'role' }));
    await probe('assume without a name', sts('AssumeRole', { RoleArn }));
    await probe('assume by a bad name', sts('AssumeRole', { ...assume, RoleSessionName: 'a b' }));
    await probe('assume for a moment', sts('AssumeRole', { ...assume, DurationSeconds: '60' }));
    await probe('no such action', sts('FlyRole'));
    await probe('no action', sts(''));
  },
};
