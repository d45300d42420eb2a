import { PutBucketPolicyCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listObjects } from '../../../src/aws/objects/listing.ts';
import { putObjectTags } from '../../../src/aws/objects/tags.ts';
import { parseResult } from '../../../src/aws/tagChanges/formerTags.ts';
import { taggerArguments } from '../../../src/aws/taggerFunction/taggerArguments.ts';
import { recordFolder } from '../../../src/aws/taggerFunction/tagRecord.ts';
import { REPORTS, TaggerWorld } from './taggerWorld.ts';

/** Jobs that call the tagger: the very zip that is deployed to AWS, as its own role. */
let world: TaggerWorld;
beforeAll(async () => {
  world = await TaggerWorld.open();
}, 120_000);
afterAll(() => world.close());

const tag = (key: string, value = '') => ({ key, value });
const AWKWARD = [
  'plain.txt',
  'a b+c%2F.txt',
  'ü/é字𝒳.txt',
  '{"k":"plain.txt","t":[]}',
  "!'()*~&=?#@:;,.txt",
  '"quoted"',
  'line\nbreak\ttab',
  '../up/./here//twice',
  'ends/',
  `long/${'k'.repeat(1000)}`,
  `long/${'ü'.repeat(500)}`,
];

describe('a job that adds a tag', () => {
  it('keeps the others, whatever the key; its undo takes back what it did, and that one’s too', async () => {
    const before = [tag('owner', 'me'), tag('team', 'red')];
    const after = [tag('owner', 'me'), tag('reviewed', 'yes'), tag('team', 'blue')];
    await world.put(Object.fromEntries(AWKWARD.map(key => [key, before])));
    const rows = AWKWARD.map(key => ({ key }));
    const tags = [tag('team', 'blue'), tag('reviewed', 'yes')];
    const job = await world.change({ kind: 'add', tags }, rows);
    expect(job).toMatchObject({ status: 'Complete', succeeded: AWKWARD.length, failed: 0 });
    for (const key of AWKWARD) expect(await world.tags(key)).toEqual(after);
    for (const { message } of await world.rows(job)) {
      expect(parseResult(message)).toMatchObject({
        before: expect.arrayContaining(before) as unknown,
      });
    }

    const undo = await world.undo(job);
    expect(undo).toMatchObject({ status: 'Complete', succeeded: AWKWARD.length, failed: 0 });
    for (const key of AWKWARD) expect(await world.tags(key)).toEqual(before);

    const redo = await world.undo(undo);
    expect(redo).toMatchObject({ status: 'Complete', succeeded: AWKWARD.length, failed: 0 });
    for (const key of AWKWARD) expect(await world.tags(key)).toEqual(after);
  });

  it('says of each object that it can’t change why, and changes nothing of it', async () => {
    const ten = Array.from({ length: 10 }, (_, at) => tag(`k${at}`, `${at}`));
    await world.put({ 'full.txt': ten, 'free.txt': [] });
    const rows = ['full.txt', 'free.txt', 'gone.txt'].map(key => ({ key }));
    const job = await world.change({ kind: 'add', tags: [tag('eleventh')] }, rows);
    expect(job).toMatchObject({ status: 'Complete', succeeded: 1, failed: 2 });
    const said = (await world.rows(job)).map(row => [row.key, row.errorCode, row.message]);
    expect(said).toEqual([
      ['free.txt', '', '{"before":[],"after":[["eleventh",""]]}'],
      ['full.txt', 'PermanentFailure', expect.stringMatching(/^TooManyTags: .*11 tags/)],
      ['gone.txt', 'PermanentFailure', expect.stringMatching(/^NoSuchKey: /)],
    ]);
    expect(await world.tags('full.txt')).toEqual(ten);
    const undo = await world.undo(job);
    expect(undo).toMatchObject({ total: 1, succeeded: 1, failed: 0 });
  });

  it('writes down sets that its report can’t hold, and puts them back', async () => {
    const large = Array.from({ length: 10 }, (_, at) =>
      tag(`key-${at}-${'k'.repeat(100)}`, 'v'.repeat(200)),
    );
    const keys = ['large.txt', `large/${'x'.repeat(1000)}`];
    await world.put(Object.fromEntries(keys.map(key => [key, large])));
    const rows = keys.map(key => ({ key }));
    const job = await world.change({ kind: 'removeAll' }, rows, { record: 'large' });
    expect(job).toMatchObject({ succeeded: 2, failed: 0 });
    const folder = recordFolder(REPORTS, job.jobId);
    for (const { message } of await world.rows(job)) {
      expect(parseResult(message)).toEqual({
        beforeKey: expect.stringContaining(folder) as unknown,
      });
    }
    for (const key of keys) expect(await world.tags(key)).toEqual([]);
    const undo = await world.undo(job);
    expect(undo).toMatchObject({ succeeded: 2, failed: 0 });
    for (const key of keys) expect(await world.tags(key)).toEqual(large);
    expect(await world.undo(undo)).toMatchObject({ succeeded: 2, failed: 0 });
    for (const key of keys) expect(await world.tags(key)).toEqual([]);
  });

  it('writes down former tags without the KMS key that may be the default of their bucket', async () => {
    const own = await TaggerWorld.open();
    try {
      const Policy = JSON.stringify({
        Version: '2012-10-17',
        Statement: {
          ...{ Effect: 'Deny', Principal: '*', Action: 's3:PutObject' },
          Resource: `arn:aws:s3:::${own.assets}/*/before/*`,
          Condition: { StringNotEquals: { 's3:x-amz-server-side-encryption': 'AES256' } },
        },
      });
      await own.clients.s3().send(new PutBucketPolicyCommand({ Bucket: own.assets, Policy }));
      const large = Array.from({ length: 10 }, (_, at) => tag(`k${at}`, 'v'.repeat(200)));
      await own.put({ 'large.txt': large });
      const job = await own.change({ kind: 'removeAll' }, [{ key: 'large.txt' }]);
      expect(job).toMatchObject({ succeeded: 1, failed: 0 });
      const undo = await own.undo(job);
      expect(undo).toMatchObject({ succeeded: 1, failed: 0 });
      expect(await own.tags('large.txt')).toEqual(large);
    } finally {
      await own.close();
    }
  });

  it('changes a version as that version', async () => {
    const own = await TaggerWorld.open();
    try {
      await own.keepVersions();
      const put = async () => {
        const input = { Bucket: own.bucket, Key: 'v.txt', Body: 'x', Tagging: 'a=1' };
        const { VersionId } = await own.clients.s3().send(new PutObjectCommand(input));
        return VersionId!;
      };
      const [old, current] = [await put(), await put()];
      const rows = [{ key: 'v.txt', versionId: old }];
      const job = await own.change({ kind: 'rename', from: 'a', to: 'b' }, rows);
      expect(job).toMatchObject({ succeeded: 1, failed: 0 });
      expect(await own.tags('v.txt', old)).toEqual([tag('b', '1')]);
      expect(await own.tags('v.txt', current)).toEqual([tag('a', '1')]);
      expect(await own.undo(job)).toMatchObject({ succeeded: 1, failed: 0 });
      expect(await own.tags('v.txt', old)).toEqual([tag('a', '1')]);
    } finally {
      await own.close();
    }
  });

  it('is denied a bucket that its role does not list', async () => {
    const other = await world.sandbox.bucket();
    const s3 = world.clients.s3();
    await s3.send(new PutObjectCommand({ Bucket: other, Key: 'k', Body: 'x', Tagging: 'a=1' }));
    const manifest = await world.manifest([{ key: 'k' }], other);
    const job = await world.change({ kind: 'removeAll' }, [], { manifest });
    expect(job).toMatchObject({ succeeded: 0, failed: 1 });
    expect((await world.rows(job))[0]?.message).toMatch(/^AccessDenied: /);
    expect(await world.tags('k', undefined, other)).toEqual([tag('a', '1')]);
  });
});

