// What LocalStack's recordings of AWS (tests/aws/services/lambda_/test_lambda_api.snapshot.json, 2025 and
// 2026) say of names, revisions, errors and tags.
import {
  AddPermissionCommand,
  CreateFunctionCommand,
  DeleteFunctionCommand,
  DeleteFunctionEventInvokeConfigCommand,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  GetPolicyCommand,
  InvokeCommand,
  ListTagsCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  RemovePermissionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendSigned } from '../signedRequest.ts';
import { failure } from '../testSandbox.ts';
import { ARN, startLambdaWorld } from './lambdaWorld.ts';
import type { LambdaWorld } from './lambdaWorld.ts';

let world: LambdaWorld;
beforeAll(async () => {
  world = await startLambdaWorld();
  await world.create(
    'recorded',
    'exports.handler = async (event, context) => context.invokedFunctionArn;',
  );
});
afterAll(() => world.close());

const NAME =
  '(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?';
const NAMESPACED = `${NAME}([a-zA-Z0-9-_\\.]+)(:(\\$LATEST(\\.PUBLISHED)?|[a-zA-Z0-9-_]+))?`;
const broken = (value: string, member: string, rule: string): string =>
  `Value '${value}' at '${member}' failed to satisfy constraint: Member must ${rule}`;
const pattern = (text: string): string => `satisfy regular expression pattern: ${text}`;
const ELSEWHERE = ARN.replace('us-east-1', 'ap-southeast-1');
const MISMATCH =
  'The derived qualifier from the function name does not match the specified qualifier.';

/** The revision that GetFunctionConfiguration tells. */
async function revision(FunctionName: string): Promise<string> {
  const { RevisionId = '' } = await world.lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName }),
  );
  return RevisionId;
}

describe('The name of a function', () => {
  it.each<[string, object, { name: string; status: number; message: string }]>([
    [
      'has no other characters',
      new GetFunctionCommand({ FunctionName: 'my-function!' }),
      {
        name: 'ValidationException',
        status: 400,
        message: `1 validation error detected: ${broken('my-function!', 'functionName', pattern(NAMESPACED))}`,
      },
    ],
    [
      'is checked after its qualifier, and both are told',
      new GetFunctionCommand({ FunctionName: '*', Qualifier: 'a'.repeat(129) }),
      {
        name: 'ValidationException',
        status: 400,
        message: `2 validation errors detected: ${broken('a'.repeat(129), 'qualifier', 'have length less than or equal to 128')}; ${broken('*', 'functionName', pattern(NAMESPACED))}`,
      },
    ],
    [
      'is not found when it is longer than a name can be',
      new GetFunctionCommand({ FunctionName: 'a'.repeat(65) }),
      {
        name: 'ResourceNotFoundException',
        status: 404,
        message: `Function not found: ${ARN}${'a'.repeat(65)}`,
      },
    ],
    [
      'is not reached in another Region',
      new DeleteFunctionCommand({ FunctionName: `${ELSEWHERE}recorded` }),
      {
        name: 'ResourceNotFoundException',
        status: 404,
        message: "Functions from 'ap-southeast-1' are not reachable in this region ('us-east-1')",
      },
    ],
    [
      'has one qualifier',
      new GetFunctionCommand({ FunctionName: 'recorded:$LATEST', Qualifier: '1' }),
      { name: 'InvalidParameterValueException', status: 400, message: MISMATCH },
    ],
    [
      'means $LATEST to Invoke, which says so',
      new InvokeCommand({ FunctionName: 'missing' }),
      {
        name: 'ResourceNotFoundException',
        status: 404,
        message: `Function not found: ${ARN}missing:$LATEST`,
      },
    ],
    [
      'is not that of $LATEST when it is deleted',
      new DeleteFunctionCommand({ FunctionName: 'recorded', Qualifier: '$LATEST' }),
      {
        name: 'InvalidParameterValueException',
        status: 400,
        message: '$LATEST version cannot be deleted without deleting the function.',
      },
    ],
    [
      'is whole where concurrency is reserved',
      new PutFunctionConcurrencyCommand({
        FunctionName: `${ARN}recorded:$LATEST`,
        ReservedConcurrentExecutions: 1,
      }),
      {
        name: 'InvalidParameterValueException',
        status: 400,
        message:
          'This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. Please specify either a function name or an unqualified function ARN.',
      },
    ],
  ])('%s', async (_, command, expected) => {
    expect(await failure(world.send(command))).toMatchObject(expected);
  });

  it('may be of a version that is not there, which is deleted without a word', async () => {
    await world.lambda.send(
      new DeleteFunctionCommand({ FunctionName: 'recorded', Qualifier: '7' }),
    );
    expect(
      await world.lambda.send(new GetFunctionConcurrencyCommand({ FunctionName: 'recorded' })),
    ).toBeDefined();
  });

  it('is shown and invoked with the qualifier that was named', async () => {
    const FunctionName = 'recorded';
    const named = await world.lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName, Qualifier: '$LATEST' }),
    );
    expect(named.FunctionArn).toBe(`${ARN}recorded:$LATEST`);
    expect((await world.invoke(FunctionName)).payload).toBe(`${ARN}recorded`);
    expect((await world.invoke(FunctionName, {}, { Qualifier: '$LATEST' })).payload).toBe(
      `${ARN}recorded:$LATEST`,
    );
    expect((await world.invoke(`${FunctionName}:$LATEST`)).payload).toBe(`${ARN}recorded:$LATEST`);
  });
});

