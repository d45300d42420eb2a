import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClients, type AwsClients, type Credentials } from '../../src/aws/clients.ts';
import type { Session } from '../../src/services.ts';
import { WorkerHost } from '../../src/vscode/hostedWorker/workerHost.ts';

const PROGRAM = fileURLToPath(new URL('../../src/worker/main.ts', import.meta.url));

/** A journal in a folder of its own, and the windows that work on it, each with a real worker. */
export interface WorkerWorld extends AsyncDisposable {
  readonly root: string;
  readonly log: string[];
  /** Opens a window. */
  open(idleTime?: number, env?: NodeJS.ProcessEnv): WorkerHost;
  /** The names of the tasks in the journal. */
  tasks(): Promise<string[]>;
}

export async function startWorkerWorld(): Promise<WorkerWorld> {
  const root = await mkdtemp(join(tmpdir(), 'bucket-brigade-tasks-'));
  const windows: WorkerHost[] = [];
  const log: string[] = [];
  return {
    root,
    log,
    open(idleTime, env) {
      const host = new WorkerHost({
        ...{ program: PROGRAM, root, idleTime, env: () => env ?? {} },
        onLog: line => log.push(line),
      });
      windows.push(host);
      return host;
    },
    tasks: () => readdir(root),
    async [Symbol.asyncDispose]() {
      windows.forEach(host => host.dispose());
      await rm(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** A session of these clients. */
export function sessionOf(clients: AwsClients): Session {
  const { region, endpoint, accountId, partition } = clients;
  return {
    key: 'test',
    connection: { id: 'test', label: 'Test', region, endpoint },
    identity: { accountId, partition, arn: '', userId: '' },
    clients,
  };
}

/** A session at a server that knows no signatures. */
export function sessionAt(
  endpoint: string,
  credentials: Credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' },
): Session {
  const config = { region: 'us-east-1', endpoint, credentials };
  return sessionOf(createClients(config, { accountId: '123456789012', partition: 'aws' }));
}
