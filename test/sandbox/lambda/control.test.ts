import {
  AddPermissionCommand,
  CreateAliasCommand,
  CreateFunctionCommand,
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  DeleteFunctionEventInvokeConfigCommand,
  GetAccountSettingsCommand,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  GetPolicyCommand,
  InvokeCommand,
  LambdaClient,
  ListFunctionEventInvokeConfigsCommand,
  ListFunctionsCommand,
  ListTagsCommand,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  RemovePermissionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  UpdateFunctionEventInvokeConfigCommand,
} from '@aws-sdk/client-lambda';
import type { CreateFunctionCommandInput } from '@aws-sdk/client-lambda';
import { STSClient, AssumeRoleCommand } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeClock } from '../../../src/sandbox/clock.ts';
import { failure } from '../testSandbox.ts';
import { ROLE, lambdaClient, makeRole, startLambdaWorld, zipOf } from './lambdaWorld.ts';
import type { LambdaWorld } from './lambdaWorld.ts';

const ARN = 'arn:aws:lambda:us-east-1:123456789012:function:';
const clock = new FakeClock();
let world: LambdaWorld;
let ZipFile: Buffer;
beforeAll(async () => {
  world = await startLambdaWorld({ clock });
  ZipFile = await zipOf({ 'index.js': 'exports.handler = async () => 1;' });
});
afterAll(() => world.close());

const input = (FunctionName: string, changes: object = {}): CreateFunctionCommandInput => ({
  FunctionName,
  Runtime: 'nodejs24.x',
  Handler: 'index.handler',
  Role: ROLE,
  Code: { ZipFile },
  ...changes,
});
const send = (command: object): Promise<unknown> => world.lambda.send(command as ListTagsCommand);

