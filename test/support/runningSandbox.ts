import { createClients, type AwsClients } from '../../src/aws/clients.ts';
import { identify } from '../../src/aws/identify.ts';
import { readSandboxRecord, type SandboxRecord } from '../../src/connections/sandboxRecord.ts';

export type SandboxAddress = SandboxRecord['address'];

/** Where the sandbox that runs on a data folder listens, and its credentials. */
export async function addressOf(folder: string): Promise<SandboxAddress> {
  const record = await readSandboxRecord(folder);
  if (record === undefined) throw new Error(`No sandbox runs on ${folder}`);
  return record.address;
}

/** Clients of our own for that sandbox. */
export async function clientsOf(folder: string): Promise<AwsClients> {
  const { endpoint, region, accessKeyId, secretAccessKey } = await addressOf(folder);
  const config = { endpoint, region, credentials: { accessKeyId, secretAccessKey } };
  return createClients(config, await identify(config));
}
