import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { after, before, describe, it } from 'mocha';
import { listObjects } from '../../src/aws/objects/listing.ts';
import { scopeOf, selectionsOf } from '../../src/explorer/deletion/deletionScope.ts';
import { DeleteHistory } from '../../src/explorer/deletion/deleteHistory.ts';
import { runDelete } from '../../src/explorer/deletion/runDelete.ts';
import { undoPastDelete } from '../../src/explorer/deletion/undoDelete.ts';
import type { Explorer } from '../../src/explorer/explorer.ts';
import { objectRow, prefixRow, tagRows, type BucketRow } from '../../src/explorer/tree/rows.ts';
import type { Session } from '../../src/services.ts';
import { eventually } from './eventually.ts';
import { explorerOf, startExplorerFixture, type ExplorerFixture } from './explorerFixture.ts';

const AWKWARD = ['a b', '+', '%2F', '//', '.', '..', '😀', '\u2028', 'line\nfeed', '\u0001'];

describe('what a delete is about', () => {
  const bucket: BucketRow = {
    ...{ kind: 'bucket', id: 'b', session: 'k', bucket: 'b' },
    pinned: false,
  };
  const object = objectRow(bucket, { key: 'a/1', size: 7, eTag: '' });

  it('is the objects and prefixes that are selected, each once, and never a bucket', () => {
    const rows = [bucket, object, object, prefixRow(bucket, 'p/'), { bucket: 'c', key: 'x' }];
    assert.deepEqual(scopeOf(rows), {
      objects: [
        { bucket: 'b', key: 'a/1', size: 7 },
        { bucket: 'c', key: 'x' },
      ],
      prefixes: [{ bucket: 'b', key: 'p/' }],
    });
  });

  it('counts what is below a selected prefix once', () => {
    const rows = [prefixRow(bucket, 'a/'), object, ...tagRows(object, []).slice(1)];
    assert.deepEqual(selectionsOf(scopeOf(rows)), [
      {
        ...{ kind: 'listing', bucket: 'b', prefixes: ['a/'], filter: {}, versions: 'current' },
        objects: [],
      },
    ]);
  });
});

describe('a delete in the Buckets view', () => {
  let on: ExplorerFixture;
  let explorer: Explorer;
  let session: Session;
  let storage: string;
  before(async () => {
    on = await startExplorerFixture();
    storage = mkdtempSync(path.join(tmpdir(), 'bb-deletes-'));
    explorer = { ...explorerOf(on), storage };
    session = await on.sessionOf('mine');
    on.connections.use(session);
  });
  after(async () => {
    explorer.tree.dispose();
    rmSync(storage, { recursive: true, force: true });
    await on.close();
  });

  const keysOf = async (bucket: string): Promise<string[]> => {
    const { objects } = await listObjects(on.clients.s3(), { bucket, prefix: '', delimiter: '' });
    return objects.map(({ key }) => key);
  };
  const filled = async (versioned: boolean): Promise<string> => {
    const bucket = await on.bucket();
    const VersioningConfiguration = { Status: 'Enabled' as const };
    const command = new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration });
    if (versioned) await on.clients.s3().send(command);
    for (const key of AWKWARD) await on.put(bucket, `p/${key}`);
    await on.put(bucket, 'q');
    return bucket;
  };
  const agreed = (bucket: string, versioning: 'Enabled' | 'Off') => ({
    scope: scopeOf([{ bucket, key: 'p/' }]),
    count: { objects: AWKWARD.length, bytes: 0 },
    versioning: new Map([[bucket, versioning]]),
  });

  it('is a transfer, and leaves nothing behind where nothing can be undone', async () => {
    const bucket = await filled(false);
    await runDelete(explorer, session, agreed(bucket, 'Off'));
    assert.deepEqual(await keysOf(bucket), ['q']);
    const [transfer] = explorer.transfers.transfers;
    assert.equal(transfer?.state, 'done');
    assert.equal(transfer.progress.items, AWKWARD.length);
    await eventually(() => assert.deepEqual(readdirSync(path.join(storage, 'deletes')), []));
  });

  it('is undone in a bucket with versioning, from the list of deletes', async () => {
    const bucket = await filled(true);
    await runDelete(explorer, session, agreed(bucket, 'Enabled'));
    assert.deepEqual(await keysOf(bucket), ['q']);
    const pasts = new DeleteHistory(storage);
    const [past, ...others] = await pasts.undoable(session.key);
    assert.ok(past);
    assert.deepEqual([others, past.past.place], [[], `s3://${bucket}/p/`]);
    await undoPastDelete(explorer, past.id);
    assert.deepEqual(
      (await keysOf(bucket)).sort(),
      [...AWKWARD.map(key => `p/${key}`), 'q'].sort(),
    );
    assert.deepEqual(await pasts.undoable(session.key), []);
  });

  it('is never undone in another account', async () => {
    const bucket = await filled(true);
    await runDelete(explorer, session, agreed(bucket, 'Enabled'));
    const [past] = await new DeleteHistory(storage).undoable(session.key);
    assert.ok(past);
    on.connections.use(await on.sessionOf('theirs'));
    assert.deepEqual(await new DeleteHistory(storage).undoable('theirs'), []);
    await assert.rejects(undoPastDelete(explorer, past.id), { name: 'OtherConnection' });
    on.connections.use(session);
    assert.deepEqual(await keysOf(bucket), ['q']);
  });
});