describe('CreateFunction', () => {
  it('answers a Pending function, which is Active a second later', async () => {
    const created = await world.lambda.send(
      new CreateFunctionCommand(input('first', { Description: 'ü', Tags: { a: 'b' } })),
    );
    expect(created).toMatchObject({
      $metadata: { httpStatusCode: 201 },
      FunctionName: 'first',
      FunctionArn: `${ARN}first`,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: ROLE,
      CodeSize: ZipFile.length,
      Description: 'ü',
      Timeout: 3,
      MemorySize: 128,
      Version: '$LATEST',
      State: 'Pending',
      StateReasonCode: 'Creating',
      PackageType: 'Zip',
      Architectures: ['x86_64'],
      EphemeralStorage: { Size: 512 },
      LoggingConfig: { LogFormat: 'Text', LogGroup: '/aws/lambda/first' },
    });
    expect(created.CodeSha256).toMatch(/^[A-Za-z0-9+/]{43}=$/);
    expect(created.LastModified).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/);
    expect(await failure(world.invoke('first'))).toMatchObject({
      name: 'ResourceConflictException',
      status: 409,
      message:
        'The operation cannot be performed at this time. The function is currently in the following state: Pending',
    });
    expect(
      await failure(
        send(new UpdateFunctionConfigurationCommand({ FunctionName: 'first', Timeout: 5 })),
      ),
    ).toMatchObject({ name: 'ResourceConflictException' });
    clock.advance(1000);
    expect(
      await world.lambda.send(new GetFunctionCommand({ FunctionName: `${ARN}first` })),
    ).toMatchObject({
      Configuration: { State: 'Active', LastUpdateStatus: 'Successful' },
      Code: { RepositoryType: 'S3' },
      Tags: { a: 'b' },
    });
    expect(await failure(send(new CreateFunctionCommand(input('first'))))).toMatchObject({
      name: 'ResourceConflictException',
      status: 409,
      message: 'Function already exist: first',
    });
  });

  it.each<[object, string, number, RegExp]>([
    [
      { FunctionName: 'bad name' },
      'ValidationException',
      400,
      /at 'functionName' failed to satisfy constraint: Member must satisfy regular/,
    ],
    [{ FunctionName: 'x'.repeat(65) }, 'ValidationException', 400, /less than or equal to 64/],
    [
      { Timeout: 0 },
      'ValidationException',
      400,
      /^1 validation error detected: Value '0' at 'timeout' failed to satisfy constraint: Member must have value greater than or equal to 1$/,
    ],
    [{ Timeout: 901 }, 'ValidationException', 400, /less than or equal to 900/],
    [
      { MemorySize: 127, Timeout: 0 },
      'ValidationException',
      400,
      /^2 validation errors detected: .*; /,
    ],
    [{ MemorySize: 10_241 }, 'ValidationException', 400, /less than or equal to 10240/],
    [
      { EphemeralStorage: { Size: 100 } },
      'ValidationException',
      400,
      /greater than or equal to 512/,
    ],
    [{ Description: 'x'.repeat(257) }, 'ValidationException', 400, /'description'/],
    [{ Handler: 'no handler' }, 'ValidationException', 400, /'handler'/],
    [
      { Handler: undefined },
      'InvalidParameterValueException',
      400,
      /Runtime and Handler are mandatory/,
    ],
    [
      { Runtime: undefined },
      'InvalidParameterValueException',
      400,
      /Runtime and Handler are mandatory/,
    ],
    [
      { Runtime: 'nodejs99.x' },
      'InvalidParameterValueException',
      400,
      /at 'runtime' failed to satisfy constraint/,
    ],
    [
      { Runtime: 'nodejs16.x' },
      'InvalidParameterValueException',
      400,
      /nodejs16.x is no longer supported/,
    ],
    [{ Runtime: 'python3.13' }, 'NotImplemented', 501, /python3.13/],
    [{ Architectures: ['sparc'] }, 'InvalidParameterValueException', 400, /architectures/],
    [
      { Architectures: ['arm64', 'x86_64'] },
      'InvalidParameterValueException',
      400,
      /architectures/,
    ],
    [{ Role: 'role' }, 'ValidationException', 400, /'role'/],
    [
      { Role: 'arn:aws:iam::999999999999:role/function' },
      'AccessDeniedException',
      403,
      /Cross-account pass role is not allowed/,
    ],
    [
      { Role: 'arn:aws:iam::123456789012:role/missing' },
      'InvalidParameterValueException',
      400,
      /^The role defined for the function cannot be assumed by Lambda.$/,
    ],
    [
      { Environment: { Variables: { AWS_REGION: 'x' } } },
      'InvalidParameterValueException',
      400,
      /Reserved keys used in this request: AWS_REGION$/,
    ],
    [
      { Environment: { Variables: { '1x': 'x' } } },
      'ValidationException',
      400,
      /environment.Variables/,
    ],
    [
      { Environment: { Variables: { LONG: 'x'.repeat(4096) } } },
      'InvalidParameterValueException',
      400,
      /exceeded the 4KB limit/,
    ],
    [
      { LoggingConfig: { LogFormat: 'Text', ApplicationLogLevel: 'INFO' } },
      'InvalidParameterValueException',
      400,
      /LogFormat/,
    ],
    [{ LoggingConfig: { LogFormat: 'XML' } }, 'ValidationException', 400, /logFormat/],
    [{ Tags: { 'aws:x': 'y' } }, 'InvalidParameterValueException', 400, /reserved/],
    [{ Publish: true }, 'NotImplemented', 501, /Publish/],
    [{ VpcConfig: { SubnetIds: ['subnet-1'] } }, 'NotImplemented', 501, /VpcConfig/],
    [{ Layers: ['arn:aws:lambda:us-east-1:1:layer:x:1'] }, 'NotImplemented', 501, /Layers/],
    [
      { DeadLetterConfig: { TargetArn: 'arn:aws:sqs:us-east-1:1:q' } },
      'NotImplemented',
      501,
      /DeadLetterConfig/,
    ],
    [{ TracingConfig: { Mode: 'Active' } }, 'NotImplemented', 501, /TracingConfig/],
    [{ PackageType: 'Image', Code: { ImageUri: 'x' } }, 'NotImplemented', 501, /PackageType/],
  ])('%#: is not made of what breaks a rule', async (changes, name, status, message) => {
    const refused = await failure(send(new CreateFunctionCommand(input('refused', changes))));
    expect(refused).toMatchObject({ name, status });
    expect(refused.message).toMatch(message);
  });

  it('takes what asks for nothing', async () => {
    const neutral = {
      Publish: false,
      VpcConfig: { SubnetIds: [], SecurityGroupIds: [] },
      Layers: [],
      TracingConfig: { Mode: 'PassThrough' },
      SnapStart: { ApplyOn: 'None' },
      DeadLetterConfig: {},
      PackageType: 'Zip',
      FunctionName: `${ARN}neutral`,
    };
    expect(await world.lambda.send(new CreateFunctionCommand(input('', neutral)))).toMatchObject({
      FunctionName: 'neutral',
    });
    await world.lambda.send(new DeleteFunctionCommand({ FunctionName: 'neutral' }));
  });
});

