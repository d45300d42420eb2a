import {
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { runCopies } from '../../src/aws/copies/runCopies.ts';
import type { Fate } from '../support/s3Proxy.ts';
import { AWKWARD, CopyWorld, taskFolder } from './copyWorld.ts';

const world = CopyWorld.forTests();

describe('copies and moves', () => {
  it('take every awkward key below a prefix, and nothing beside it', async () => {
    for (const key of AWKWARD) await world.put(`from/${key}`);
    await world.put('from-not');
    const copied = await world.run(world.input([world.order('from/', 'to/')]));
    expect(copied).toMatchObject({ done: AWKWARD.length, failed: 0, skipped: 0, failures: [] });
    const moved = await world.run(world.move('from/', 'moved/'));
    expect(moved).toMatchObject({ done: AWKWARD.length, failed: 0 });
    const names = (prefix: string) => AWKWARD.map(key => prefix + key);
    expect((await world.keys()).sort()).toEqual(
      [...names('moved/'), ...names('to/'), 'from-not'].sort(),
    );
    for (const [key, body] of Object.entries(await world.contents())) {
      if (key !== 'from-not') expect(key.endsWith(body.slice('from/'.length))).toBe(true);
    }
  });

  it('take single objects from several buckets, each to a place of its own', async () => {
    const other = await world.on.bucket();
    await world.put('a');
    await world.put('b');
    await world.on.clients.s3().send(new PutObjectCommand({ Bucket: other, Key: 'c', Body: 'c' }));
    const orders = [
      world.order('a', 'x/a'),
      world.order('b', 'x/b'),
      { ...world.order('c', 'x/c'), bucket: other },
    ];
    expect(await world.run(world.input(orders, { moves: true }))).toMatchObject({
      done: 3,
      bytes: 3,
    });
    expect([await world.keys(), await world.keys(other)]).toEqual([['x/a', 'x/b', 'x/c'], []]);
  });

  it.each([undefined, 4])('keep all that an object has, also in parts (%s)', async maxCopyBytes => {
    await world.put('from/full', 'the body of it', {
      ...{ CacheControl: 'max-age=1', ContentDisposition: 'inline', ContentLanguage: 'de' },
      ...{ ContentEncoding: 'identity', ContentType: 'text/x-own', Metadata: { a: '1', b: 'ü' } },
      ...{ Expires: new Date('2031-01-02T03:04:05Z'), StorageClass: 'ONEZONE_IA' },
      ...{ WebsiteRedirectLocation: '/elsewhere', Tagging: 'a=b&c=d%20e' },
      ...{ ChecksumAlgorithm: 'CRC32C', ServerSideEncryption: 'AES256' },
    });
    const look = async (Key: string) => {
      const s3 = world.on.clients.s3();
      const head = await s3.send(
        new HeadObjectCommand({ Bucket: world.bucket, Key, ChecksumMode: 'ENABLED' }),
      );
      const { TagSet } = await s3.send(new GetObjectTaggingCommand({ Bucket: world.bucket, Key }));
      return { ...head, $metadata: 0, LastModified: 0, ETag: 0, TagSet };
    };
    const before = await look('from/full');
    expect(await world.run(world.move('from/', 'to/', { maxCopyBytes }))).toMatchObject({
      done: 1,
    });
    expect(await look('to/full')).toEqual(before);
    expect(await world.keys()).toEqual(['to/full']);
    const { Uploads = [] } = await world.on.clients
      .s3()
      .send(new ListMultipartUploadsCommand({ Bucket: world.bucket }));
    expect(Uploads).toEqual([]);
  });

  it('leave what is taken, overwrite it, or keep both, as it was decided for each', async () => {
    for (const key of ['from/a.txt', 'from/b.txt', 'from/c.txt', 'from/d.txt'])
      await world.put(key);
    for (const key of ['a.txt', 'b.txt', 'c.txt']) await world.put(`to/${key}`, 'other');
    await world.put('to/c copy.txt', 'another');
    const decided = [
      ['to/b.txt', 'overwrite'],
      ['to/c.txt', 'keepBoth'],
    ] as const;
    const result = await world.run(world.move('from/', 'to/', { onConflict: 'skip', decided }));
    expect(result).toMatchObject({ done: 3, skipped: 1, failed: 0 });
    expect(await world.contents()).toEqual({
      ...{ 'from/a.txt': 'from/a.txt', 'to/a.txt': 'other', 'to/b.txt': 'from/b.txt' },
      ...{ 'to/c.txt': 'other', 'to/c copy.txt': 'another', 'to/c copy 2.txt': 'from/c.txt' },
      'to/d.txt': 'from/d.txt',
    });
  });

  it('take keys that every object of JavaScript has, and what was decided for them', async () => {
    const keys = ['constructor', 'toString', '__proto__'];
    for (const key of keys) await world.put(`from/${key}`);
    await world.put('__proto__', 'other');
    const decided = [['__proto__', 'overwrite']] as const;
    const result = await world.run(world.input([world.order('from/', '')], { decided }));
    expect(result).toMatchObject({ done: 3, skipped: 0, failed: 0 });
    const contents = new Map(Object.entries(await world.contents()));
    for (const key of keys) expect(contents.get(key)).toBe(`from/${key}`);
  });

  it('keep no list of the names of all that is kept beside others', async () => {
    await world.putMany('from/', 60);
    await world.putMany('to/', 60);
    const task = await taskFolder();
    const input = world.input([world.order('from/', 'to/')], { onConflict: 'keepBoth' });
    expect(await runCopies(world.on.clients, input, task)).toMatchObject({ done: 60, failed: 0 });
    expect(await readdir(task.folder)).not.toContain('names.jsonl');
  });

  it('never overwrite what nobody was asked about', async () => {
    await world.put('from/a');
    await world.put('to/a', 'other');
    const { failures } = await world.run(world.move('from/', 'to/'));
    expect(failures).toMatchObject([
      { key: 'from/a', to: 'to/a', isCopied: false, error: { code: 'Conflict', reason: 'Exists' } },
    ]);
    expect(await world.contents()).toEqual({ 'from/a': 'from/a', 'to/a': 'other' });
  });

  it('duplicate what is put where it is', async () => {
    await world.put('p/a.txt');
    const duplicate = world.input([world.order('p/a.txt', 'p/a.txt')]);
    expect(await world.run(duplicate)).toMatchObject({ done: 1 });
    expect(await world.run(duplicate)).toMatchObject({ done: 1 });
    expect(await world.keys()).toEqual(['p/a copy 2.txt', 'p/a copy.txt', 'p/a.txt']);
  });

  it('say of archived objects that they are, and move the others', async () => {
    await world.put('from/a');
    await world.put('from/cold', 'cold', { StorageClass: 'GLACIER' });
    const { done, failures } = await world.run(world.move('from/', 'to/'));
    expect(done).toBe(1);
    expect(failures).toMatchObject([{ key: 'from/cold', error: { reason: 'Archived' } }]);
    expect(await world.keys()).toEqual(['from/cold', 'to/a']);
  });
});

describe('a move while others write', () => {
  it.each([
    ['other bytes', () => world.put('from/a', 'new')],
    ['other metadata', () => world.put('from/a', 'from/a', { Metadata: { now: 'another' } })],
  ])('leaves an original that got %s, with its copy beside it', async (_, write) => {
    await world.put('from/a');
    await world.put('from/b');
    let written = false;
    const clients = await world.through(async (request): Promise<Fate> => {
      // The look at the copy comes behind it.
      const isLook = request.method === 'HEAD' && request.path.includes('/to/a');
      if (isLook && !written && (await world.keys()).includes('to/a')) {
        written = true;
        await write();
      }
      return 'pass';
    });
    const { done, failures } = await world.run(world.move('from/', 'to/'), clients);
    expect({ done, failures }).toMatchObject({
      done: 1,
      failures: [{ key: 'from/a', isCopied: true, error: { code: 'Conflict', reason: 'Changed' } }],
    });
    expect(await world.keys()).toEqual(['from/a', 'to/a', 'to/b']);
  });

  it('of one prefix to one place in two windows loses nothing', async () => {
    const sources = await world.putMany('from/', 60);
    const both = await Promise.all([
      world.run(world.move('from/', 'to/')),
      world.run(world.move('from/', 'to/')),
    ]);
    expect((await world.keys()).sort()).toEqual(sources.map(key => key.replace('from', 'to')));
    for (const { done, failed, failures } of both) {
      expect(done + failed).toBeLessThanOrEqual(60);
      // What the other one has moved away meanwhile is not there any more, and is said.
      for (const { error } of failures) expect(['NotFound', 'Conflict']).toContain(error.code);
    }
    expect(both[0].done + both[1].done).toBeGreaterThanOrEqual(60);
  });

  it('of one prefix to two places in two windows loses nothing', async () => {
    const sources = await world.putMany('from/', 60);
    await Promise.all([
      world.run(world.move('from/', 'to/')),
      world.run(world.move('from/', 'other/')),
    ]);
    const names = new Set((await world.keys()).map(key => key.replace(/^\w+\//, '')));
    expect(names.size).toBe(sources.length);
    expect((await world.keys()).filter(key => key.startsWith('from/'))).toEqual([]);
  });
});

it('a copy of a versioned object is of what is current, tags that were changed later included', async () => {
  const s3 = world.on.clients.s3();
  const VersioningConfiguration = { Status: 'Enabled' } as const;
  await s3.send(new PutBucketVersioningCommand({ Bucket: world.bucket, VersioningConfiguration }));
  await world.put('v', 'one');
  await world.put('v', 'two');
  const TagSet = [{ Key: 'k', Value: 'v' }];
  await s3.send(
    new PutObjectTaggingCommand({ Bucket: world.bucket, Key: 'v', Tagging: { TagSet } }),
  );
  expect(await world.run(world.move('v', 'w'))).toMatchObject({ done: 1, hasVersions: true });
  expect(await world.contents()).toEqual({ w: 'two' });
  const tags = await s3.send(new GetObjectTaggingCommand({ Bucket: world.bucket, Key: 'w' }));
  expect(tags.TagSet).toEqual(TagSet);
});
