import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import type { S3ClientConfig } from '@aws-sdk/client-s3';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/server.ts';
import { startSandbox } from '../../src/sandbox/server.ts';

export interface TestSandbox extends AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly directory: string;
  readonly s3: S3Client;
  /** What the sandbox logged: faults of its own. */
  readonly log: readonly string[];
  close(): Promise<void>;
}

/** A sandbox of its own in a folder of its own, over a real socket. */
export async function startTestSandbox(
  options: Partial<SandboxOptions> = {},
): Promise<TestSandbox> {
  const directory = await mkdtemp(join(tmpdir(), 'sandbox-'));
  const log: string[] = [];
  const sandbox = await startSandbox({
    dataDir: directory,
    log: line => log.push(line),
    ...options,
  });
  const s3 = s3Client(sandbox);
  const close = async (): Promise<void> => {
    s3.destroy();
    await sandbox.close();
    await rm(directory, { recursive: true, force: true });
  };
  return { sandbox, directory, s3, log, close, [Symbol.asyncDispose]: close };
}

/** A client as anyone would make it from the printed endpoint and keys. */
export function s3Client(
  sandbox: Pick<Sandbox, 'endpoint' | 'region' | 'accessKeyId' | 'secretAccessKey'>,
  config: S3ClientConfig = {},
): S3Client {
  return new S3Client({
    endpoint: sandbox.endpoint,
    region: sandbox.region,
    credentials: {
      accessKeyId: sandbox.accessKeyId,
      secretAccessKey: sandbox.secretAccessKey,
    },
    forcePathStyle: true,
    maxAttempts: 1,
    ...config,
  });
}

/** The code and status that a call failed with. */
export async function failure(
  call: Promise<unknown>,
): Promise<{ name: string; status: number | undefined; message: string; error: Error }> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
    return { name: error.name, status: $metadata?.httpStatusCode, message: error.message, error };
  }
  throw new Error('The call succeeded.');
}
