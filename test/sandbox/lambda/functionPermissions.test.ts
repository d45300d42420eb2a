import {
  AddPermissionCommand,
  CreateFunctionCommand,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetPolicyCommand,
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
  ListTagsCommand,
  RemovePermissionCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-lambda';
import { STSClient, AssumeRoleCommand } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeClock } from '../../../src/sandbox/clock.ts';
import { failure } from '../testSandbox.ts';
import { ARN, lambdaClient, makeRole, ROLE, startLambdaWorld } from './lambdaWorld.ts';
import type { LambdaWorld } from './lambdaWorld.ts';

const clock = new FakeClock();
let world: LambdaWorld;
beforeAll(async () => {
  world = await startLambdaWorld({ clock });
});
afterAll(() => world.close());

beforeAll(async () => {
  await world.create('first', 'exports.handler = async () => 1;');
  await world.create('other', 'exports.handler = async () => 1;');
});

describe('The resource policy', () => {
  const FunctionName = 'first';
  const permission = {
    FunctionName,
    StatementId: 's3-images',
    Action: 'lambda:InvokeFunction',
    Principal: 's3.amazonaws.com',
    SourceArn: 'arn:aws:s3:::images',
    SourceAccount: '123456789012',
  };
  const statement = {
    Sid: 's3-images',
    Effect: 'Allow',
    Principal: { Service: 's3.amazonaws.com' },
    Action: 'lambda:InvokeFunction',
    Resource: `${ARN}first`,
    Condition: {
      StringEquals: { 'AWS:SourceAccount': '123456789012' },
      ArnLike: { 'AWS:SourceArn': 'arn:aws:s3:::images' },
    },
  };

  it('is made, read and taken apart', async () => {
    expect(await failure(world.send(new GetPolicyCommand({ FunctionName })))).toMatchObject({
      name: 'ResourceNotFoundException',
      status: 404,
    });
    const added = await world.lambda.send(new AddPermissionCommand(permission));
    expect(added.$metadata.httpStatusCode).toBe(201);
    expect(JSON.parse(added.Statement!)).toEqual(statement);
    expect(await failure(world.send(new AddPermissionCommand(permission)))).toMatchObject({
      name: 'ResourceConflictException',
      status: 409,
    });
    const { Policy, RevisionId } = await world.lambda.send(new GetPolicyCommand({ FunctionName }));
    expect(JSON.parse(Policy!)).toEqual({
      Version: '2012-10-17',
      Id: 'default',
      Statement: [statement],
    });
    const { lambda } = world.sandbox.services;
    const sender = {
      service: 's3.amazonaws.com',
      sourceArn: 'arn:aws:s3:::images',
      sourceAccount: '123456789012',
    } as const;
    expect(lambda.maySend(`${ARN}first`, sender)).toBe('allowed');
    expect(lambda.maySend(`${ARN}first`, { ...sender, sourceArn: 'arn:aws:s3:::images2' })).toBe(
      'denied',
    );
    expect(lambda.maySend(`${ARN}first`, { ...sender, sourceAccount: '999999999999' })).toBe(
      'denied',
    );
    expect(lambda.maySend(`${ARN}other`, sender)).toBe('denied');
    expect(lambda.maySend(`${ARN}missing`, sender)).toBe('noFunction');
    expect(
      await failure(
        world.send(
          new RemovePermissionCommand({ FunctionName, StatementId: 's3-images', RevisionId: 'x' }),
        ),
      ),
    ).toMatchObject({ name: 'PreconditionFailedException' });
    await world.lambda.send(
      new RemovePermissionCommand({ FunctionName, StatementId: 's3-images', RevisionId }),
    );
    expect(lambda.maySend(`${ARN}first`, sender)).toBe('denied');
    expect(
      await failure(
        world.send(new RemovePermissionCommand({ FunctionName, StatementId: 's3-images' })),
      ),
    ).toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it.each([
    [{ StatementId: 'no good' }, 'ValidationException', 400],
    [{ Action: 's3:GetObject' }, 'ValidationException', 400],
    [{ Principal: 'nobody' }, 'InvalidParameterValueException', 400],
    [{ Principal: 'arn:aws:iam::123456789012:role/nobody' }, 'InvalidParameterValueException', 400],
    [{ Principal: 'arn:aws:iam::111122223333:user/*' }, 'InvalidParameterValueException', 400],
    [{ SourceAccount: '12' }, 'ValidationException', 400],
    [{ Qualifier: '$LATEST' }, 'InvalidParameterValueException', 400],
    [{ FunctionUrlAuthType: 'NONE' as const }, 'NotImplemented', 501],
  ])('takes no %j', async (changes, name, status) => {
    expect(
      await failure(world.send(new AddPermissionCommand({ ...permission, ...changes }))),
    ).toMatchObject({
      name,
      status,
    });
  });
});

/** A client that has assumed a new role. */
async function roleClient(name: string, ...statements: readonly object[]): Promise<LambdaClient> {
  const trust = `arn:aws:iam::${world.sandbox.accountId}:root`;
  await makeRole(world.sandbox, statements, name);
  const { iam } = world.sandbox.services;
  const role = iam.find(name)!;
  iam.save({
    ...role,
    trustPolicy: role.trustPolicy.replace('"Service":"lambda.amazonaws.com"', `"AWS":"${trust}"`),
  });
  const { endpoint, region, accessKeyId, secretAccessKey } = world.sandbox;
  const sts = new STSClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({ RoleArn: role.arn, RoleSessionName: 'session' }),
  );
  return new LambdaClient({
    endpoint,
    region,
    maxAttempts: 1,
    credentials: {
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretAccessKey!,
      sessionToken: Credentials!.SessionToken!,
    },
  });
}

describe('Permissions', () => {
  // Service Authorization Reference, "Actions, resources, and condition keys for AWS Lambda"
  it('may depend on the tags of the function and of the request, and on whom it lets in', async () => {
    const deny = (Action: string, Condition: object) => ({
      ...{ Effect: 'Deny', Action, Resource: '*' },
      Condition,
    });
    const secret = { 'aws:ResourceTag/secret': 'yes' };
    const client = await roleClient(
      'tagged',
      { Effect: 'Allow', Action: ['lambda:*', 'iam:PassRole'], Resource: '*' },
      deny('lambda:*', { StringEquals: secret }),
      deny('lambda:CreateFunction', { StringEquals: { 'aws:RequestTag/team': 'other' } }),
      deny('lambda:*agResource', { 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'team' } }),
      deny('lambda:AddPermission', { StringEquals: { 'lambda:Principal': 's3.amazonaws.com' } }),
    );
    await world.create('secret', 'exports.handler = async () => 1;', { Tags: { secret: 'yes' } });
    const denied = { name: 'AccessDeniedException', status: 403 };
    const FunctionName = 'secret';
    const Resource = `${ARN}other`;
    const calls = [
      () => client.send(new InvokeCommand({ FunctionName })),
      () => client.send(new GetPolicyCommand({ FunctionName })),
      () => client.send(new GetFunctionConcurrencyCommand({ FunctionName })),
      () => client.send(new ListTagsCommand({ Resource: `${ARN}secret` })),
      () =>
        client.send(new CreateFunctionCommand({ ...world.input('new'), Tags: { team: 'other' } })),
      () => client.send(new TagResourceCommand({ Resource, Tags: { team: 'x' } })),
      () => client.send(new UntagResourceCommand({ Resource, TagKeys: ['team'] })),
      () =>
        client.send(
          new AddPermissionCommand({
            ...{ FunctionName: 'other', StatementId: 'open', Action: 'lambda:InvokeFunction' },
            Principal: 's3.amazonaws.com',
          }),
        ),
    ];
    for (const call of calls) expect(await failure(call())).toMatchObject(denied);
    await client.send(new TagResourceCommand({ Resource, Tags: { color: 'x' } }));
    client.destroy();
  });

  it('are asked of roles: the operation, and iam:PassRole', async () => {
    const client = await roleClient(
      'reader',
      { Effect: 'Allow', Action: 'lambda:Get*', Resource: `${ARN}first` },
      { Effect: 'Allow', Action: 'lambda:CreateFunction', Resource: '*' },
    );
    expect(
      (await client.send(new GetFunctionCommand({ FunctionName: 'first' }))).Configuration,
    ).toBeDefined();
    expect(await failure(client.send(new InvokeCommand({ FunctionName: 'first' })))).toMatchObject({
      name: 'AccessDeniedException',
      status: 403,
      message: `User: arn:aws:sts::123456789012:assumed-role/reader/session is not authorized to perform: lambda:InvokeFunction on resource: ${ARN}first because no identity-based policy allows the lambda:InvokeFunction action`,
    });
    expect(
      await failure(client.send(new CreateFunctionCommand(world.input('passed')))),
    ).toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(`iam:PassRole on resource: ${ROLE}`) as string,
    });
    expect(await failure(client.send(new ListFunctionsCommand({})))).toMatchObject({
      name: 'AccessDeniedException',
    });
  });

  it('need a signature that is right', async () => {
    const wrong = lambdaClient({ ...world.sandbox, secretAccessKey: 'wrong' });
    expect(await failure(wrong.send(new ListFunctionsCommand({})))).toMatchObject({
      name: 'InvalidSignatureException',
      status: 403,
    });
    const unknown = lambdaClient({ ...world.sandbox, accessKeyId: 'AKIANOBODY' });
    expect(await failure(unknown.send(new ListFunctionsCommand({})))).toMatchObject({
      name: 'UnrecognizedClientException',
      status: 403,
    });
  });
});
