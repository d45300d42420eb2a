import { PutBucketVersioningCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readObject } from '../../src/aws/objects/objects.ts';
import { Pace } from '../../src/aws/pace.ts';
import { parseBeforeFile } from '../../src/aws/tagChanges/previousTagFiles.ts';
import { parseResult } from '../../src/aws/tagChanges/formerTags.ts';
import type { TagChange } from '../../src/aws/tagChanges/tagChange.ts';
import { startS3Proxy, type Fate } from '../support/s3Proxy.ts';
import { tags } from '../support/tagChangeCases.ts';
import { change, itemsOf, keyOf, REPORTS, TagWorld } from './tagWorld.ts';

let world: TagWorld;
beforeAll(async () => {
  world = await TagWorld.start();
});
afterAll(() => world.on.close());

const ADD: TagChange = { kind: 'add', tags: tags('mine=1') };
const number = (request: { path: string }): string => /o\/(\d+)/.exec(request.path)?.[1] ?? '';
const isTagging = (request: { path: string }): boolean => request.path.includes('tagging');

describe('changing tags by requests from here', () => {
  it('changes each object, keeps its other tags, and reports as S3 does', async () => {
    const bucket = await world.bucketOf(220);
    await world.retag(bucket, keyOf(7), ['mine=1']);
    const result = await change(world.clients, { items: itemsOf(bucket, 220), change: ADD });
    expect(result).toEqual({
      ...{ total: 220, succeeded: 220, failed: 0, unchanged: 1, cancelled: false },
      report: { bucket, key: `${REPORTS}/direct-test/manifest.json` },
    });
    expect(await world.tagsOf(bucket, keyOf(0))).toEqual(['a=1', 'mine=1', 'n=0']);
    expect(await world.tagsOf(bucket, keyOf(219))).toEqual(['a=1', 'mine=1', 'n=219']);
    const rows = await world.rows(result.report!);
    expect(rows.map(({ key }) => key)).toEqual(itemsOf(bucket, 220).map(one => one.object.key));
    expect(rows[3]).toMatchObject({ bucket, taskStatus: 'succeeded', httpStatus: 200 });
    expect(parseResult(rows[3]!.message)).toEqual({ before: tags('a=1', 'n=3') });
    expect(parseResult(rows[7]!.message)).toEqual({ before: tags('mine=1') });
  });

  it('writes what was there beside the report before it changes anything', async () => {
    const bucket = await world.bucketOf(30);
    const seen: string[] = [];
    const endpoint = await startS3Proxy(world.on.sandbox.endpoint, ({ method, path }): Fate => {
      if (method === 'PUT') seen.push(path.includes('/before/') ? 'before' : 'tags');
      return 'pass';
    });
    const items = itemsOf(bucket, 30);
    await change(world.on.clientsAt(endpoint), { items, change: ADD });
    expect(seen[0]).toBe('before');
    const key = `${REPORTS}/direct-test/before/00000-1.csv`;
    const bytes = await readObject(world.clients.s3(), { bucket, key, maxBytes: 1e6 });
    const rows = parseBeforeFile(bytes);
    expect(rows).toHaveLength(30);
    expect(rows[5]).toEqual({
      object: { bucket, key: keyOf(5) },
      before: tags('a=1', 'n=5'),
      after: tags('a=1', 'n=5', 'mine=1'),
    });
  });

  it('changes nothing when that can not be written', async () => {
    const bucket = await world.bucketOf(3);
    const endpoint = await startS3Proxy(world.on.sandbox.endpoint, ({ path }): Fate =>
      path.includes('/before/') ? 'cut' : 'pass',
    );
    const changed = change(world.on.clientsAt(endpoint), {
      items: itemsOf(bucket, 3),
      change: ADD,
    });
    await expect(changed).rejects.toMatchObject({ code: 'Network' });
    expect(await world.tagsOf(bucket, keyOf(0))).toEqual(['a=1', 'n=0']);
  });

  it('lists what fails, each with its reason, and changes the rest', async () => {
    const bucket = await world.bucketOf(5);
    await world.retag(
      bucket,
      keyOf(1),
      Array.from({ length: 10 }, (_, at) => `k${at}=v`),
    );
    const items = [...itemsOf(bucket, 3), { object: { bucket, key: 'not/there,"or\n' } }];
    const result = await change(world.clients, { items, change: ADD });
    expect(result).toMatchObject({ succeeded: 2, failed: 2 });
    const failed = (await world.rows(result.report!)).filter(row => row.taskStatus === 'failed');
    expect(failed.map(row => [row.key, row.httpStatus, row.errorCode, row.message])).toEqual([
      [keyOf(1), 400, 'TooManyTags', 'Object tags cannot be greater than 10'],
      ['not/there,"or\n', 404, 'NoSuchKey', expect.any(String)],
    ]);
  });

  it('tags versions as versions', async () => {
    const bucket = await world.on.bucket();
    const s3 = world.clients.s3();
    const Status = 'Enabled';
    await s3.send(
      new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status } }),
    );
    const put = async () =>
      (await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'v', Body: 'v', Tagging: 'a=1' })))
        .VersionId!;
    const [old, newest] = [await put(), await put()];
    const items = [{ object: { bucket, key: 'v', versionId: old } }];
    const result = await change(world.clients, { items, change: ADD });
    expect(await world.tagsOf(bucket, 'v', old)).toEqual(['a=1', 'mine=1']);
    expect(await world.tagsOf(bucket, 'v', newest)).toEqual(['a=1']);
    expect((await world.rows(result.report!))[0]).toMatchObject({ versionId: old });
  });

  it('points to the file beside the report where former tags do not fit', async () => {
    const bucket = await world.bucketOf(1);
    const big = Array.from({ length: 9 }, (_, at) => `k${at}=${'x'.repeat(200)}`);
    await world.retag(bucket, keyOf(0), big);
    const result = await change(world.clients, { items: itemsOf(bucket, 1), change: ADD });
    const [row] = await world.rows(result.report!);
    const key = `${REPORTS}/direct-test/before/00000-1.csv`;
    expect(parseResult(row!.message)).toEqual({ beforeKey: key });
  });
});