describe('Changing a function', () => {
  it('updates its configuration and its code in order', async () => {
    await world.create('changed', 'exports.handler = async () => process.env.AB;');
    expect((await world.invoke('changed')).payload).toBeNull();
    const FunctionName = 'changed';
    const updated = await world.lambda.send(
      new UpdateFunctionConfigurationCommand({
        FunctionName,
        Environment: { Variables: { AB: 'one' } },
        MemorySize: 200,
      }),
    );
    expect(updated).toMatchObject({
      State: 'Active',
      LastUpdateStatus: 'InProgress',
      MemorySize: 200,
      Timeout: 10,
    });
    expect(
      await failure(send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile }))),
    ).toMatchObject({
      name: 'ResourceConflictException',
      status: 409,
      message: `The operation cannot be performed at this time. An update is in progress for resource: ${ARN}changed`,
    });
    // What is there already answers in the meantime.
    expect((await world.invoke('changed')).payload).toBe('one');
    clock.advance(1000);
    const { RevisionId } = await world.lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName }),
    );
    expect(
      await failure(
        send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile, RevisionId: 'other' })),
      ),
    ).toMatchObject({ name: 'PreconditionFailedException', status: 412 });
    await world.lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile, RevisionId }));
    expect((await world.invoke('changed')).payload).toBe(1);
    clock.advance(1000);
    const dry = await world.lambda.send(
      new UpdateFunctionCodeCommand({
        FunctionName,
        ZipFile: await zipOf({ a: 'b' }),
        DryRun: true,
      }),
    );
    const now = await world.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    expect(dry.CodeSha256).not.toBe(now.CodeSha256);
    expect(now.LastUpdateStatus).toBe('Successful');
  });

  it('lists functions by pages, and versions', async () => {
    for (const name of ['list-a', 'list-b', 'list-c']) await world.create(name, '');
    const names: (string | undefined)[] = [];
    let Marker: string | undefined;
    do {
      const page = await world.lambda.send(new ListFunctionsCommand({ MaxItems: 2, Marker }));
      expect(page.Functions!.length).toBeLessThanOrEqual(2);
      names.push(...page.Functions!.map(one => one.FunctionName));
      Marker = page.NextMarker;
    } while (Marker !== undefined);
    expect(names).toEqual(['changed', 'first', 'list-a', 'list-b', 'list-c']);
    const versions = await world.lambda.send(
      new ListVersionsByFunctionCommand({ FunctionName: 'first' }),
    );
    expect(versions.Versions).toMatchObject([
      { Version: '$LATEST', FunctionArn: `${ARN}first:$LATEST` },
    ]);
  });

  it('deletes a function with all that is its', async () => {
    const FunctionName = 'list-a';
    await world.lambda.send(
      new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 5 }),
    );
    expect(await world.lambda.send(new DeleteFunctionCommand({ FunctionName }))).toMatchObject({
      $metadata: { httpStatusCode: 204 },
    });
    for (const command of [
      new GetFunctionCommand({ FunctionName }),
      new DeleteFunctionCommand({ FunctionName }),
      new GetPolicyCommand({ FunctionName }),
    ]) {
      expect(await failure(send(command))).toMatchObject({
        name: 'ResourceNotFoundException',
        status: 404,
        message: `Function not found: ${ARN}list-a`,
      });
    }
    await world.create(FunctionName, '');
    const { ReservedConcurrentExecutions } = await world.lambda.send(
      new GetFunctionConcurrencyCommand({ FunctionName }),
    );
    expect(ReservedConcurrentExecutions).toBeUndefined();
  });
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
    expect(await failure(send(new GetPolicyCommand({ FunctionName })))).toMatchObject({
      name: 'ResourceNotFoundException',
      status: 404,
    });
    const added = await world.lambda.send(new AddPermissionCommand(permission));
    expect(added.$metadata.httpStatusCode).toBe(201);
    expect(JSON.parse(added.Statement!)).toEqual(statement);
    expect(await failure(send(new AddPermissionCommand(permission)))).toMatchObject({
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
    expect(lambda.maySend(`${ARN}changed`, sender)).toBe('denied');
    expect(lambda.maySend(`${ARN}missing`, sender)).toBe('noFunction');
    expect(
      await failure(
        send(
          new RemovePermissionCommand({ FunctionName, StatementId: 's3-images', RevisionId: 'x' }),
        ),
      ),
    ).toMatchObject({ name: 'PreconditionFailedException' });
    await world.lambda.send(
      new RemovePermissionCommand({ FunctionName, StatementId: 's3-images', RevisionId }),
    );
    expect(lambda.maySend(`${ARN}first`, sender)).toBe('denied');
    expect(
      await failure(send(new RemovePermissionCommand({ FunctionName, StatementId: 's3-images' }))),
    ).toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it.each([
    [{ StatementId: 'no good' }, 'ValidationException', 400],
    [{ Action: 's3:GetObject' }, 'ValidationException', 400],
    [{ Principal: 'nobody' }, 'InvalidParameterValueException', 400],
    [{ SourceAccount: '12' }, 'ValidationException', 400],
    [{ Qualifier: '$LATEST' }, 'InvalidParameterValueException', 400],
    [{ FunctionUrlAuthType: 'NONE' as const }, 'NotImplemented', 501],
  ])('takes no %j', async (changes, name, status) => {
    expect(
      await failure(send(new AddPermissionCommand({ ...permission, ...changes }))),
    ).toMatchObject({
      name,
      status,
    });
  });
});