describe('an undo', () => {
  it('leaves what someone changed since, unless it shall not, and what someone added', async () => {
    await world.put({ 'kept.txt': [tag('a', '1')], 'changed.txt': [tag('a', '1')] });
    const rows = ['kept.txt', 'changed.txt'].map(key => ({ key }));
    const job = await world.change({ kind: 'add', tags: [tag('a', '2')] }, rows);
    const { bucket } = world;
    const s3 = world.clients.s3();
    await putObjectTags(s3, { bucket, key: 'changed.txt', tags: [tag('a', '3')] });
    await putObjectTags(s3, { bucket, key: 'kept.txt', tags: [tag('a', '2'), tag('new')] });
    const undo = await world.undo(job);
    expect(undo).toMatchObject({ succeeded: 1, failed: 1 });
    expect((await world.rows(undo)).map(row => row.message)).toContainEqual(
      expect.stringMatching(/^ChangedSince: .*"a"/),
    );
    expect(await world.tags('kept.txt')).toEqual([tag('a', '1'), tag('new')]);
    expect(await world.tags('changed.txt')).toEqual([tag('a', '3')]);
    expect(await world.undo(job, 'overwrite')).toMatchObject({ succeeded: 2, failed: 0 });
    expect(await world.tags('changed.txt')).toEqual([tag('a', '1')]);
  });
});

