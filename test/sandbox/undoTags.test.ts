import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeTags } from '../../src/aws/tagChanges/changeTags.ts';
import { previewTags } from '../../src/aws/tagChanges/previewTags.ts';
import type { WhenChanged } from '../../src/aws/tagChanges/revert.ts';
import type { TagChange } from '../../src/aws/tagChanges/tagChange.ts';
import { createUndoManifest } from '../../src/aws/tagUndo/createUndoManifest.ts';
import { previewUndo } from '../../src/aws/tagUndo/previewUndo.ts';
import { undoTags } from '../../src/aws/tagUndo/undoTags.ts';
import { tags } from '../support/tagChangeCases.ts';
import { change, itemsOf, keyOf, REPORTS, TagWorld, temporaryFolder } from './tagWorld.ts';

let world: TagWorld;
beforeAll(async () => {
  world = await TagWorld.start();
});
afterAll(() => world.on.close());

const REPLACE: TagChange = { kind: 'replaceAll', tags: tags('mine=1') };
let undone = 0;
const undo = async (
  source: { bucket: string; key: string },
  { whenChanged = 'keep', known }: { whenChanged?: WhenChanged; known?: TagChange } = {},
) =>
  await undoTags(
    world.clients,
    {
      id: `undo-${(undone += 1)}`,
      source: { ...source, ...(known && { change: known }) },
      whenChanged,
      report: { bucket: source.bucket, prefix: REPORTS },
    },
    await temporaryFolder(),
  );

describe('undoing a change of tags by its report', () => {
  it('restores each object, and can be undone itself, and that too', async () => {
    const bucket = await world.bucketOf(12);
    const all = async () =>
      await Promise.all(itemsOf(bucket, 12).map(({ object }) => world.tagsOf(bucket, object.key)));
    const before = await all();
    const done = await change(world.clients, { items: itemsOf(bucket, 12), change: REPLACE });
    const after = await all();
    expect(after[3]).toEqual(['mine=1']);
    const first = await undo(done.report!);
    expect(first).toMatchObject({ total: 12, succeeded: 12, failed: 0 });
    expect(await all()).toEqual(before);
    const second = await undo(first.report!);
    expect(second).toMatchObject({ total: 12, succeeded: 12 });
    expect(await all()).toEqual(after);
    await undo(second.report!);
    expect(await all()).toEqual(before);
  });

  it('leaves alone what the change left alone', async () => {
    const bucket = await world.bucketOf(3);
    await world.retag(bucket, keyOf(1), ['mine=1']);
    const done = await change(world.clients, { items: itemsOf(bucket, 3), change: REPLACE });
    await world.retag(bucket, keyOf(1), ['later=1']);
    expect(await undo(done.report!)).toMatchObject({ total: 2, succeeded: 2 });
    expect(await world.tagsOf(bucket, keyOf(1))).toEqual(['later=1']);
  });

  it('keeps what someone added since, and says where someone changed the same tag', async () => {
    const bucket = await world.bucketOf(4);
    const add: TagChange = { kind: 'add', tags: tags('a=2') };
    const done = await change(world.clients, { items: itemsOf(bucket, 4), change: add });
    await world.retag(bucket, keyOf(1), ['a=2', 'n=1', 'later=1']);
    await world.retag(bucket, keyOf(2), ['a=3', 'n=2']);
    const preview = await previewUndo(world.clients, { source: done.report! });
    expect(preview).toMatchObject({ looked: 4, complete: true, changing: 3, unchanged: 0 });
    expect(preview.refused).toEqual([
      {
        ...{ status: 409, code: 'ChangedSince', count: 1 },
        message: 'These tags were changed since: a',
        samples: [{ bucket, key: keyOf(2) }],
      },
    ]);
    const kept = await undo(done.report!);
    expect(kept).toMatchObject({ total: 4, succeeded: 3, failed: 1 });
    expect(await world.tagsOf(bucket, keyOf(1))).toEqual(['a=1', 'later=1', 'n=1']);
    expect(await world.tagsOf(bucket, keyOf(2))).toEqual(['a=3', 'n=2']);
    await undo(done.report!, { whenChanged: 'overwrite' });
    expect(await world.tagsOf(bucket, keyOf(2))).toEqual(['a=1', 'n=2']);
  });

  it('finds former tags that did not fit into the report', async () => {
    const bucket = await world.bucketOf(2);
    const big = Array.from({ length: 10 }, (_, at) => `k${at}=${'ß'.repeat(250)}`);
    await world.retag(bucket, keyOf(0), big);
    const done = await change(world.clients, { items: itemsOf(bucket, 2), change: REPLACE });
    const first = await undo(done.report!);
    expect(await world.tagsOf(bucket, keyOf(0))).toEqual(big);
    const second = await undo(first.report!);
    expect(await world.tagsOf(bucket, keyOf(0))).toEqual(['mine=1']);
    await undo(second.report!);
    expect(await world.tagsOf(bucket, keyOf(0))).toEqual(big);
  });

  it('says whose former tags are lost, and restores the others', async () => {
    const bucket = await world.bucketOf(3);
    const big = Array.from({ length: 10 }, (_, at) => `k${at}=${'ß'.repeat(250)}`);
    await world.retag(bucket, keyOf(0), big);
    const done = await change(world.clients, { items: itemsOf(bucket, 3), change: REPLACE });
    const before = done.report!.key.replace('manifest.json', 'before/00000-1.csv');
    await world.clients.s3().send(new DeleteObjectCommand({ Bucket: bucket, Key: before }));
    const preview = await previewUndo(world.clients, { source: done.report! });
    expect(preview).toMatchObject({ changing: 2, refused: [{ code: 'FormerTagsLost', count: 1 }] });
    const byJob = { source: done.report!, id: 'by-job' };
    expect(await createUndoManifest(world.clients, byJob)).toMatchObject({ rows: 2, leftOut: 1 });
    const back = await undo(done.report!);
    expect(back).toMatchObject({ total: 3, succeeded: 2, failed: 1 });
    expect(await world.tagsOf(bucket, keyOf(0))).toEqual(['mine=1']);
    expect(await world.tagsOf(bucket, keyOf(1))).toEqual(['a=1', 'n=1']);
  });

  it('does not pass for a whole one where a file of the report is missing', async () => {
    const bucket = await world.bucketOf(2);
    const objects = [...itemsOf(bucket, 2), { object: { bucket, key: 'gone' } }];
    const done = await change(world.clients, { items: objects, change: REPLACE });
    const remove = async (name: string): Promise<void> => {
      const Key = done.report!.key.replace('manifest.json', `results/${name}.csv`);
      await world.clients.s3().send(new DeleteObjectCommand({ Bucket: bucket, Key }));
    };
    await remove('failed');
    expect(await undo(done.report!)).toMatchObject({ total: 2, succeeded: 2 });
    await remove('succeeded');
    await expect(undo(done.report!)).rejects.toMatchObject({ code: 'NotFound' });
  });

  it('says when there is nothing to undo', async () => {
    const bucket = await world.bucketOf(1);
    await world.retag(bucket, keyOf(0), ['mine=1']);
    const done = await change(world.clients, { items: itemsOf(bucket, 1), change: REPLACE });
    await expect(undo(done.report!)).rejects.toMatchObject({ reason: 'NothingToUndo' });
  });

  it('finds every key again, however awkward', async () => {
    const bucket = await world.on.bucket();
    const keys = [
      ...[
        'a b',
        'a+b',
        'a%20b',
        'ü/ø',
        '"quoted", too',
        'line\nbreak',
        '日本/語',
        '😀',
        '-x',
        "it's",
      ],
      ...fc
        .sample(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }), {
          numRuns: 20,
          seed: 7,
        })
        .filter(key => key.isWellFormed() && /^[\P{Cc}]+$/u.test(key) && !/^\.{1,2}$/.test(key)),
    ];
    for (const Key of new Set(keys)) {
      const input = { Bucket: bucket, Key, Body: 'x', Tagging: 'a=1' };
      await world.clients.s3().send(new PutObjectCommand(input));
    }
    const done = await changeTags(
      world.clients,
      {
        id: 'awkward',
        selection: { kind: 'listing', bucket, prefixes: [''], filter: {}, versions: 'current' },
        change: REPLACE,
        report: { bucket, prefix: REPORTS },
      },
      await temporaryFolder(),
    );
    expect(done).toMatchObject({ failed: 0, succeeded: new Set(keys).size });
    expect(await world.tagsOf(bucket, 'line\nbreak')).toEqual(['mine=1']);
    const back = await undo(done.report!);
    expect(back).toMatchObject({ total: done.succeeded, succeeded: done.succeeded });
    for (const key of keys) expect(await world.tagsOf(bucket, key)).toEqual(['a=1']);
  });
});

