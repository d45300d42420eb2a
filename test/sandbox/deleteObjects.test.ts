import { readFile } from 'node:fs/promises';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deleteObjects, type DeleteObjectsInput } from '../../src/aws/deletion/deleteObjects.ts';
import { countForDeletion } from '../../src/aws/deletion/countForDeletion.ts';
import { undoDelete } from '../../src/aws/deletion/undoDelete.ts';
import { listObjects } from '../../src/aws/objects/listing.ts';
import { writeObject } from '../../src/aws/objects/objects.ts';
import { Pace } from '../../src/aws/pace.ts';
import type { AwsClients } from '../../src/aws/clients.ts';
import type { ObjectSelection } from '../../src/aws/selection/selection.ts';
import { startS3Proxy } from '../support/s3Proxy.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';
import { temporaryFolder } from './tagWorld.ts';

const AWKWARD = [
  ...['a b', '+', '%2F', '//', '/lead', '.', '..', 'a/../b', '😀', 'line\nfeed', 'tab\there'],
  ...['\u2028', 'e\u0301', '\u0001', '\u001f\r', '<&>"\'', '\uffff', 'x'.repeat(1024)],
];

let on: SandboxClients;
beforeAll(async () => {
  on = await startSandboxClients();
});
afterAll(() => on.close());

async function bucketOf(keys: readonly string[], versioned = false): Promise<string> {
  const bucket = await on.bucket();
  if (versioned) await turnOn(bucket);
  await put(bucket, keys);
  return bucket;
}

async function turnOn(bucket: string): Promise<void> {
  const VersioningConfiguration = { Status: 'Enabled' as const };
  const command = new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration });
  await on.clients.s3().send(command);
}

async function put(bucket: string, keys: readonly string[]): Promise<void> {
  for (let at = 0; at < keys.length; at += 40) {
    await Promise.all(
      keys.slice(at, at + 40).map(key => writeObject(on.clients.s3(), { bucket, key, body: 'x' })),
    );
  }
}

async function keysOf(bucket: string): Promise<string[]> {
  const { objects } = await listObjects(on.clients.s3(), { bucket, prefix: '', delimiter: '' });
  return objects.map(({ key }) => key);
}

async function versionsOf(bucket: string): Promise<number> {
  const command = new ListObjectVersionsCommand({ Bucket: bucket });
  const { Versions = [], DeleteMarkers = [] } = await on.clients.s3().send(command);
  return Versions.length + DeleteMarkers.length;
}

const numbered = (count: number, prefix = 'o/'): string[] =>
  Array.from({ length: count }, (_, at) => prefix + String(at).padStart(5, '0'));

const below = (bucket: string, prefix = ''): ObjectSelection => ({
  ...{ kind: 'listing', bucket, prefixes: [prefix], filter: {}, versions: 'current' },
});

async function inputOf(
  selections: readonly ObjectSelection[],
  makesMarkers = false,
): Promise<DeleteObjectsInput> {
  const agreedAt = new Date().toISOString();
  return { selections, makesMarkers, agreedAt, folder: await temporaryFolder() };
}

/** A journal in memory. */
function checkpoints(saved?: unknown) {
  let last = saved;
  return {
    checkpoint: () => last,
    save: (checkpoint: unknown) => {
      last = checkpoint;
      return Promise.resolve();
    },
  };
}

const patient = () => new Pace({ most: 8, pause: 5 });

