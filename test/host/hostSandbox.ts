import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { createClients, identify, type AwsClients } from '../../src/aws/clients.ts';
import type { CommandId, Commands } from '../../src/commands.ts';
import { sandboxFolder } from './sandboxFolder.ts';

interface Address {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The lab's number on the sandbox that the extension starts. */
export const LAB = '82834469';

/** Has the extension start its sandbox, and gives clients of our own for it. */
export async function startHostSandbox(): Promise<AwsClients> {
  await run('bucketBrigade.sandbox.start');
  const record = JSON.parse(readFileSync(path.join(sandboxFolder, 'sandbox.json'), 'utf8')) as
    Address | { address: Address };
  const { endpoint, region, ...credentials } = 'address' in record ? record.address : record;
  const config = { endpoint, region, credentials };
  return createClients(config, await identify(config));
}

/** Runs one of the extension's commands as another extension would. */
export async function run<Id extends CommandId>(id: Id, ...args: Commands[Id]): Promise<unknown> {
  return await vscode.commands.executeCommand(id, ...args);
}