describe('two who tag the same objects', () => {
  it('both have their tags on them, whoever comes in between', async () => {
    const bucket = await world.bucketOf(60);
    let puts = 0;
    // Someone who read before us writes right after us: our tag is lost, and is set again.
    const endpoint = await startS3Proxy(
      world.on.sandbox.endpoint,
      async (request): Promise<Fate> => {
        const isRead = request.method === 'GET' && isTagging(request);
        if (request.method === 'PUT' && isTagging(request)) puts += 1;
        const at = Number(number(request));
        if (isRead && puts >= 60 && at < 20 && !stolen.has(at)) {
          stolen.add(at);
          await world.retag(bucket, keyOf(at), ['a=1', `n=${at}`, 'theirs=1']);
        }
        return 'pass';
      },
    );
    const stolen = new Set<number>();
    const items = itemsOf(bucket, 60);
    const result = await change(world.on.clientsAt(endpoint), { items, change: ADD });
    expect(stolen.size).toBeGreaterThan(0);
    expect(result).toMatchObject({ succeeded: 60, failed: 0 });
    for (const at of stolen) {
      const now = await world.tagsOf(bucket, keyOf(at));
      expect(now).toEqual(['a=1', 'mine=1', `n=${at}`, 'theirs=1']);
    }
    const [at = 0] = stolen;
    const row = (await world.rows(result.report!)).find(({ key }) => key === keyOf(at));
    // What was there before our last write.
    expect(parseResult(row!.message)).toEqual({ before: tags('a=1', `n=${at}`, 'theirs=1') });
  });

  it('two of us at the same time lose nothing of each other, or say so', async () => {
    const bucket = await world.bucketOf(100);
    const items = itemsOf(bucket, 100);
    const other: TagChange = { kind: 'add', tags: tags('other=1') };
    const [mine, theirs] = await Promise.all([
      change(world.clients, { items, change: ADD, id: 'one' }),
      change(world.clients, { items, change: other, id: 'two' }),
    ]);
    for (const result of [mine, theirs]) {
      const rows = await world.rows(result.report!);
      expect(rows).toHaveLength(100);
    }
    for (const { object } of items) {
      const now = await world.tagsOf(bucket, object.key);
      expect(now).toContain(`n=${Number(object.key.slice(2))}`);
    }
  });

  it('gives an object up that is written over all the time, with a row that says so', async () => {
    const bucket = await world.bucketOf(2);
    const endpoint = await startS3Proxy(
      world.on.sandbox.endpoint,
      async (request): Promise<Fate> => {
        if (request.method === 'GET' && number(request) === '0001') {
          await world.retag(bucket, keyOf(1), ['theirs=1']);
        }
        return 'pass';
      },
    );
    const items = itemsOf(bucket, 2);
    const result = await change(world.on.clientsAt(endpoint), { items, change: ADD });
    expect(result).toMatchObject({ succeeded: 1, failed: 1 });
    const failed = (await world.rows(result.report!)).find(row => row.taskStatus === 'failed');
    expect(failed).toMatchObject({ key: keyOf(1), httpStatus: 409, errorCode: 'TagsChanged' });
  });
});