describe('Settings beside the function', () => {
  const FunctionName = 'first';

  it('holds the configuration of asynchronous invocations', async () => {
    const get = () => world.lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName }));
    expect(await failure(get())).toMatchObject({ name: 'ResourceNotFoundException', status: 404 });
    await world.lambda.send(
      new PutFunctionEventInvokeConfigCommand({
        FunctionName,
        MaximumRetryAttempts: 1,
        MaximumEventAgeInSeconds: 60,
      }),
    );
    await world.lambda.send(
      new UpdateFunctionEventInvokeConfigCommand({ FunctionName, MaximumEventAgeInSeconds: 120 }),
    );
    expect(await get()).toMatchObject({
      FunctionArn: `${ARN}first:$LATEST`,
      MaximumRetryAttempts: 1,
      MaximumEventAgeInSeconds: 120,
      LastModified: clock.now(),
    });
    await world.lambda.send(
      new PutFunctionEventInvokeConfigCommand({ FunctionName, MaximumRetryAttempts: 0 }),
    );
    expect((await get()).MaximumEventAgeInSeconds).toBeUndefined();
    const list = await world.lambda.send(
      new ListFunctionEventInvokeConfigsCommand({ FunctionName }),
    );
    expect(list.FunctionEventInvokeConfigs).toHaveLength(1);
    expect(
      await failure(
        send(new PutFunctionEventInvokeConfigCommand({ FunctionName, MaximumRetryAttempts: 3 })),
      ),
    ).toMatchObject({ name: 'ValidationException', status: 400 });
    const DestinationConfig = {
      OnFailure: { Destination: 'arn:aws:sqs:us-east-1:123456789012:q' },
    };
    expect(
      await failure(
        send(new PutFunctionEventInvokeConfigCommand({ FunctionName, DestinationConfig })),
      ),
    ).toMatchObject({ name: 'NotImplemented', status: 501 });
    await world.lambda.send(new DeleteFunctionEventInvokeConfigCommand({ FunctionName }));
    expect(await failure(get())).toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('reserves concurrency, not all of it', async () => {
    const reserve = (ReservedConcurrentExecutions: number) =>
      send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions }));
    await reserve(10);
    expect(
      await world.lambda.send(new GetFunctionConcurrencyCommand({ FunctionName })),
    ).toMatchObject({
      ReservedConcurrentExecutions: 10,
    });
    expect(await world.lambda.send(new GetFunctionCommand({ FunctionName }))).toMatchObject({
      Concurrency: { ReservedConcurrentExecutions: 10 },
    });
    expect(await failure(reserve(901))).toMatchObject({
      name: 'InvalidParameterValueException',
      message: expect.stringContaining('below its minimum value of [100]') as string,
    });
    const settings = await world.lambda.send(new GetAccountSettingsCommand({}));
    expect(settings).toMatchObject({
      AccountLimit: { ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: 990 },
    });
    await world.lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
  });

  it('tags functions', async () => {
    const Resource = `${ARN}first`;
    await world.lambda.send(
      new TagResourceCommand({ Resource, Tags: { 'bucket-brigade:deployment': 'images', x: '' } }),
    );
    await world.lambda.send(new UntagResourceCommand({ Resource, TagKeys: ['a', 'x'] }));
    expect((await world.lambda.send(new ListTagsCommand({ Resource }))).Tags).toEqual({
      'bucket-brigade:deployment': 'images',
    });
    expect(await failure(send(new ListTagsCommand({ Resource: `${ARN}missing` })))).toMatchObject({
      name: 'ResourceNotFoundException',
    });
    const Tags = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`k${index}`, 'v']));
    expect(await failure(send(new TagResourceCommand({ Resource, Tags })))).toMatchObject({
      name: 'InvalidParameterValueException',
    });
  });

  it.each([
    [new PublishVersionCommand({ FunctionName }), 'PublishVersion'],
    [new CreateAliasCommand({ FunctionName, Name: 'a', FunctionVersion: '1' }), 'CreateAlias'],
  ])('names what it does not do: %#', async (command, name) => {
    const refused = await failure(world.lambda.send(command as PublishVersionCommand));
    expect(refused).toMatchObject({ name: 'NotImplemented', status: 501 });
    expect(refused.message).toContain(name);
  });
});

