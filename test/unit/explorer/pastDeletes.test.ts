import { access, mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { DeleteHistory, type PastDelete } from '../../../src/explorer/deletion/deleteHistory.ts';

let storage: string;
beforeEach(async () => {
  storage = await mkdtemp(join(tmpdir(), 'bb-past-'));
  return () => rm(storage, { recursive: true, force: true });
});

const DAY = 24 * 3_600_000;

const past = (daysAgo: number): PastDelete => ({
  owner: { key: 'k', connectionId: 'c', name: 'n' },
  ...{ place: 's3://b/', shown: [], objects: 1 },
  agreedAt: new Date(Date.now() - daysAgo * DAY).toISOString(),
});

const isThere = async (folder: string): Promise<boolean> =>
  await access(folder).then(
    () => true,
    () => false,
  );

it('a delete that begins forgets those of more than 30 days ago, and no others', async () => {
  const deletes = new DeleteHistory(storage);
  await deletes.begin('old', past(31));
  await deletes.begin('recent', past(29));
  await deletes.begin('now', past(0));
  expect(await isThere(deletes.folderOf('old'))).toBe(false);
  for (const id of ['recent', 'now']) expect(await deletes.read(id)).toBeDefined();
});

it('what another window has only begun to write down stays, and goes when it is old', async () => {
  const deletes = new DeleteHistory(storage);
  const [begun, left] = [deletes.folderOf('begun'), deletes.folderOf('left')];
  for (const folder of [begun, left]) await mkdir(folder, { recursive: true });
  await writeFile(join(begun, 'markers.jsonl'), '["b","k","v"]\n');
  const then = new Date(Date.now() - 31 * DAY);
  await utimes(left, then, then);
  await deletes.begin('now', past(0));
  expect([await isThere(begun), await isThere(left)]).toEqual([true, false]);
});
