import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DeleteFunctionCommand,
  InvokeCommand,
  PutFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failure } from '../testSandbox.ts';
import { LOGS_ALLOWED, putRolePolicy, startLambdaWorld, waitingFor } from './lambdaWorld.ts';
import type { LambdaWorld } from './lambdaWorld.ts';

let world: LambdaWorld;
beforeAll(async () => {
  world = await startLambdaWorld();
});
afterAll(() => world.close());

const metricValues = (
  metricName: string,
  FunctionName: string,
): { sum: number; samples: number } => {
  const { metrics } = world.sandbox.services;
  const series = metrics.series({
    namespace: 'AWS/Lambda',
    metricName,
    dimensions: { FunctionName },
  });
  const all = metrics.aggregates(series, 60, { start: 0, end: 4e9 });
  return {
    sum: all.reduce((total, one) => total + one.sum, 0),
    samples: all.reduce((total, one) => total + one.samples, 0),
  };
};

describe('Invoke', () => {
  it.each([{ TenantId: 'blue' }, { DurableExecutionName: 'once' }])(
    'says that no function here knows %o',
    async more => {
      const FunctionName = `without${Object.keys(more).join('')}`;
      await world.create(FunctionName, 'exports.handler = async () => 1;');
      const call = world.lambda.send(new InvokeCommand({ FunctionName, ...more }));
      expect(await failure(call)).toMatchObject({ name: 'NotImplemented', status: 501 });
    },
  );

  it('runs a CommonJS handler with its event and context, cold and then warm', async () => {
    await world.create(
      'echo',
      `exports.handler = async (event, context) => {
         console.log('hello %s', event.name);
         return { event, context, left: context.getRemainingTimeInMillis(), pid: process.pid };
       };`,
      { Timeout: 60 },
    );
    const cold = await world.invoke('echo', { name: 'Ünïcode 🙂' });
    expect(cold).toMatchObject({
      status: 200,
      functionError: undefined,
      payload: {
        event: { name: 'Ünïcode 🙂' },
        context: {
          functionName: 'echo',
          functionVersion: '$LATEST',
          memoryLimitInMB: '256',
          awsRequestId: cold.requestId,
          invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:echo',
          logGroupName: '/aws/lambda/echo',
          logStreamName: expect.stringMatching(
            /^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/,
          ) as string,
        },
      },
    });
    const id = cold.requestId ?? '';
    expect(cold.log.split('\n')).toEqual([
      expect.stringMatching(
        /^INIT_START Runtime Version: nodejs:24.v1\tRuntime Version ARN: arn:aws:lambda:us-east-1::runtime:[0-9a-f]{64}$/,
      ),
      `START RequestId: ${id} Version: $LATEST`,
      expect.stringMatching(new RegExp(`^\\S+Z\\t${id}\\tINFO\\thello Ünïcode 🙂$`)),
      `END RequestId: ${id}`,
      expect.stringMatching(
        new RegExp(
          `^REPORT RequestId: ${id}\\tDuration: \\d+\\.\\d\\d ms\\tBilled Duration: \\d+ ms\\tMemory Size: 256 MB\\tMax Memory Used: \\d+ MB\\tInit Duration: \\d+\\.\\d\\d ms\\t$`,
        ),
      ),
      '',
    ]);
    const warm = await world.invoke('echo', { name: 'again' });
    expect(warm.log).toMatch(/^START[^\n]*\n[^\n]*hello again\nEND[^\n]*\nREPORT[^\n]*\n$/);
    expect(warm.log).not.toContain('Init Duration');
    const { left, pid } = warm.payload as { left: number; pid: number };
    expect(left).toBeGreaterThan(30_000);
    expect(left).toBeLessThanOrEqual(60_000);
    expect(pid).toBe((cold.payload as { pid: number }).pid);
  });

  it('keeps the log in its group, only where the role may write', async () => {
    const { logs } = world.sandbox.services;
    const groups: string[] = [];
    const append = logs.append.bind(logs);
    logs.append = input => {
      groups.push(input.group);
      append(input);
    };
    await world.create('logged', 'exports.handler = async () => console.log(1);');
    await world.invoke('logged');
    expect(groups).toContain('/aws/lambda/logged');
    await putRolePolicy(world.sandbox, [
      { ...LOGS_ALLOWED, Resource: 'arn:aws:logs:*:*:log-group:/other:*' },
    ]);
    groups.length = 0;
    const { log } = await world.invoke('logged');
    expect(log).toContain('REPORT');
    expect(groups).not.toContain('/aws/lambda/logged');
    await putRolePolicy(world.sandbox, [LOGS_ALLOWED]);
    logs.append = append;
  });

  it('counts invocations, errors, durations and concurrency', async () => {
    await world.create(
      'counted',
      "exports.handler = async ({ fail }) => { if (fail) throw new Error('x'); };",
    );
    await world.invoke('counted');
    await world.invoke('counted', { fail: true });
    expect(metricValues('Invocations', 'counted')).toEqual({ sum: 2, samples: 2 });
    expect(metricValues('Errors', 'counted')).toEqual({ sum: 1, samples: 2 });
    expect(metricValues('Duration', 'counted').samples).toBe(2);
    expect(metricValues('ConcurrentExecutions', 'counted')).toEqual({ sum: 2, samples: 2 });
    expect(metricValues('Throttles', 'counted').sum).toBe(0);
  });

  it('runs nothing for a dry run', async () => {
    expect(
      await world.invoke('echo', {}, { InvocationType: 'DryRun', LogType: undefined }),
    ).toMatchObject({
      status: 204,
      text: '',
    });
  });

  it('says no log unless it is asked for', async () => {
    const answer = await world.lambda.send(new InvokeCommand({ FunctionName: 'echo' }));
    expect(answer.LogResult).toBeUndefined();
    expect(answer.ExecutedVersion).toBe('$LATEST');
  });

  it.each([
    [
      'of a function that is not there',
      { FunctionName: 'missing' },
      'ResourceNotFoundException',
      404,
    ],
    [
      'of a version that is not there',
      { FunctionName: 'echo', Qualifier: '7' },
      'ResourceNotFoundException',
      404,
    ],
    [
      'of another account',
      { FunctionName: '999999999999:function:echo' },
      'ResourceNotFoundException',
      404,
    ],
    ['by no name', { FunctionName: 'no name' }, 'ValidationException', 400],
    [
      'with what is no JSON',
      { FunctionName: 'echo', Payload: Buffer.from('{') },
      'InvalidRequestContentException',
      400,
    ],
    [
      'with more than 6 MB',
      { FunctionName: 'echo', Payload: Buffer.from(`"${'x'.repeat(6 * 1024 * 1024)}"`) },
      'RequestTooLargeException',
      413,
    ],
    [
      'with more than 1 MB for later',
      {
        FunctionName: 'echo',
        InvocationType: 'Event' as const,
        Payload: Buffer.from(`"${'x'.repeat(1024 * 1024)}"`),
      },
      'RequestTooLargeException',
      413,
    ],
  ])('refuses a call %s', async (_what, input, name, status) => {
    expect(await failure(world.lambda.send(new InvokeCommand(input)))).toMatchObject({
      name,
      status,
    });
  });

  it('throttles beyond the reserved concurrency', async () => {
    const gate = join(world.directory, 'reserved-gate');
    await world.create('reserved', waitingFor(gate), { Timeout: 60 });
    const reserve = (ReservedConcurrentExecutions: number) =>
      world.lambda.send(
        new PutFunctionConcurrencyCommand({
          FunctionName: 'reserved',
          ReservedConcurrentExecutions,
        }),
      );
    await reserve(0);
    expect(await failure(world.invoke('reserved'))).toMatchObject({
      name: 'TooManyRequestsException',
      status: 429,
      error: { Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' },
    });
    await reserve(1);
    const invoked = world.invoke('reserved');
    await expect.poll(() => world.sandbox.services.lambda.concurrency.of('reserved')).toBe(1);
    expect(await failure(world.invoke('reserved'))).toMatchObject({ status: 429 });
    await writeFile(gate, '');
    expect((await invoked).payload).toBe('done');
    expect(metricValues('Throttles', 'reserved').sum).toBe(2);
    expect(metricValues('Invocations', 'reserved').sum).toBe(1);
  });

  it('needs a function whose role Lambda can assume', async () => {
    await world.create('roleless', 'exports.handler = async () => 1;');
    const { iam } = world.sandbox.services;
    const role = iam.find('function')!;
    iam.save({ ...role, trustPolicy: role.trustPolicy.replace('lambda.', 'ec2.') });
    expect(await failure(world.invoke('roleless'))).toMatchObject({
      name: 'AccessDeniedException',
      status: 403,
      message: 'The role defined for the function cannot be assumed by Lambda.',
    });
    iam.save(role);
  });
});

describe("A function's own calls", () => {
  it('come back over HTTP and are authorized by the policy of its role', async () => {
    const Bucket = 'source-bucket';
    await world.s3.send(new CreateBucketCommand({ Bucket }));
    await world.s3.send(new CreateBucketCommand({ Bucket: 'target-bucket' }));
    await world.s3.send(new PutObjectCommand({ Bucket, Key: 'a b.txt', Body: 'text' }));
    await putRolePolicy(world.sandbox, [
      LOGS_ALLOWED,
      { Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::${Bucket}/*` },
      { Effect: 'Allow', Action: 's3:PutObject', Resource: 'arn:aws:s3:::target-bucket/*' },
    ]);
    await world.create(
      'copies',
      { 'index.js': await bundledCopier() },
      { MemorySize: 512, Timeout: 30 },
    );
    expect((await world.invoke('copies', { key: 'a b.txt', to: 'target-bucket' })).payload).toBe(
      'copied',
    );
    const copied = await world.s3.send(
      new GetObjectCommand({ Bucket: 'target-bucket', Key: 'a b.txt' }),
    );
    expect(await copied.Body!.transformToString()).toBe('text');
    const refused = await world.invoke('copies', { key: 'a b.txt', to: Bucket });
    expect(refused.functionError).toBe('Unhandled');
    expect(refused.payload).toMatchObject({
      errorType: 'AccessDenied',
      errorMessage: expect.stringContaining(
        'User: arn:aws:sts::123456789012:assumed-role/function/copies is not authorized to perform: s3:PutObject',
      ) as string,
    });
    // Without s3:ListBucket a missing key is a denied one.
    const missing = await world.invoke('copies', { key: 'missing', to: 'target-bucket' });
    expect(missing.payload).toMatchObject({ errorType: 'AccessDenied' });
  });
});

/** A function with the official SDK in it, as people bundle it. */
async function bundledCopier(): Promise<Buffer> {
  const source = `
    import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
    const s3 = new S3Client({});
    export const handler = async ({ key, to }) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'source-bucket', Key: key }));
      await s3.send(new PutObjectCommand({ Bucket: to, Key: key, Body: await Body.transformToByteArray() }));
      return 'copied';
    };`;
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: import.meta.dirname },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    write: false,
    logLevel: 'error',
  });
  return Buffer.from(outputFiles[0]!.contents);
}

describe('Code that runs', () => {
  it('stays while it runs, though its function is deleted', async () => {
    const gate = join(world.directory, 'removed-gate');
    const files = {
      'index.js': waitingFor(gate, "require('./late.js')"),
      'late.js': "module.exports = 'still there';",
    };
    await world.create('removed', files, { Timeout: 60 });
    const running = world.invoke('removed');
    await expect.poll(() => world.sandbox.services.lambda.concurrency.of('removed')).toBe(1);
    const { sha256 } = world.sandbox.services.lambda.functions.find('removed')!.code;
    await world.lambda.send(new DeleteFunctionCommand({ FunctionName: 'removed' }));
    await writeFile(gate, '');
    expect((await running).payload).toBe('still there');
    await expect
      .poll(() => existsSync(world.sandbox.services.lambda.code.folderOf(sha256)))
      .toBe(false);
  });
});
