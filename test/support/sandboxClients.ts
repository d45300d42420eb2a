import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { createClients, type AwsClients } from '../../src/aws/clients.ts';
import { identify } from '../../src/aws/identify.ts';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/server.ts';

export interface SandboxClients {
  readonly sandbox: Sandbox;
  readonly clients: AwsClients;
  /** Its data. */
  readonly folder: string;
  /** Makes a bucket of a new name. */
  bucket(): Promise<string>;
  /** Clients that reach the sandbox by another address: a proxy. */
  clientsAt(endpoint: string): AwsClients;
  close(): Promise<void>;
}

/** A sandbox of its own in a folder of its own, and the extension's clients for it. */
export async function startSandboxClients(
  options: Pick<SandboxOptions, 'clock' | 'restoreTime'> = {},
): Promise<SandboxClients> {
  const folder = await mkdtemp(join(tmpdir(), 'bucket-brigade-sandbox-'));
  const sandbox = await startSandbox({ dataDir: folder, port: 0, ...options });
  const opened: AwsClients[] = [];
  const { accessKeyId, secretAccessKey, region } = sandbox;
  const config = (endpoint: string) => ({
    region,
    endpoint,
    credentials: { accessKeyId, secretAccessKey },
  });
  const identity = await identify(config(sandbox.endpoint));
  const clientsAt = (endpoint: string) => {
    const clients = createClients(config(endpoint), identity);
    opened.push(clients);
    return clients;
  };
  const clients = clientsAt(sandbox.endpoint);
  let buckets = 0;
  return {
    sandbox,
    clients,
    folder,
    clientsAt,
    async bucket() {
      buckets += 1;
      const name = `bucket-${buckets}`;
      await clients.s3().send(new CreateBucketCommand({ Bucket: name }));
      return name;
    },
    async close() {
      opened.forEach(each => each.destroy());
      await sandbox.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
