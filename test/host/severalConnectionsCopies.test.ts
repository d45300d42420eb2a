import assert from 'node:assert/strict';
import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { createClients } from '../../src/aws/clients.ts';
import { identify } from '../../src/aws/identify.ts';
import { CopyClipboard } from '../../src/explorer/copies/clipboard.ts';
import { pasteInto } from '../../src/explorer/copies/pasteInto.ts';
import { originOf } from '../../src/explorer/copies/reach.ts';
import { folderResource, objectResource } from '../../src/explorer/fileSystem/s3Resource.ts';
import type { BucketRow } from '../../src/explorer/tree/rows.ts';
import { objectRow, versionRow } from '../../src/explorer/tree/rows.ts';
import { treeItem } from '../../src/explorer/tree/treeItems.ts';
import type { Session } from '../../src/services.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';
import { explorerOf } from './explorerFixture.ts';
import { newName } from './hostSandbox.ts';
import { SeveralConnections, sessionOn } from './severalConnectionsFixture.ts';

const KEYS = ['p/a b+%2F.txt', 'p/🪣\n'];
const QUIETLY = { skipConfirmation: true, onConflict: 'fail' } as const;

describe('copies between connections', function () {
  this.timeout(90_000);
  let on: SandboxClients;
  let owner: Session;
  let from: string;
  let to: string;
  before(async () => {
    on = await startSandboxClients();
    owner = await sessionOn('owner', on);
    [from, to] = [await on.bucket(), await on.bucket()];
    for (const Key of KEYS) await put(Key);
  });
  after(async () => on.close());

  async function put(Key: string): Promise<void> {
    await on.clients.s3().send(new PutObjectCommand({ Bucket: from, Key, Body: Key }));
  }

  async function keysOf(Bucket: string): Promise<string[]> {
    const { Contents = [] } = await on.clients.s3().send(new ListObjectsV2Command({ Bucket }));
    return Contents.map(({ Key = '' }) => Key);
  }

  /** Whoever may do all in one bucket, and of the other what is said. */
  async function guest(RoleName: string, actions: readonly string[]): Promise<Session> {
    const { region, endpoint, accountId } = on.sandbox;
    const trust = { Effect: 'Allow', Principal: { AWS: accountId }, Action: 'sts:AssumeRole' };
    const arns = (bucket: string) => [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`];
    const document = (...Statement: object[]) =>
      JSON.stringify({ Version: '2012-10-17', Statement });
    const policy = document(
      { Effect: 'Allow', Action: 's3:*', Resource: arns(to) },
      ...actions.map(Action => ({ Effect: 'Allow', Action, Resource: arns(from) })),
    );
    const iam = on.clients.iam();
    const { Role } = await iam.send(
      new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: document(trust) }),
    );
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'p', PolicyDocument: policy }));
    const { Credentials: given } = await on.clients
      .sts()
      .send(new AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName: 'test' }));
    const credentials = {
      accessKeyId: given?.AccessKeyId ?? '',
      secretAccessKey: given?.SecretAccessKey ?? '',
      sessionToken: given?.SessionToken ?? '',
    };
    const config = { region, endpoint, credentials };
    const identity = await identify(config);
    const connection = { id: RoleName, label: RoleName, region, endpoint };
    const clients = createClients(config, identity);
    return { key: `${RoleName}/1`, connection, identity, clients };
  }

  async function copyTo(session: Session, key: string, source = owner): Promise<void> {
    const explorer = explorerOf({ connections: new SeveralConnections([source, session]) });
    try {
      await pasteInto(explorer, {
        ...{ session, from: originOf(source), place: { bucket: to, key }, as: 'copy' },
        sources: [{ bucket: from, key: 'p/', isPrefix: true }],
        answers: QUIETLY,
      });
    } finally {
      session.clients.destroy();
      explorer.tree.dispose();
    }
  }

  it('are made by S3 where the destination’s credentials may read the source', async () => {
    const actions = ['s3:ListBucket', 's3:GetObject', 's3:GetObjectTagging', 's3:GetObjectAcl'];
    await copyTo(await guest(newName('Reader'), actions), 'read/');
    assert.deepEqual(
      await keysOf(to),
      KEYS.map(key => `read/${key}`),
    );
  });

  it('that are refused say what the source’s policy must allow, and to whom', async () => {
    const before = await keysOf(to);
    const all = ['s3:ListBucket', 's3:GetObject', 's3:GetObjectTagging', 's3:GetObjectAcl'];
    for (const [at, missing] of all.entries()) {
      const name = newName(`Without${at}`);
      const session = await guest(
        name,
        all.filter(action => action !== missing),
      );
      await assert.rejects(copyTo(session, 'refused/'), (error: Error) => {
        const role = `arn:aws:iam::${on.sandbox.accountId}:role/${name}`;
        assert.match(
          error.message,
          /Without\d-\d+ .*can’t read everything that was copied with owner/,
        );
        assert.ok(error.message.includes(`the bucket ${from} must allow ${role}`), error.message);
        assert.ok(error.message.includes(missing), error.message);
        return true;
      });
    }
    assert.deepEqual(await keysOf(to), before);
  });

  it('are not tried between endpoints, where a bucket of that name is another one', async () => {
    const other = await startSandboxClients();
    const session = await sessionOn('elsewhere', other);
    await assert.rejects(
      copyTo(session, ''),
      /between the endpoints of.*Download it, then upload it/,
    );
    await other.close();
  });

  it('look cut in the view of their own account alone', async () => {
    const two: Session = { ...owner, key: 'two/1', connection: { ...owner.connection, id: 'two' } };
    const connections = new SeveralConnections([owner, two]);
    const { registerFileDecorationProvider } = vscode.window;
    let provider: vscode.FileDecorationProvider | undefined;
    const register = (given: vscode.FileDecorationProvider): vscode.Disposable => {
      provider = given;
      return new vscode.Disposable(() => undefined);
    };
    Object.assign(vscode.window, { registerFileDecorationProvider: register });
    const clipboard = new CopyClipboard(connections);
    const key = 'p/a b+%2F.txt';
    try {
      const sources = [
        { bucket: from, key, isPrefix: false },
        { bucket: from, key: 'p/', isPrefix: true },
      ];
      await clipboard.put(owner, sources, true);
    } finally {
      Object.assign(vscode.window, { registerFileDecorationProvider });
    }
    const { token } = new vscode.CancellationTokenSource();
    const isCut = (uri: vscode.Uri): boolean =>
      provider?.provideFileDecoration(uri, token) !== undefined;
    const rows = (session?: string) => [
      isCut(objectResource(from, key, session)),
      isCut(folderResource(from, 'p/', session)),
    ];
    assert.deepEqual(rows(owner.key), [true, true]);
    assert.deepEqual(rows(two.key), [false, false]);
    assert.deepEqual(rows(), [false, false]);
    connections.set([owner]);
    assert.deepEqual(rows(), [true, true]);
    connections.set([two]);
    assert.deepEqual(rows(), [false, false]);
    clipboard.dispose();
  });
});

describe('a row of one of several connections', () => {
  it('has a page in AWS’s console where its own connection is at AWS', () => {
    const at = (endpoint?: string): Session => ({ clients: { endpoint } }) as Session;
    const bucket: BucketRow = {
      ...({ kind: 'bucket', id: 'b', session: 's', bucket: 'b', pinned: false } as const),
    };
    const object = objectRow(bucket, { key: 'k', size: 1 });
    const version = versionRow(object, {
      ...{ key: 'k', versionId: 'v', size: 1, isLatest: true, isDeleteMarker: false },
    });
    for (const row of [bucket, object, version]) {
      const flags = (session: Session): string => treeItem(row, { session }).contextValue ?? '';
      assert.match(flags(at()), /\bconsole\b/, row.kind);
      assert.doesNotMatch(flags(at('http://127.0.0.1:9000')), /\bconsole\b/, row.kind);
    }
  });
});
