import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  GetFunctionCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeClock } from '../../../src/sandbox/clock.ts';
import { failure } from '../testSandbox.ts';
import { ARN, ROLE, startLambdaWorld } from './lambdaWorld.ts';
import type { LambdaWorld } from './lambdaWorld.ts';

const clock = new FakeClock();
let world: LambdaWorld;
beforeAll(async () => {
  world = await startLambdaWorld({ clock });
});
afterAll(() => world.close());

describe('CreateFunction', () => {
  it('answers a Pending function, which is Active a second later', async () => {
    const created = await world.lambda.send(
      new CreateFunctionCommand(world.input('first', { Description: 'ü', Tags: { a: 'b' } })),
    );
    expect(created).toMatchObject({
      $metadata: { httpStatusCode: 201 },
      FunctionName: 'first',
      FunctionArn: `${ARN}first`,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: ROLE,
      CodeSize: world.zip.length,
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
        world.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'first', Timeout: 5 })),
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
    expect(
      await failure(world.send(new CreateFunctionCommand(world.input('first')))),
    ).toMatchObject({
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
    [
      { FunctionName: 'x'.repeat(65) },
      'InvalidParameterValueException',
      400,
      /^1 validation error detected: .*less than or equal to 64$/,
    ],
    [
      { FunctionName: `${ARN}${'x'.repeat(100)}:!` },
      'ValidationException',
      400,
      /^2 validation errors detected: .*less than or equal to 140; .*\(eusc-\)\?/,
    ],
    [
      { FunctionName: ARN.replace('us-east-1', 'eu-west-1') + 'x' },
      'ResourceNotFoundException',
      404,
      /^Functions from 'eu-west-1' are not reachable in this region \('us-east-1'\)$/,
    ],
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
      /'ephemeralStorage\.size' .* greater than or equal to 512/,
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
    [
      { Architectures: ['sparc'] },
      'ValidationException',
      400,
      /Value '\[sparc\]' at 'architectures'/,
    ],
    [
      { Architectures: ['arm64', 'x86_64'] },
      'ValidationException',
      400,
      /'architectures' .* length less than or equal to 1$/,
    ],
    [
      { Environment: { Variables: { AWS_LAMBDA_EXEC_WRAPPER: '/opt/wrapper' } } },
      'NotImplemented',
      501,
      /AWS_LAMBDA_EXEC_WRAPPER/,
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
      /'environment\.variables'/,
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
    [
      { LoggingConfig: { LogFormat: 'XML' } },
      'ValidationException',
      400,
      /'loggingConfig\.logFormat'/,
    ],
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
    const refused = await failure(
      world.send(new CreateFunctionCommand(world.input('refused', changes))),
    );
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
    expect(
      await world.lambda.send(new CreateFunctionCommand(world.input('', neutral))),
    ).toMatchObject({
      FunctionName: 'neutral',
    });
    await world.lambda.send(new DeleteFunctionCommand({ FunctionName: 'neutral' }));
  });
});