describe('deleting', () => {
  it('takes every legal key, chosen or listed, also those that XML can’t carry', async () => {
    for (const chosen of [true, false]) {
      const bucket = await bucketOf(AWKWARD);
      const objects = AWKWARD.map(key => ({ bucket, key }));
      const selection = chosen ? ({ kind: 'objects', objects } as const) : below(bucket);
      const result = await deleteObjects(on.clients, await inputOf([selection]), checkpoints());
      expect(result).toMatchObject({ deleted: AWKWARD.length, failed: 0, cancelled: false });
      expect(await keysOf(bucket)).toEqual([]);
    }
  });

  it('deletes prefixes and objects of several buckets, and nothing beside them', async () => {
    const one = await bucketOf([...numbered(1050), 'o', 'p/1', 'o2/1']);
    const other = await bucketOf(['a', 'b']);
    const counted = await countForDeletion(on.clients, { selections: [below(one, 'o/')] });
    expect(counted).toMatchObject({ objects: 1050, bytes: 1050, markers: 0, versions: 0 });
    const chosen = { kind: 'objects', objects: [{ bucket: other, key: 'a' }] } as const;
    const input = await inputOf([below(one, 'o/'), chosen]);
    const seen: number[] = [];
    const onProgress = ({ deleted }: { deleted: number }): void => void seen.push(deleted);
    const result = await deleteObjects(on.clients, input, checkpoints(), { onProgress });
    expect(result).toMatchObject({ listed: 1051, deleted: 1051, failed: 0, markers: 0 });
    expect(seen.at(-1)).toBe(1051);
    expect(await keysOf(one)).toEqual(['o', 'o2/1', 'p/1']);
    expect(await keysOf(other)).toEqual(['b']);
  });

  it('slows down when S3 asks for it, and finishes', async () => {
    const bucket = await bucketOf(numbered(1100));
    let refused = 0;
    const endpoint = await startS3Proxy(on.sandbox.endpoint, ({ path, number }) => {
      if (!path.includes('delete') || number % 3 === 0) return 'pass';
      refused += 1;
      return refused < 12 ? 'slowDown' : 'pass';
    });
    const pace = patient();
    const clients = on.clientsAt(endpoint);
    const result = await deleteObjects(clients, await inputOf([below(bucket)]), checkpoints(), {
      pace,
    });
    expect(result).toMatchObject({ deleted: 1100, failed: 0 });
    expect(await keysOf(bucket)).toEqual([]);
  });

  it('names what it may not delete, one by one, and deletes the rest', async () => {
    const bucket = await bucketOf([...numbered(5), 'keep/1', 'keep/2\u0001']);
    const Statement = {
      ...{ Effect: 'Deny', Principal: '*', Action: 's3:DeleteObject' },
      Resource: `arn:aws:s3:::${bucket}/keep/*`,
    };
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [Statement] });
    await on.clients.s3().send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }));
    const input = await inputOf([below(bucket)]);
    const result = await deleteObjects(on.clients, input, checkpoints());
    expect(result).toMatchObject({ deleted: 5, failed: 2 });
    expect(result.failures.map(({ key, error }) => [key, error.code])).toEqual([
      ['keep/1', 'AccessDenied'],
      ['keep/2\u0001', 'AccessDenied'],
    ]);
    expect(await readFile(result.failuresFile!, 'utf8')).toMatch(
      /keep\/1,,failed,403,AccessDenied/,
    );
    expect(await keysOf(bucket)).toEqual(['keep/1', 'keep/2\u0001']);
  });

  it('has the rest fail when access is lost half way', async () => {
    const bucket = await bucketOf(numbered(1100));
    let requests = 0;
    const endpoint = await startS3Proxy(on.sandbox.endpoint, ({ path }) =>
      path.includes('delete') && ++requests > 1 ? 'deny' : 'pass',
    );
    const input = await inputOf([below(bucket)]);
    const result = await deleteObjects(on.clientsAt(endpoint), input, checkpoints());
    expect(result.deleted + result.failed).toBe(1100);
    expect(result.deleted).toBeGreaterThan(0);
    expect(result.failures[0]?.error).toMatchObject({
      code: 'AccessDenied',
      action: 's3:DeleteObject',
    });
    expect(await keysOf(bucket)).toHaveLength(result.failed);
  });

  it('called off, settles what it has begun and says so', async () => {
    const prefixes = ['a/', 'b/', 'c/'];
    const bucket = await bucketOf(prefixes.flatMap(prefix => numbered(20, prefix)));
    const stop = new AbortController();
    const endpoint = await startS3Proxy(on.sandbox.endpoint, ({ path }) => {
      if (path.includes('delete')) stop.abort();
      return 'pass';
    });
    const { signal } = stop;
    const input = await inputOf(prefixes.map(prefix => below(bucket, prefix)));
    const result = await deleteObjects(on.clientsAt(endpoint), input, checkpoints(), { signal });
    expect(result).toMatchObject({ cancelled: true, deleted: 20, failed: 0 });
    expect(await keysOf(bucket)).toHaveLength(40);
  });
});

/** Deletes until the network goes, then again on the other side of it. */
async function interrupted(
  clients: (endpoint: string) => AwsClients,
  input: DeleteObjectsInput,
  fate: 'cut' | 'loseAnswer',
): Promise<{ saved: unknown; requests: number }> {
  const journal = checkpoints();
  let requests = 0;
  const endpoint = await startS3Proxy(on.sandbox.endpoint, ({ path }) => {
    if (!path.includes('delete') || ++requests <= 1) return 'pass';
    return fate;
  });
  await expect(
    deleteObjects(clients(endpoint), input, journal, { pace: new Pace({ most: 1, pause: 1 }) }),
  ).rejects.toMatchObject({ code: 'Network' });
  return { saved: journal.checkpoint(), requests };
}