describe('RevisionId', () => {
  const FunctionName = 'revisions';

  it('changes when a function is made, when it becomes Active, and with each update', async () => {
    const created = await world.lambda.send(new CreateFunctionCommand(world.input(FunctionName)));
    expect(await revision(FunctionName)).toBe(created.RevisionId);
    await settle();
    const active = await revision(FunctionName);
    expect(active).not.toBe(created.RevisionId);
    expect(await revision(FunctionName)).toBe(active);
    const stale = new UpdateFunctionConfigurationCommand({
      FunctionName,
      Timeout: 4,
      RevisionId: created.RevisionId,
    });
    expect(await failure(world.lambda.send(stale))).toMatchObject({
      name: 'PreconditionFailedException',
      status: 412,
    });
    const updated = await world.lambda.send(
      new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 4, RevisionId: active }),
    );
    await settle();
    const done = await revision(FunctionName);
    expect(new Set([created.RevisionId, active, updated.RevisionId, done]).size).toBe(4);
  });

  it('changes with tags and with the policy, of which it is the revision too', async () => {
    const seen = [await revision(FunctionName)];
    const Resource = ARN + FunctionName;
    await world.lambda.send(new TagResourceCommand({ Resource, Tags: { a: 'b' } }));
    seen.push(await revision(FunctionName));
    await world.lambda.send(new UntagResourceCommand({ Resource, TagKeys: ['a'] }));
    seen.push(await revision(FunctionName));
    const permission = {
      FunctionName,
      StatementId: 's3',
      Action: 'lambda:InvokeFunction',
      Principal: 's3.amazonaws.com',
    };
    expect(
      await failure(
        world.lambda.send(new AddPermissionCommand({ ...permission, RevisionId: seen[0] })),
      ),
    ).toMatchObject({ name: 'PreconditionFailedException', message: /Call the GetPolicy API/ });
    await world.lambda.send(new AddPermissionCommand({ ...permission, RevisionId: seen[2] }));
    seen.push(await revision(FunctionName));
    const policy = await world.lambda.send(new GetPolicyCommand({ FunctionName }));
    expect(policy.RevisionId).toBe(seen[3]);
    const remove = { FunctionName, StatementId: 's3', RevisionId: seen[3] };
    await world.lambda.send(new RemovePermissionCommand(remove));
    seen.push(await revision(FunctionName));
    expect(new Set(seen).size).toBe(5);
  });

  /** Lets the second of Pending or InProgress pass. */
  async function settle(): Promise<void> {
    const { functions } = world.sandbox.services.lambda;
    const found = functions.find(FunctionName)!;
    functions.save({ ...found, activeAt: new Date(0), updatedAt: new Date(0) });
    await Promise.resolve();
  }
});

