import {
  CreateAliasCommand,
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  DeleteFunctionEventInvokeConfigCommand,
  GetAccountSettingsCommand,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  GetPolicyCommand,
  ListFunctionEventInvokeConfigsCommand,
  ListFunctionsCommand,
  ListTagsCommand,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  UpdateFunctionEventInvokeConfigCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeClock } from '../../../src/sandbox/clock.ts';
import { failure } from '../testSandbox.ts';
import { ARN, startLambdaWorld, zipOf } from './lambdaWorld.ts';
import type { LambdaWorld } from './lambdaWorld.ts';

const clock = new FakeClock();
let world: LambdaWorld;
beforeAll(async () => {
  world = await startLambdaWorld({ clock });
});
afterAll(() => world.close());

beforeAll(() => world.create('first', 'exports.handler = async () => 1;', { Tags: { a: 'b' } }));

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
      await failure(
        world.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: world.zip })),
      ),
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
        world.send(
          new UpdateFunctionCodeCommand({ FunctionName, ZipFile: world.zip, RevisionId: 'other' }),
        ),
      ),
    ).toMatchObject({ name: 'PreconditionFailedException', status: 412 });
    await world.lambda.send(
      new UpdateFunctionCodeCommand({ FunctionName, ZipFile: world.zip, RevisionId }),
    );
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

  it('repeats nothing of environment variables in an error', async () => {
    const Environment = { Variables: { 'odd-name': 'secret' } };
    const change = { FunctionName: 'first', Environment };
    const refused = await failure(
      world.lambda.send(new UpdateFunctionConfigurationCommand(change)),
    );
    expect(refused.message).toBe(
      "1 validation error detected: Value at 'environment.variables' failed to satisfy constraint: " +
        'Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]',
    );
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
    for (const [MaxItems, bound] of [
      [0, 'greater than or equal to 1'],
      [10_001, 'less than or equal to 10000'],
    ] as const) {
      const refused = await failure(world.lambda.send(new ListFunctionsCommand({ MaxItems })));
      expect(refused.message).toMatch(`Member must have value ${bound}`);
    }
    const versions = await world.lambda.send(
      new ListVersionsByFunctionCommand({ FunctionName: 'first' }),
    );
    expect(versions.Versions).toMatchObject([
      { Version: '$LATEST', FunctionArn: `${ARN}first:$LATEST` },
    ]);
  });

  it('takes no marker that it did not give out, and no page of another size', async () => {
    const FunctionName = 'first';
    const { NextMarker } = await world.lambda.send(new ListFunctionsCommand({ MaxItems: 1 }));
    const lists = [
      ...['x', 'first', `${NextMarker}x`].map(Marker => new ListFunctionsCommand({ Marker })),
      new ListVersionsByFunctionCommand({ FunctionName, Marker: NextMarker }),
      new ListFunctionEventInvokeConfigsCommand({ FunctionName, Marker: NextMarker }),
    ];
    for (const list of lists) {
      expect(await failure(world.send(list))).toMatchObject({
        name: 'InvalidParameterValueException',
        status: 400,
      });
    }
    const sizes = [
      new ListVersionsByFunctionCommand({ FunctionName, MaxItems: 0 }),
      new ListFunctionEventInvokeConfigsCommand({ FunctionName, MaxItems: 51 }),
    ];
    for (const list of sizes) {
      expect(await failure(world.send(list))).toMatchObject({ name: 'ValidationException' });
    }
  });

  it('deletes a function with all that is its', async () => {
    const FunctionName = 'list-a';
    await world.lambda.send(
      new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 5 }),
    );
    expect(await world.lambda.send(new DeleteFunctionCommand({ FunctionName }))).toMatchObject({
      $metadata: { httpStatusCode: 204 },
    });
    for (const [command, message] of [
      [new GetFunctionCommand({ FunctionName }), `Function not found: ${ARN}list-a`],
      [new DeleteFunctionCommand({ FunctionName }), `Function not found: ${ARN}list-a`],
      [new GetPolicyCommand({ FunctionName }), 'The resource you requested does not exist.'],
    ] as const) {
      expect(await failure(world.send(command))).toMatchObject({
        name: 'ResourceNotFoundException',
        status: 404,
        message,
      });
    }
    await world.create(FunctionName, '');
    const { ReservedConcurrentExecutions } = await world.lambda.send(
      new GetFunctionConcurrencyCommand({ FunctionName }),
    );
    expect(ReservedConcurrentExecutions).toBeUndefined();
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
        world.send(
          new PutFunctionEventInvokeConfigCommand({ FunctionName, MaximumRetryAttempts: 3 }),
        ),
      ),
    ).toMatchObject({ name: 'ValidationException', status: 400 });
    const DestinationConfig = {
      OnFailure: { Destination: 'arn:aws:sqs:us-east-1:123456789012:q' },
    };
    expect(
      await failure(
        world.send(new PutFunctionEventInvokeConfigCommand({ FunctionName, DestinationConfig })),
      ),
    ).toMatchObject({ name: 'NotImplemented', status: 501 });
    await world.lambda.send(new DeleteFunctionEventInvokeConfigCommand({ FunctionName }));
    expect(await failure(get())).toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('reserves concurrency, not all of it', async () => {
    const reserve = (ReservedConcurrentExecutions: number) =>
      world.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions }));
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
    expect(
      await failure(world.send(new ListTagsCommand({ Resource: `${ARN}missing` }))),
    ).toMatchObject({
      name: 'ResourceNotFoundException',
    });
    const Tags = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`k${index}`, 'v']));
    expect(await failure(world.send(new TagResourceCommand({ Resource, Tags })))).toMatchObject({
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
    await expect.poll(() => lambda.processes).toBe(0);
    const { payload: after } = await world.invoke('idle');
    expect(after).not.toBe(before);
    await world.lambda.send(new DeleteFunctionCommand({ FunctionName: 'idle' }));
    await expect.poll(() => lambda.processes).toBe(0);
  });
});
