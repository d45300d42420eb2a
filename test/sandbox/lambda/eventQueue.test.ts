import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  InvokeCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  waitUntilFunctionActiveV2,
} from '@aws-sdk/client-lambda';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeClock } from '../../../src/sandbox/clock.ts';
import { isAlive } from '../../support/processes.ts';
import { startProcess } from '../sandboxProcess.ts';
import {
  ROLE,
  lambdaClient,
  makeRole,
  startLambdaWorld,
  waitingFor,
  zipOf,
} from './lambdaWorld.ts';
import type { LambdaWorld } from './lambdaWorld.ts';
import { isPosix } from '../../support/posix.ts';

/** Counts its calls in a file and fails as often as the event says. */
const COUNTING = `
  const fs = require('fs');
  exports.handler = async ({ file, failures }, context) => {
    fs.appendFileSync(file, context.awsRequestId + '\\n');
    const calls = fs.readFileSync(file, 'utf8').trim().split('\\n').length;
    if (calls <= failures) throw new Error('call ' + calls);
  };`;

const clock = new FakeClock();
let world: LambdaWorld;
beforeAll(async () => {
  world = await startLambdaWorld({ clock });
  await world.create('counting', COUNTING);
});
afterAll(() => world.close());

let number = 0;
async function send(name: string, failures: number) {
  const file = join(world.directory, `calls-${++number}`);
  const answer = await world.invoke(
    name,
    { file, failures },
    { InvocationType: 'Event', LogType: undefined },
  );
  expect(answer).toMatchObject({ status: 202, text: '' });
  const calls = async (): Promise<string[]> => {
    const text = await readFile(file, 'utf8').catch(() => '');
    return text.split('\n').filter(Boolean);
  };
  return { calls, requestId: answer.requestId };
}

const queued = (): number => world.sandbox.services.lambda.queuedEvents;

function sum(metricName: string, FunctionName: string): number {
  const { metrics } = world.sandbox.services;
  const range = { start: 0, end: 4e9 };
  const series = metrics.series({
    namespace: 'AWS/Lambda',
    metricName,
    dimensions: { FunctionName },
  });
  return metrics.aggregates(series, 60, range).reduce((all, one) => all + one.sum, 0);
}

/** Whether nothing runs: what failed is put off by now, from the time at which it failed. */
const isResting = (): boolean => {
  const { running } = world.sandbox.services.lambda as unknown as {
    readonly running: { readonly queue: { readonly running: ReadonlySet<number> } };
  };
  return running.queue.running.size === 0;
};

/** Lets what runs come to its end, then moves the clock. */
async function advance(ms: number): Promise<void> {
  await expect.poll(isResting).toBe(true);
  clock.advance(ms);
}

/** Lets the queue run what is due, if anything is. */
async function settle(): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, 50));
  await expect.poll(isResting).toBe(true);
}

describe('An asynchronous invocation', () => {
  it('runs once when it succeeds', async () => {
    const { calls, requestId } = await send('counting', 0);
    await expect.poll(queued).toBe(0);
    expect(await calls()).toEqual([requestId]);
  });

  it('is tried again after one minute and after two more, with the same request id', async () => {
    const dropped = sum('AsyncEventsDropped', 'counting');
    const { calls, requestId } = await send('counting', 2);
    await expect.poll(calls).toHaveLength(1);
    await advance(59_000);
    await settle();
    expect(await calls()).toHaveLength(1);
    await advance(1000);
    await expect.poll(calls).toHaveLength(2);
    await advance(119_000);
    await settle();
    expect(await calls()).toHaveLength(2);
    await advance(1000);
    await expect.poll(calls).toEqual([requestId, requestId, requestId]);
    await expect.poll(queued).toBe(0);
    expect(sum('AsyncEventsDropped', 'counting')).toBe(dropped);
  });

  it.each([
    ['back', -30],
    ['forward', 30],
  ])('waits no longer and no shorter when the time is set %s', async (_which, days) => {
    const now = clock.now().getTime();
    const { calls, requestId } = await send('counting', 1);
    await expect.poll(calls).toHaveLength(1);
    await advance(30_000);
    clock.set(new Date(now + 30_000 + days * 24 * 60 * 60 * 1000));
    await advance(29_000);
    await settle();
    expect(await calls()).toHaveLength(1);
    await advance(1000);
    await expect.poll(calls).toEqual([requestId, requestId]);
    await expect.poll(queued).toBe(0);
    clock.set(new Date(now + 60_000));
  });

  it('is dropped after two retries, and counted', async () => {
    const dropped = sum('AsyncEventsDropped', 'counting');
    const { calls } = await send('counting', 9);
    for (const [tries, wait] of [0, 60_000, 120_000].entries()) {
      await advance(wait);
      await expect.poll(calls).toHaveLength(tries + 1);
    }
    await expect.poll(queued).toBe(0);
    expect(sum('AsyncEventsDropped', 'counting')).toBe(dropped + 1);
  });

  it('is tried as often as MaximumRetryAttempts says', async () => {
    await world.create('once', COUNTING);
    await world.lambda.send(
      new PutFunctionEventInvokeConfigCommand({ FunctionName: 'once', MaximumRetryAttempts: 0 }),
    );
    const { calls } = await send('once', 9);
    await expect.poll(queued).toBe(0);
    expect(await calls()).toHaveLength(1);
    expect(sum('AsyncEventsDropped', 'once')).toBe(1);
    expect(sum('AsyncEventsReceived', 'once')).toBe(1);
  });

  it('is dropped when it is older than MaximumEventAgeInSeconds', async () => {
    await world.create('aged', COUNTING);
    await world.lambda.send(
      new PutFunctionEventInvokeConfigCommand({
        FunctionName: 'aged',
        MaximumEventAgeInSeconds: 90,
      }),
    );
    const { calls } = await send('aged', 9);
    await expect.poll(calls).toHaveLength(1);
    await advance(60_000);
    await expect.poll(calls).toHaveLength(2);
    // The next retry would be two minutes later: it is gone after the thirty seconds that are left.
    await advance(30_000);
    await expect.poll(queued).toBe(0);
    expect(await calls()).toHaveLength(2);
    expect(sum('AsyncEventsDropped', 'aged')).toBe(1);
  });

  it('waits while it is throttled, and backs off', async () => {
    const gate = join(world.directory, 'gate');
    await world.create('narrow', waitingFor(gate), { Timeout: 60 });
    await world.lambda.send(
      new PutFunctionConcurrencyCommand({
        FunctionName: 'narrow',
        ReservedConcurrentExecutions: 1,
      }),
    );
    await send('narrow', 0);
    await send('narrow', 0);
    await expect.poll(() => sum('Throttles', 'narrow')).toBe(1);
    expect(queued()).toBe(2);
    await writeFile(gate, '');
    await expect.poll(queued).toBe(1);
    await advance(1000);
    await expect.poll(queued).toBe(0);
    expect(sum('Invocations', 'narrow')).toBe(2);
  });

  it('is dropped at once when nothing is reserved', async () => {
    await world.create('stopped', COUNTING);
    await world.lambda.send(
      new PutFunctionConcurrencyCommand({
        FunctionName: 'stopped',
        ReservedConcurrentExecutions: 0,
      }),
    );
    const { calls } = await send('stopped', 0);
    await expect.poll(queued).toBe(0);
    expect(await calls()).toHaveLength(0);
    expect(sum('AsyncEventsDropped', 'stopped')).toBe(1);
  });

  it('goes with its function', async () => {
    await world.create('deleted', COUNTING);
    const { calls } = await send('deleted', 9);
    await expect.poll(calls).toHaveLength(1);
    await settle();
    await world.lambda.send(new DeleteFunctionCommand({ FunctionName: 'deleted' }));
    await world.create('deleted', COUNTING);
    await advance(60_000);
    await expect.poll(queued).toBe(0);
    expect(await calls()).toHaveLength(1);
  });
});