describe('AWS on a bad day', () => {
  it('that asks for fewer requests gets fewer, and everything is done', async () => {
    const bucket = await world.bucketOf(120);
    let asked = 0;
    let refused = 0;
    const endpoint = await startS3Proxy(world.on.sandbox.endpoint, (request): Fate => {
      // Nine of ten attempts at first; the SDK's own three are not enough.
      if (!isTagging(request) || refused > 400 || ++asked % 10 === 0) return 'pass';
      refused += 1;
      return 'slowDown';
    });
    const pace = new Pace({ most: 48, pause: 20 });
    const items = itemsOf(bucket, 120);
    const result = await change(world.on.clientsAt(endpoint), { items, change: ADD }, { pace });
    expect(refused).toBeGreaterThan(100);
    expect(pace.limit).toBeLessThan(48);
    expect(result).toMatchObject({ succeeded: 120, failed: 0 });
  });

  it('that takes access away half way leaves a report of both halves', async () => {
    const bucket = await world.bucketOf(220);
    let puts = 0;
    const endpoint = await startS3Proxy(world.on.sandbox.endpoint, (request): Fate => {
      if (request.method === 'PUT' && isTagging(request)) puts += 1;
      return isTagging(request) && puts > 150 ? 'deny' : 'pass';
    });
    const items = itemsOf(bucket, 220);
    const result = await change(world.on.clientsAt(endpoint), { items, change: ADD });
    expect(result.succeeded + result.failed).toBe(220);
    const rows = await world.rows(result.report!);
    for (const row of rows) {
      const isDone = (await world.tagsOf(bucket, row.key)).includes('mine=1');
      if (row.taskStatus === 'succeeded') expect(isDone).toBe(true);
      else expect(row).toMatchObject({ httpStatus: 403, errorCode: 'AccessDenied' });
    }
  });

  it('that loses answers is asked what became of it', async () => {
    const bucket = await world.bucketOf(10);
    let lost = 0;
    const endpoint = await startS3Proxy(world.on.sandbox.endpoint, (request): Fate => {
      if (request.method !== 'PUT' || number(request) !== '0004') return 'pass';
      lost += 1;
      return 'loseAnswer';
    });
    const items = itemsOf(bucket, 10);
    const result = await change(world.on.clientsAt(endpoint), { items, change: ADD });
    expect(lost).toBeGreaterThan(0);
    expect(result).toMatchObject({ succeeded: 10, failed: 0 });
  });
});

describe('calling it off', () => {
  it('stops soon, and leaves a report of what was done', async () => {
    const bucket = await world.bucketOf(450);
    const controller = new AbortController();
    const onProgress = ({ succeeded }: { succeeded: number }): void => {
      if (succeeded > 0) controller.abort();
    };
    const { signal } = controller;
    const items = itemsOf(bucket, 450);
    const result = await change(world.clients, { items, change: ADD }, { signal, onProgress });
    expect(result.cancelled).toBe(true);
    expect(result.succeeded).toBeLessThan(450);
    const rows = await world.rows(result.report!);
    const reported = new Set(rows.map(({ key }) => key));
    for (const { object } of items) {
      const isDone = (await world.tagsOf(bucket, object.key)).includes('mine=1');
      expect([object.key, reported.has(object.key)]).toEqual([object.key, isDone]);
    }
  });

  it('before anything was done is cancelled', async () => {
    const bucket = await world.bucketOf(1);
    const signal = AbortSignal.abort();
    const changed = change(world.clients, { items: itemsOf(bucket, 1), change: ADD }, { signal });
    await expect(changed).rejects.toMatchObject({ code: 'Cancelled' });
  });
});