describe('a preview', () => {
  it('counts what changes, what is so already, and what can not be changed and why', async () => {
    const bucket = await world.bucketOf(6);
    const ten = Array.from({ length: 10 }, (_, at) => `k${at}=v`);
    await world.retag(bucket, keyOf(1), ten);
    await world.retag(bucket, keyOf(2), ['mine=1']);
    const objects = [...itemsOf(bucket, 6).map(({ object }) => object), { bucket, key: 'gone' }];
    const preview = await previewTags(world.clients, {
      selection: { kind: 'objects', objects },
      change: { kind: 'add', tags: tags('mine=1') },
    });
    expect(preview).toMatchObject({ looked: 7, complete: true, changing: 4, unchanged: 1 });
    expect(preview.refused.map(({ code, count }) => [code, count]).toSorted()).toEqual([
      ['NoSuchKey', 1],
      ['TooManyTags', 1],
    ]);
    expect(preview.examples[0]).toMatchObject({ before: expect.any(Array) as unknown });
    expect(await world.tagsOf(bucket, keyOf(0))).toEqual(['a=1', 'n=0']);
  });

  it('looks at a sample where that is enough', async () => {
    const bucket = await world.bucketOf(30);
    const preview = await previewTags(world.clients, {
      limit: 10,
      selection: { kind: 'listing', bucket, prefixes: ['o/'], filter: {}, versions: 'current' },
      change: { kind: 'remove', keys: ['n'] },
    });
    expect(preview).toMatchObject({ looked: 10, complete: false, changing: 10 });
  });
});