describe('a delete that is interrupted', () => {
  it.each(['cut', 'loseAnswer'] as const)(
    'by a connection that is lost (%s) goes on',
    async fate => {
      const keys = numbered(1100);
      const bucket = await bucketOf(keys);
      const input = await inputOf([
        { kind: 'objects', objects: keys.map(key => ({ bucket, key })) },
      ]);
      const { saved } = await interrupted(at => on.clientsAt(at), input, fate);
      const result = await deleteObjects(on.clients, input, checkpoints(saved));
      expect(result).toMatchObject({ failed: 0, cancelled: false });
      expect(await keysOf(bucket)).toEqual([]);
    },
  );

  const counts = { listed: 0, deleted: 0, failed: 0, markers: 0 };
  it.each([
    { by: 'itself', saved: { counts, at: 0 } },
    { by: 'the user', isContinued: true },
  ])('and continued by $by leaves what was written since', async ({ saved, isContinued }) => {
    const bucket = await bucketOf(numbered(3));
    const selection = below(bucket);
    const agreedAt = new Date(Date.now() - 3_600_000).toISOString();
    const input = { ...(await inputOf([selection])), agreedAt, isContinued };
    const result = await deleteObjects(on.clients, input, checkpoints(saved));
    expect(result).toMatchObject({ listed: 0, deleted: 0 });
    expect(await keysOf(bucket)).toHaveLength(3);
  });

  it('knows the markers of a request whose answer was lost, and can undo all', async () => {
    const keys = numbered(1100);
    const bucket = await bucketOf(keys, true);
    const input = await inputOf(
      [{ kind: 'objects', objects: keys.map(key => ({ bucket, key })) }],
      true,
    );
    const { saved } = await interrupted(at => on.clientsAt(at), input, 'loseAnswer');
    await deleteObjects(on.clients, input, checkpoints(saved));
    expect(await keysOf(bucket)).toEqual([]);
    const undone = await undoDelete(on.clients, { folder: input.folder });
    expect(undone).toMatchObject({ failed: 0, cancelled: false });
    const left = await countForDeletion(on.clients, {
      selections: [{ ...below(bucket), versions: 'everything' } as ObjectSelection],
    });
    expect(left).toMatchObject({ objects: 1100, versions: 0, markers: 0 });
  });
});

describe('undoing a delete', () => {
  it('removes the markers that were made, and nothing else', async () => {
    const bucket = await bucketOf([...AWKWARD, 'gone', 'other'], true);
    const gone = await inputOf([{ kind: 'objects', objects: [{ bucket, key: 'gone' }] }], true);
    await deleteObjects(on.clients, gone, checkpoints());
    const input = await inputOf([below(bucket)], true);
    const result = await deleteObjects(on.clients, input, checkpoints());
    expect(result).toMatchObject({ deleted: AWKWARD.length + 1, markers: AWKWARD.length + 1 });
    const undone = await undoDelete(on.clients, { folder: input.folder });
    expect(undone).toMatchObject({ restored: AWKWARD.length + 1, failed: 0 });
    expect((await keysOf(bucket)).sort()).toEqual([...AWKWARD, 'other'].sort());
    expect(await versionsOf(bucket)).toBe(AWKWARD.length + 3);
    // Once more: there is nothing left to undo, and nothing wrong.
    const again = await undoDelete(on.clients, { folder: input.folder });
    expect(again).toMatchObject({ restored: AWKWARD.length + 1, failed: 0 });
  });

  it('leaves what was written, deleted again or lost its versions meanwhile, and says so', async () => {
    const keys = ['deleted', 'lost', 'plain', 'written'];
    const bucket = await bucketOf(keys, true);
    const input = await inputOf([below(bucket)], true);
    await deleteObjects(on.clients, input, checkpoints());
    await put(bucket, ['written']);
    await deleteObjects(
      on.clients,
      await inputOf([{ kind: 'objects', objects: [{ bucket, key: 'deleted' }] }], true),
      checkpoints(),
    );
    const { Versions = [] } = await on.clients
      .s3()
      .send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: 'lost' }));
    const versionId = Versions[0]!.VersionId!;
    await deleteObjects(
      on.clients,
      await inputOf([{ kind: 'objects', objects: [{ bucket, key: 'lost', versionId }] }]),
      checkpoints(),
    );
    const undone = await undoDelete(on.clients, { folder: input.folder });
    expect(undone).toMatchObject({ restored: 1, failed: 3 });
    expect(undone.failures.map(({ key, error }) => [key, error.reason])).toEqual(
      expect.arrayContaining([
        ['deleted', 'DeletedAgain'],
        ['lost', 'VersionsGone'],
        ['written', 'WrittenSince'],
      ]),
    );
    expect(await keysOf(bucket)).toEqual(['plain', 'written']);
    const { Body } = await on.clients
      .s3()
      .send(new GetObjectCommand({ Bucket: bucket, Key: 'written' }));
    expect(await Body!.transformToString()).toBe('x');
  });

  it('finds each of the keys among very many others', async () => {
    const bucket = await bucketOf(numbered(1100), true);
    const chosen = ['o/00000', 'o/00533', 'o/01099'].map(key => ({ bucket, key }));
    const input = await inputOf([{ kind: 'objects', objects: chosen }], true);
    await deleteObjects(on.clients, input, checkpoints());
    expect(await undoDelete(on.clients, { folder: input.folder })).toMatchObject({ restored: 3 });
  });
});

it('needs a bucket that exists', async () => {
  await on.clients.s3().send(new CreateBucketCommand({ Bucket: 'is-there' }));
  const input = await inputOf([below('is-not-there')]);
  await expect(deleteObjects(on.clients, input, checkpoints())).rejects.toMatchObject({
    code: 'NotFound',
  });
});
