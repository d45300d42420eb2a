import { spawn } from 'node:child_process';
import type { ChildProcess, StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import {
  CreateBucketCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import type { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EventQueue } from '../../src/sandbox/lambda/invocations/eventQueue.ts';
import type { EventTable } from '../../src/sandbox/lambda/invocations/eventTable.ts';
import type { PrintedSandbox } from './sandboxProcess.ts';
import { s3Client, startTestSandbox } from './testSandbox.ts';
import { isPosix } from '../support/posix.ts';

const MAIN = fileURLToPath(new URL('../../src/sandbox/main.ts', import.meta.url));
const Bucket = 'survives';
let folder: string;
let data: string;
let child: ChildProcess | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sandbox-survival-'));
  data = join(folder, 'data');
});
afterEach(async () => {
  child?.kill('SIGKILL');
  child = undefined;
  await rm(folder, { recursive: true, force: true });
});

function start(stdio: StdioOptions, ...args: readonly string[]): ChildProcess {
  child = spawn(process.execPath, [MAIN, '--data', data, ...args], { stdio });
  return child;
}

async function firstLine(of: ChildProcess): Promise<PrintedSandbox> {
  const [line] = (await once(createInterface(of.stdout!), 'line')) as [string];
  return JSON.parse(line) as PrintedSandbox;
}

/** Makes the sandbox log a line for every object: an event that no queue gets. */
async function makeTalkative(s3: S3Client): Promise<void> {
  await s3.send(new CreateBucketCommand({ Bucket }));
  const QueueArn = 'arn:aws:sqs:us-east-1:123456789012:none';
  await s3.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket,
      SkipDestinationValidation: true,
      NotificationConfiguration: {
        QueueConfigurations: [{ QueueArn, Events: ['s3:ObjectCreated:*'] }],
      },
    }),
  );
}

async function put(s3: S3Client, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    await s3.send(new PutObjectCommand({ Bucket, Key: `k${index}`, Body: 'b' }));
  }
}

describe('a log that can not be written', () => {
  it.runIf(isPosix)('because its reader has gone does not end the sandbox', async () => {
    const sandbox = start(['ignore', 'pipe', 'pipe']);
    const s3 = s3Client(await firstLine(sandbox));
    await makeTalkative(s3);
    sandbox.stderr!.destroy();
    await put(s3, 20);
    expect(sandbox.exitCode).toBeNull();
    s3.destroy();
    sandbox.kill('SIGTERM');
    expect(await once(sandbox, 'exit')).toEqual([0, null]);
  });

  it.runIf(isPosix)('because its reader does not read holds nobody up', async () => {
    const sandbox = start(['ignore', 'pipe', 'pipe']);
    const s3 = s3Client(await firstLine(sandbox));
    await makeTalkative(s3);
    // More than a pipe holds.
    await put(s3, 800);
    expect(sandbox.exitCode).toBeNull();
    s3.destroy();
    sandbox.kill('SIGTERM');
    expect(await once(sandbox, 'exit')).toEqual([0, null]);
  });

  it.skipIf(!existsSync('/dev/full'))('because the disk is full does not end it', async () => {
    const full = openSync('/dev/full', 'w');
    const sandbox = start(['ignore', 'pipe', full]);
    const s3 = s3Client(await firstLine(sandbox));
    await makeTalkative(s3);
    await put(s3, 20);
    expect(sandbox.exitCode).toBeNull();
    s3.destroy();
  });
});

describe('an address that can not be printed ends the sandbox in order', () => {
  it.skipIf(!existsSync('/dev/full'))('because the disk is full', async () => {
    const full = openSync('/dev/full', 'w');
    const sandbox = start(['ignore', full, 'pipe']);
    let said = '';
    sandbox.stderr!.on('data', (chunk: Buffer) => (said += chunk.toString()));
    expect(await once(sandbox, 'close')).toEqual([1, null]);
    expect(said).toMatch(/address could not be written to standard output/);
    expect(existsSync(join(data, 'sandbox.json'))).toBe(false);
  });

  it('because nobody is there to read it', async () => {
    const sandbox = start(['ignore', 'pipe', 'pipe']);
    sandbox.stdout!.destroy();
    sandbox.stderr!.resume();
    expect(await once(sandbox, 'exit')).toEqual([1, null]);
    expect(existsSync(join(data, 'sandbox.json'))).toBe(false);
  });
});

describe('a start that fails once the port is open', () => {
  it('closes everything and says why at once', async () => {
    await mkdir(join(data, 'sandbox.json', 'folder'), { recursive: true });
    const began = performance.now();
    const sandbox = start(['ignore', 'pipe', 'pipe']);
    const said = { stdout: '', stderr: '' };
    sandbox.stdout!.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
    sandbox.stderr!.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()));
    expect(await once(sandbox, 'close')).toEqual([1, null]);
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(said.stdout).toBe('');
    expect(said.stderr).toContain(join(data, 'sandbox.json'));
    const { port } = JSON.parse(await readFile(join(data, 'credentials.json'), 'utf8')) as {
      port: number;
    };
    const refused = await new Promise(resolve => {
      connect(port, '127.0.0.1').once('error', resolve).once('connect', resolve);
    });
    expect(refused).toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('a database that fails for a moment', () => {
  const broken = (): never => {
    throw new Error('disk I/O error');
  };

  it('leaves the lanes of batch jobs and the queue of events running', async () => {
    await using test = await startTestSandbox();
    const { jobs, lambda } = test.sandbox.services;
    const { events } = lambda as unknown as { readonly events: EventTable };
    const foremost = vi.spyOn(jobs.table, 'foremost').mockImplementationOnce(broken);
    const nextDue = vi.spyOn(events, 'nextDue').mockImplementationOnce(broken);
    jobs.wake();
    (lambda as unknown as { running: { queue: EventQueue } }).running.queue.wake();
    await expect.poll(() => test.log.join('\n')).toMatch(/Batch jobs: Error: disk I\/O error/);
    await expect
      .poll(() => test.log.join('\n'))
      .toMatch(/asynchronous invocations: Error: disk I\/O error/);
    const calls = (): number[] => [foremost, nextDue].map(spy => spy.mock.calls.length);
    const [jobLooks = 0, queueLooks = 0] = calls();
    await expect.poll(() => (calls()[0] ?? 0) > jobLooks).toBe(true);
    await expect.poll(() => (calls()[1] ?? 0) > queueLooks).toBe(true);
  });
});
