// Finding objects by the worker, on a sandbox and on a bucket of very many keys.
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findObjects } from '../../src/aws/find/findObjects.ts';
import type { FindProgress } from '../../src/aws/find/findTask.ts';
import { readFound } from '../../src/aws/find/foundFile.ts';
import { readSelection } from '../../src/aws/selection/readSelection.ts';
import type { ObjectFilter, ObjectRef } from '../../src/aws/selection/selection.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';

const AWKWARD = [
  ...['a b', 'a+b', 'a%2Fb', 'a//b', 'a/./x', 'a/../x', 'a🪣', 'a\nb', 'a\u2028b', 'ae\u0301'],
  ...['/a', 'a,b', 'a"b', ' ', `k${'é'.repeat(511)}a`],
];

let on: SandboxClients;
let folder: string;
beforeAll(async () => {
  on = await startSandboxClients();
  folder = await mkdtemp(path.join(tmpdir(), 'found-'));
});
afterAll(async () => {
  await on.close();
  await rm(folder, { recursive: true, force: true });
});

let files = 0;
async function find(
  bucket: string,
  filter: ObjectFilter,
  prefixes: readonly string[] = [''],
): Promise<{ refs: readonly ObjectRef[]; progress: FindProgress[]; file: string }> {
  const file = path.join(folder, `${++files}.csv`);
  const listing = {
    ...({ kind: 'listing', bucket, prefixes, filter } as const),
    versions: 'current' as const,
  };
  const progress: FindProgress[] = [];
  const last = await findObjects(
    on.clients,
    { listings: [listing], file },
    { onProgress: one => progress.push(one) },
  );
  expect(last.length).toBe((await stat(file)).size);
  const { refs, next } = await readFound(file, { from: 0, length: last.length, most: 1e6 });
  expect(next).toBe(last.length);
  expect(refs.length).toBe(last.found);
  return { refs, progress, file };
}

async function put(bucket: string, key: string, Tagging?: string, size = 1): Promise<void> {
  const input = { Bucket: bucket, Key: key, Body: 'x'.repeat(size), Tagging };
  await on.clients.s3().send(new PutObjectCommand(input));
}

describe('finding objects', () => {
  it('finds every legal key as it is, with what a listing says of it', async () => {
    const bucket = await on.bucket();
    for (const key of AWKWARD) await put(bucket, key, undefined, 3);
    const { refs, file } = await find(bucket, {});
    expect(new Set(refs.map(({ key }) => key))).toEqual(new Set(AWKWARD));
    expect(refs.every(({ size, storageClass }) => size === 3 && storageClass === 'STANDARD')).toBe(
      true,
    );
    expect(refs.every(({ lastModified = '' }) => !Number.isNaN(Date.parse(lastModified)))).toBe(
      true,
    );
    for (const key of AWKWARD) {
      const regex = `^${key.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')}$`;
      expect((await find(bucket, { regex })).refs.map(one => one.key)).toEqual([key]);
      expect((await find(bucket, { contains: key })).refs.some(one => one.key === key)).toBe(true);
      expect((await find(bucket, {}, [key])).refs[0]?.key).toBe(key);
    }
    // The file is a selection: a manifest and a job can be made of it.
    const selected: string[] = [];
    for await (const batch of readSelection(on.clients, { kind: 'file', path: file, bucket })) {
      selected.push(...batch.map(one => one.key));
    }
    expect(new Set(selected)).toEqual(new Set(AWKWARD));
  });

  it('asks for tags only of what fits the rest', async () => {
    const bucket = await on.bucket();
    await put(bucket, 'a.png', 'team=x');
    await put(bucket, 'b.png', 'team=y');
    await put(bucket, 'c.png');
    const found = async (tags: ObjectFilter['tags']) =>
      (await find(bucket, { suffix: '.png', tags })).refs.map(({ key }) => key);
    expect(await found([{ kind: 'has', key: 'team' }])).toEqual(['a.png', 'b.png']);
    expect(await found([{ kind: 'lacks', key: 'team' }])).toEqual(['c.png']);
    expect(await found([{ kind: 'equals', key: 'team', value: 'y' }])).toEqual(['b.png']);
  });

  it('tells how far it is, and reads page by page', async () => {
    const bucket = await on.bucket();
    const keys = Array.from({ length: 30 }, (_, at) => `k${at}`);
    for (const key of keys) await put(bucket, key);
    const { progress, file } = await find(bucket, { regex: '[05]$' });
    const last = progress.at(-1)!;
    expect(last).toMatchObject({ seen: 30, found: 6, bytes: 6 });
    expect(progress[0]).toMatchObject({ seen: 0, found: 0, length: 0 });
    let from = 0;
    const read: string[] = [];
    for (let page = 0; page < 3; page++) {
      const { refs, next } = await readFound(file, { from, length: last.length, most: 2 });
      read.push(...refs.map(({ key }) => key));
      from = next;
    }
    expect(read).toEqual(['k0', 'k10', 'k15', 'k20', 'k25', 'k5']);
    expect(await readFound(file, { from, length: last.length, most: 2 })).toEqual({
      refs: [],
      next: from,
    });
  });

  it('says what it may not do, and keeps what it found when it is cancelled', async () => {
    await expect(find('no-such-bucket-anywhere', {})).rejects.toMatchObject({ code: 'NotFound' });
    const bucket = await on.bucket();
    await put(bucket, `${'a'.repeat(60)}!`);
    await expect(find(bucket, { regex: '^(a+)+$' })).rejects.toMatchObject({
      ...{ code: 'InvalidInput', reason: 'SlowPattern' },
    });
    const aborted = AbortSignal.abort();
    const file = path.join(folder, 'cancelled.csv');
    const listing = {
      kind: 'listing',
      bucket,
      prefixes: [''],
      filter: {},
      versions: 'current',
    } as const;
    await expect(
      findObjects(on.clients, { listings: [listing], file }, { signal: aborted }),
    ).rejects.toMatchObject({ code: 'Cancelled' });
    expect((await stat(file)).size).toBe(0);
  });
});
