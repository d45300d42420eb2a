import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import * as vscode from 'vscode';
import { createClients, type AwsClients } from '../../src/aws/clients.ts';
import { identify } from '../../src/aws/identify.ts';
import { InterruptedWork } from '../../src/aws/interruption.ts';
import type { Explorer } from '../../src/explorer/explorer.ts';
import { UnfinishedUploads } from '../../src/explorer/fileSystem/unfinishedUploads.ts';
import { DisabledNotifications } from '../../src/explorer/notifications/disabledNotifications.ts';
import { TransferList } from '../../src/explorer/transferList/transferList.ts';
import { BucketsTree } from '../../src/explorer/tree/bucketsTree.ts';
import { PinnedBuckets } from '../../src/explorer/tree/pinnedBuckets.ts';
import type {
  BulkWorker,
  Connection,
  ConnectionChange,
  Connections,
  Session,
} from '../../src/services.ts';
import { log } from '../../src/vscode/log.ts';
import { TASKS } from '../../src/worker/tasks.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';

/** Connections that a test switches by hand; their sessions are real ones of a real sandbox. */
export class TestConnections implements Connections {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #changedAny = new vscode.EventEmitter<ConnectionChange>();
  readonly onDidChange = this.#changed.event;
  readonly onDidChangeAny = this.#changedAny.event;
  current: Connection | undefined;
  open: () => Promise<Session> = () => Promise.reject(new Error('no connection'));

  get opened(): readonly Connection[] {
    return this.current ? [this.current] : [];
  }

  session(): Promise<Session> {
    return this.open();
  }

  use(session: Session, open: () => Promise<Session> = () => Promise.resolve(session)): void {
    this.current = session.connection;
    this.open = open;
    this.#changed.fire();
    this.#changedAny.fire({ id: session.connection.id });
  }
}

/** What VS Code keeps for an extension, kept in memory. */
export class MemoryState implements vscode.Memento {
  readonly #values = new Map<string, unknown>();
  keys = () => [...this.#values.keys()];
  get = <T>(key: string, fallback?: T) => (this.#values.get(key) as T | undefined) ?? fallback;
  update = (key: string, value: unknown): Promise<void> => {
    this.#values.set(key, value);
    return Promise.resolve();
  };
}

/** Of tasks that were interrupted, by their ids. */
const CHECKPOINTS = new Map<string, unknown>();

/** Does the worker's tasks in this process. */
export const WORKER_HERE: BulkWorker = {
  run: (session, name, input, options) =>
    WORKER_HERE.continue(
      session,
      mkdtempSync(path.join(tmpdir(), 'bb-task-')),
      { name, input },
      options,
    ),
  async continue(session, id, { name, input }, options) {
    const { signal = new AbortController().signal, onProgress, onDidKeep } = options;
    const journal = {
      folder: id,
      entry: { ...{ id, name, title: '', sessionKey: session.key, input }, createdAt: '' },
      checkpoint: () => CHECKPOINTS.get(id),
      save: (checkpoint: unknown) => {
        CHECKPOINTS.set(id, checkpoint);
        return Promise.resolve();
      },
    };
    const ready = (): Promise<void> => Promise.resolve();
    const given = { signal, ready, onProgress: onProgress ?? (() => undefined) };
    try {
      return await TASKS[name]({ clients: session.clients, journal }, input, given);
    } catch (error) {
      if (error instanceof InterruptedWork) onDidKeep?.({ id, result: error.result as never });
      throw error;
    }
  },
  discard: () => Promise.reject(new Error('Not of these tests')),
  resume: () => Promise.reject(new Error('Not of these tests')),
  uploads: () => Promise.resolve(new Map()),
  present: () => new vscode.Disposable(() => undefined),
};

/** What the commands of the Buckets view work with. */
export function explorerOf({ connections }: { readonly connections: Connections }): Explorer {
  const state = new MemoryState();
  const pins = new PinnedBuckets(state);
  return {
    ...{ connections, log, pins, memory: state, worker: WORKER_HERE, storage: tmpdir() },
    tree: new BucketsTree(connections, pins, new DisabledNotifications(state)),
    uploads: new UnfinishedUploads(state),
    transfers: new TransferList(),
    admit: () => Promise.resolve(),
    admitFolder: () => Promise.resolve(),
    folderOf: () => Promise.resolve(undefined),
  };
}

export interface ExplorerFixture extends SandboxClients {
  readonly connections: TestConnections;
  sessionOf(id: string, clients?: AwsClients): Promise<Session>;
  put(bucket: string, key: string, body?: string, tagging?: string): Promise<void>;
  /** Clients of a role that may do only these actions, on every resource. */
  roleClients(actions: readonly string[]): Promise<AwsClients>;
}

export async function startExplorerFixture(): Promise<ExplorerFixture> {
  const on = await startSandboxClients();
  const { accessKeyId, secretAccessKey, region, endpoint } = on.sandbox;
  const identity = await identify({
    region,
    endpoint,
    credentials: { accessKeyId, secretAccessKey },
  });
  return {
    ...on,
    connections: new TestConnections(),
    sessionOf: (id, clients = on.clients) =>
      Promise.resolve({
        ...{ key: id, connection: { id, label: id, region, endpoint } },
        ...{ identity, clients },
      }),
    put: async (Bucket, Key, Body = Key, Tagging) => {
      await on.clients.s3().send(new PutObjectCommand({ Bucket, Key, Body, Tagging }));
    },
    roleClients: actions => roleClients(on, actions),
  };
}

async function roleClients(on: SandboxClients, actions: readonly string[]): Promise<AwsClients> {
  const { accountId, endpoint, region } = on.sandbox;
  const RoleName = `Limited${Date.now()}`;
  const trust = {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${accountId}:root` },
    Action: 'sts:AssumeRole',
  };
  const policy = { Effect: 'Allow', Action: actions, Resource: '*' };
  const document = (statement: object): string =>
    JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  const iam = on.clients.iam();
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: document(trust) }),
  );
  await iam.send(
    new PutRolePolicyCommand({ RoleName, PolicyName: 'p', PolicyDocument: document(policy) }),
  );
  const { Credentials } = await on.clients
    .sts()
    .send(new AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName: 'test' }));
  return createClients(
    {
      region,
      endpoint,
      credentials: {
        accessKeyId: Credentials?.AccessKeyId ?? '',
        secretAccessKey: Credentials?.SecretAccessKey ?? '',
        sessionToken: Credentials?.SessionToken ?? '',
      },
    },
    { accountId, partition: 'aws' },
  );
}

/** What VS Code would show of a row: its label and, after a bar, its description. */
export function shown(item: vscode.TreeItem): string {
  const label = typeof item.label === 'string' ? item.label : (item.label?.label ?? '');
  return typeof item.description === 'string' && item.description !== ''
    ? `${label} | ${item.description}`
    : label;
}
