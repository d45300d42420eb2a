import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { WorkList, type WorkItem } from '../../../../src/aws/tagChanges/workList.ts';

it('gives back objects and tags with whatever ends a line for someone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bucket-brigade-list-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const items: WorkItem[] = ['\n', '\r\n', '\r', '\u2028', '\u2029', '\u0085', '\v', '"', '\\'].map(
    end => ({
      object: { bucket: 'b', key: `a${end}b`, versionId: 'null' },
      former: { before: [{ key: `k${end}`, value: '' }], after: [] },
    }),
  );
  items.push(
    { object: { bucket: 'b', key: 'k' }, former: 'lost' },
    { object: { bucket: 'b', key: 'l' } },
  );
  const list = new WorkList(folder);
  await list.write(
    (async function* () {
      yield await Promise.resolve(items);
    })(),
    () => undefined,
  );
  expect(await list.total()).toBe(items.length);
  const read: WorkItem[] = [];
  for await (const batch of list.batches(4)) read.push(...batch);
  expect(read).toEqual(items);
});