describe('a task', () => {
  const report = () => ({ bucket: world.assets, prefix: REPORTS });

  it('that is invoked again answers what was there before the first time', async () => {
    await world.put({ 'twice.txt': [tag('a', '1')] });
    const action = { kind: 'replaceAll', tags: [tag('b', '2')] } as const;
    const work = taggerArguments({ action, report: report(), record: 'always' });
    const first = await world.invoke('twice', work, 'twice.txt');
    expect(first).toMatchObject({
      resultCode: 'Succeeded',
      resultString: '{"before":[["a","1"]],"after":[["b","2"]]}',
    });
    expect(await world.invoke('twice', work, 'twice.txt')).toEqual(first);
    expect(await world.tags('twice.txt')).toEqual([tag('b', '2')]);
    // Another job finds what is there now.
    const other = await world.invoke('another', work, 'twice.txt');
    expect(other.resultString).toBe('{"before":[["b","2"]],"after":[["b","2"]]}');
  });

  it('writes no record of what is so already, and none of small sets unless it shall', async () => {
    await world.put({ 'same.txt': [tag('a', '1')] });
    const add = (value: string, record: 'always' | 'large') =>
      taggerArguments({
        action: { kind: 'add', tags: [tag('a', value)] },
        report: report(),
        record,
      });
    await world.invoke('same', add('1', 'always'), 'same.txt');
    await world.invoke('same', add('2', 'large'), 'same.txt');
    const prefix = recordFolder(REPORTS, 'same');
    const s3 = world.clients.s3();
    const found = await listObjects(s3, { bucket: world.assets, prefix, delimiter: '' });
    expect(found.objects).toEqual([]);
  });

  it('of a job that it can’t read fails and says so', async () => {
    const said = await world.invoke('odd', { tagger: '9' }, 'same.txt');
    expect(said).toMatchObject({
      resultCode: 'PermanentFailure',
      resultString: expect.stringMatching(/^UnsupportedArguments: /) as unknown,
    });
  });
});

describe('while S3 is throttling', () => {
  it('a job is tried again and ends with nothing lost', async () => {
    const keys = Array.from({ length: 30 }, (_, at) => `busy/${at}`);
    await world.put(Object.fromEntries(keys.map(key => [key, [tag('a', '1')]])));
    const { faults } = world.sandbox.sandbox.services;
    const rules = ['GetObjectTagging', 'PutObjectTagging', 'PutObject'].map(operation => ({
      ...({ fault: 'SlowDown', where: 'requests', service: 's3', operation } as const),
      share: 0.3,
    }));
    faults.set({ seed: 3, rules });
    const change = { kind: 'replaceAll', tags: [tag('b', '2')] } as const;
    const rows = keys.map(key => ({ key }));
    const manifest = await world.manifest(rows).catch(() => world.manifest(rows));
    const job = await world.change(change, rows, { manifest });
    faults.set({ seed: 3, rules: [] });
    expect(job).toMatchObject({ status: 'Complete', succeeded: 30, failed: 0 });
    for (const { message } of await world.rows(job)) {
      expect(message).toBe('{"before":[["a","1"]],"after":[["b","2"]]}');
    }
  }, 120_000);
});