describe('A kill of the sandbox', () => {
  it.runIf(isPosix)('loses no asynchronous invocation, and leaves no process', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'sandbox-kill-'));
    const file = join(directory, 'calls');
    try {
      await using first = await startProcess('--data', directory);
      await makeRole(first.printed);
      const lambda = lambdaClient(first.printed);
      // The first call of each event computes until it is killed with the sandbox.
      // Before that it starts a program in a group of its own.
      const strays = join(directory, 'strays');
      const code = `const fs = require('fs');
        exports.handler = async ({ id }) => {
          const stray = require('child_process').spawn('/bin/sleep', ['300'], { detached: process.platform === 'linux', env: {} });
          fs.appendFileSync(${JSON.stringify(strays)}, stray.pid + '\\n');
          fs.appendFileSync(${JSON.stringify(file)}, id + ' ' + process.pid + '\\n');
          const calls = fs.readFileSync(${JSON.stringify(file)}, 'utf8').split(id + ' ').length - 1;
          if (calls === 1) for (;;);
        };`;
      await lambda.send(
        new CreateFunctionCommand({
          FunctionName: 'f',
          Runtime: 'nodejs24.x',
          Handler: 'index.handler',
          Role: ROLE,
          Timeout: 60,
          Code: { ZipFile: await zipOf({ 'index.js': code }) },
        }),
      );
      await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 60 }, { FunctionName: 'f' });
      for (const id of ['one', 'two', 'three']) {
        await lambda.send(
          new InvokeCommand({
            FunctionName: 'f',
            InvocationType: 'Event',
            Payload: Buffer.from(JSON.stringify({ id })),
          }),
        );
      }
      const lines = async (): Promise<string[]> => {
        return (await readFile(file, 'utf8').catch(() => '')).split('\n').filter(Boolean);
      };
      await expect.poll(async () => (await lines()).length).toBeGreaterThanOrEqual(2);
      await first.stop('SIGKILL');
      const killed = await lines();
      const pids = [
        ...killed.map(line => Number(line.split(' ')[1])),
        ...(await readFile(strays, 'utf8')).trim().split('\n').map(Number),
      ];
      // One that was killed in between has written down its stray only.
      expect(pids.length).toBeGreaterThanOrEqual(2 * killed.length);
      await expect.poll(() => pids.filter(isAlive)).toEqual([]);
      await using second = await startProcess('--data', directory);
      expect(second.printed.endpoint).toBe(first.printed.endpoint);
      const ran = async () =>
        new Set((await lines()).slice(killed.length).map(line => line.split(' ')[0]));
      // What had not begun computes without end too, the first time: only the killed ones are awaited.
      const begun = killed.map(line => line.split(' ')[0]);
      const again = async (): Promise<boolean> => {
        const ids = await ran();
        return begun.every(id => ids.has(id));
      };
      await expect.poll(again).toBe(true);
      await second.stop('SIGTERM');
      const all = (await lines()).map(line => Number(line.split(' ')[1]));
      await expect.poll(() => all.filter(isAlive)).toEqual([]);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });
});
