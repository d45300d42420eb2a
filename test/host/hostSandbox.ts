import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { describeJob } from '../../src/aws/batchJobs/batchJobs.ts';
import type { Job } from '../../src/aws/batchJobs/job.ts';
import { isFinal } from '../../src/aws/batchJobs/jobStatus.ts';
import type { AwsClients } from '../../src/aws/clients.ts';
import { startSandboxProcess, type SandboxProcess } from '../../src/connections/sandboxProcess.ts';
import {
  UNASKED,
  unaskedId,
  type CommandId,
  type HandlerArguments,
  type UnaskedArguments,
} from '../../src/commands.ts';
import { addressOf, clientsOf } from '../support/runningSandbox.ts';
import { sandboxFolder } from './sandboxFolder.ts';

/** The lab's number on the sandbox that the extension starts. */
export const LAB = '82834469';

/** Has the extension start its sandbox, and gives clients of our own for it. */
export async function startHostSandbox(): Promise<AwsClients> {
  await run('bucketBrigade.sandbox.start');
  return await clientsOf(sandboxFolder);
}

let names = 0;

/** A name that nothing has, so that a test can run again after it failed halfway. */
export function newName(beginning: string): string {
  return `${beginning}-${++names}`;
}

/** Runs one of the extension's commands without being asked what is given. */
export async function run<Id extends CommandId>(
  id: Id,
  ...args: HandlerArguments<Id>
): Promise<unknown> {
  const isUnasked = Object.hasOwn(UNASKED, id);
  const command = isUnasked ? unaskedId(id as keyof UnaskedArguments) : id;
  return await vscode.commands.executeCommand(command, ...args);
}

/** Connects by a profile of the same sandbox: another connection, as far as the extension knows. */
export async function useOtherProfile(): Promise<() => Promise<void>> {
  const { endpoint, region, accessKeyId, secretAccessKey } = await addressOf(sandboxFolder);
  const file = path.join(sandboxFolder, 'other-profile');
  await writeFile(
    file,
    [
      '[profile other]',
      `region = ${region}`,
      `endpoint_url = ${endpoint}`,
      `aws_access_key_id = ${accessKeyId}`,
      `aws_secret_access_key = ${secretAccessKey}`,
    ].join('\n'),
  );
  const before = process.env['AWS_CONFIG_FILE'];
  process.env['AWS_CONFIG_FILE'] = file;
  await run('bucketBrigade.connections.select', 'profile:other');
  return async () => {
    if (before === undefined) delete process.env['AWS_CONFIG_FILE'];
    else process.env['AWS_CONFIG_FILE'] = before;
    await run('bucketBrigade.connections.select', 'sandbox');
  };
}

/** What becomes of a job: the first that fits. */
export async function untilJob(
  clients: AwsClients,
  jobId: string,
  fits: (job: Job) => boolean,
): Promise<Job> {
  for (;;) {
    const found = await describeJob(clients, { jobId, justCreated: true });
    if (fits(found)) return found;
    assert.ok(!isFinal(found.status), `${found.status} ${JSON.stringify(found.failureReasons)}`);
    await sleep(100);
  }
}

/** What reaches a sandbox. */
export function configOf({ address }: SandboxProcess) {
  const { endpoint, region, accessKeyId, secretAccessKey } = address;
  return { endpoint, region, credentials: { accessKeyId, secretAccessKey } };
}

/** The sandbox as the extension starts it, but another than the one it uses. */
export async function startSandboxIn(
  dataDir: string,
  options: { readonly lab: boolean; readonly taskDelay: number },
): Promise<SandboxProcess> {
  const extension = vscode.extensions.getExtension('bucket-brigade.bucket-brigade');
  const program = path.join(extension?.extensionPath ?? '', 'dist', 'sandbox.js');
  const onLog = (): void => undefined;
  return await startSandboxProcess({
    ...{ program, dataDir, onLog, ...options },
    port: 0,
    timeoutMs: 60_000,
  });
}