describe('Permissions', () => {
  it('are asked of roles: the operation, and iam:PassRole', async () => {
    const trust = `arn:aws:iam::${world.sandbox.accountId}:root`;
    await makeRole(
      world.sandbox,
      [
        { Effect: 'Allow', Action: 'lambda:Get*', Resource: `${ARN}first` },
        { Effect: 'Allow', Action: 'lambda:CreateFunction', Resource: '*' },
      ],
      'reader',
    );
    const { iam } = world.sandbox.services;
    const role = iam.find('reader')!;
    iam.save({
      ...role,
      trustPolicy: role.trustPolicy.replace('"Service":"lambda.amazonaws.com"', `"AWS":"${trust}"`),
    });
    const { endpoint, region, accessKeyId, secretAccessKey } = world.sandbox;
    const sts = new STSClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({ RoleArn: role.arn, RoleSessionName: 'session' }),
    );
    const client = new LambdaClient({
      endpoint,
      region,
      maxAttempts: 1,
      credentials: {
        accessKeyId: Credentials!.AccessKeyId!,
        secretAccessKey: Credentials!.SecretAccessKey!,
        sessionToken: Credentials!.SessionToken!,
      },
    });
    expect(
      (await client.send(new GetFunctionCommand({ FunctionName: 'first' }))).Configuration,
    ).toBeDefined();
    expect(await failure(client.send(new InvokeCommand({ FunctionName: 'first' })))).toMatchObject({
      name: 'AccessDeniedException',
      status: 403,
      message: `User: arn:aws:sts::123456789012:assumed-role/reader/session is not authorized to perform: lambda:InvokeFunction on resource: ${ARN}first because no identity-based policy allows the lambda:InvokeFunction action`,
    });
    expect(await failure(client.send(new CreateFunctionCommand(input('passed'))))).toMatchObject({
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

describe('Processes', () => {
  it('end when nobody has needed them for some minutes', async () => {
    await world.create('idle', 'exports.handler = async () => process.pid;');
    const { payload: before } = await world.invoke('idle');
    const { lambda } = world.sandbox.services;
    expect(lambda.processes).toBeGreaterThan(0);
    clock.advance(60_000);
    await new Promise(resolve => setTimeout(resolve, 20));
    expect((await world.invoke('idle')).payload).toBe(before);
    for (let minute = 0; minute < 6; minute += 1) {
      clock.advance(60_000);
      await new Promise(resolve => setTimeout(resolve, 20));
    }
    await expect.poll(() => lambda.processes, { timeout: 10_000 }).toBe(0);
    const { payload: after } = await world.invoke('idle');
    expect(after).not.toBe(before);
    await world.lambda.send(new DeleteFunctionCommand({ FunctionName: 'idle' }));
    await expect.poll(() => lambda.processes, { timeout: 10_000 }).toBe(0);
  });
});