describe('What is not there', () => {
  const permission = {
    StatementId: 's3',
    Action: 'lambda:InvokeFunction',
    Principal: 's3.amazonaws.com',
  };
  const noConfig = (named: string) =>
    `The function ${ARN}${named} doesn't have an EventInvokeConfig`;
  it.each<[object, string]>([
    [new GetFunctionEventInvokeConfigCommand({ FunctionName: 'no' }), noConfig('no:$LATEST')],
    [
      new DeleteFunctionEventInvokeConfigCommand({ FunctionName: 'recorded', Qualifier: '3' }),
      noConfig('recorded:3'),
    ],
    [
      new PutFunctionEventInvokeConfigCommand({ FunctionName: 'no', MaximumRetryAttempts: 1 }),
      "The function doesn't exist.",
    ],
    [new GetPolicyCommand({ FunctionName: 'no' }), 'The resource you requested does not exist.'],
    [
      new AddPermissionCommand({ ...permission, FunctionName: 'recorded', Qualifier: '42' }),
      `Function not found: ${ARN}recorded:42`,
    ],
    [
      new AddPermissionCommand({ ...permission, FunctionName: 'recorded', Qualifier: 'live' }),
      `Cannot find alias arn: ${ARN}recorded:live`,
    ],
    [
      new RemovePermissionCommand({ FunctionName: 'no', StatementId: 's3' }),
      `No policy found for: ${ARN}no`,
    ],
    [
      new RemovePermissionCommand({ FunctionName: 'recorded', StatementId: 's3' }),
      'No policy is associated with the given resource.',
    ],
    [
      new ListTagsCommand({ Resource: ARN.replace('function:', 'capacity-provider:x') }),
      `Capacity provider not found: ${ARN.replace('function:', 'capacity-provider:x')}`,
    ],
  ])('%#: is told in the words of AWS', async (command, message) => {
    expect(await failure(world.send(command))).toMatchObject({
      name: 'ResourceNotFoundException',
      status: 404,
      message,
    });
  });
});

describe('What is wrong', () => {
  it.each<[object, string, string | RegExp]>([
    [
      new PutFunctionEventInvokeConfigCommand({ FunctionName: 'recorded' }),
      'InvalidParameterValueException',
      'You must specify at least one of error handling or destination setting.',
    ],
    [
      new TagResourceCommand({ Resource: `${ARN}recorded`, Tags: {} }),
      'InvalidParameterValueException',
      'An error occurred and the request cannot be processed.',
    ],
    [
      new UntagResourceCommand({ Resource: `${ARN}recorded`, TagKeys: [] }),
      'ValidationException',
      "1 validation error detected: Value null at 'tagKeys' failed to satisfy constraint: Member must not be null",
    ],
    [
      new TagResourceCommand({ Resource: `${ARN}no:live`, Tags: { a: 'b' } }),
      'InvalidParameterValueException',
      'Tags on function aliases and versions are not supported. Please specify a function ARN.',
    ],
    [
      new ListTagsCommand({ Resource: 'arn:aws:something' }),
      'ValidationException',
      /^1 validation error detected: Value 'arn:aws:something' at 'resource' .*\|layer:\(\[a-zA-Z0-9-_\]\+\)\|/,
    ],
  ])('%#: is told in the words of AWS', async (command, name, message) => {
    const refused = await failure(world.send(command));
    expect(refused).toMatchObject({ name, status: 400 });
    expect(refused.message).toMatch(message);
  });
});

describe('Answers', () => {
  const path = '/2015-03-31/functions';

  it('carry a request ID of Lambda', async () => {
    const { headers } = await sendSigned(
      world.sandbox,
      { path: `${path}/` },
      { service: 'lambda' },
    );
    expect(headers['x-amzn-requestid']).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  it.each([
    [`${path}/missing`, { Type: 'User', Message: `Function not found: ${ARN}missing` }],
    [`${path}/recorded%3A1?Qualifier=2`, { Type: 'User', message: MISMATCH }],
    [
      `${path}/recorded?Qualifier=a%21`,
      { message: expect.stringMatching(/^1 validation error/) as string },
    ],
  ])('name an error in one member, with a Type where AWS has one: %s', async (target, body) => {
    const answer = await sendSigned(world.sandbox, { path: target }, { service: 'lambda' });
    expect(JSON.parse(answer.body)).toEqual(body);
  });

  it('show an environment as it was given', async () => {
    const Environment = { Variables: {} };
    const empty = world.input('empty-environment', { Environment });
    expect(await world.lambda.send(new CreateFunctionCommand(empty))).toMatchObject({
      Environment,
    });
    const none = await world.lambda.send(new CreateFunctionCommand(world.input('no-environment')));
    expect(none.Environment).toBeUndefined();
  });
});
