import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { createClients } from '../../src/aws/clients.ts';
import { identify } from '../../src/aws/identify.ts';
import type { Connection, ConnectionChange, Connections, Session } from '../../src/services.ts';
import type { SandboxClients } from '../support/sandboxClients.ts';
import { configOf, startSandboxIn } from './hostSandbox.ts';

type Reached = Pick<SandboxClients, 'clients'> & {
  readonly sandbox: Pick<
    SandboxClients['sandbox'],
    'accessKeyId' | 'secretAccessKey' | 'region' | 'endpoint'
  >;
};

/** A sandbox of the test's with the lab in it. */
export async function startLab(): Promise<Reached & Pick<SandboxClients, 'close'>> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bb-lab-'));
  const started = await startSandboxIn(folder, { lab: true, taskDelay: 0 });
  const config = configOf(started);
  const clients = createClients(config, await identify(config));
  const close = async (): Promise<void> => {
    clients.destroy();
    await started.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { sandbox: started.address, clients, close };
}

/** A session of a connection with an id of its own on a sandbox of the test's. */
export async function sessionOn(id: string, { sandbox, clients }: Reached): Promise<Session> {
  const { accessKeyId, secretAccessKey, region, endpoint } = sandbox;
  const credentials = { accessKeyId, secretAccessKey };
  const identity = await identify({ region, endpoint, credentials });
  return { key: `${id}/1`, connection: { id, label: id, region, endpoint }, identity, clients };
}

/** Connections that a test opens and closes; the first is the default. */
export class SeveralConnections implements Connections {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #changedAny = new vscode.EventEmitter<ConnectionChange>();
  readonly onDidChange = this.#changed.event;
  readonly onDidChangeAny = this.#changedAny.event;
  #sessions: readonly Session[];

  constructor(sessions: readonly Session[]) {
    this.#sessions = sessions;
  }

  get current(): Connection | undefined {
    return this.#sessions[0]?.connection;
  }

  get opened(): readonly Connection[] {
    return this.#sessions.map(({ connection }) => connection);
  }

  session(_?: AbortSignal, id?: string): Promise<Session> {
    const found = this.#sessions.find(({ connection }) => connection.id === id);
    const session = id === undefined ? this.#sessions[0] : found;
    return session ? Promise.resolve(session) : Promise.reject(new Error(`not open: ${id ?? ''}`));
  }

  set(sessions: readonly Session[]): void {
    this.#sessions = sessions;
    this.#changedAny.fire({});
  }
}
