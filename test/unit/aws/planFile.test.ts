import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PlanWriter, readPlan } from '../../../src/aws/sync/planFile.ts';
import type { PlanItem } from '../../../src/aws/sync/syncPlan.ts';

it('the plan of a sync is read as it was written, whatever ends a line elsewhere', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bb-plan-'));
  try {
    const paths = ['a', 'a\u2028b', 'a\u2029b', 'a\nb', 'a\rb', 'a\u0085b', 'a\\u2028b', '😀'];
    const items = paths.map((path): PlanItem => ({ action: 'copy', path, size: 1 }));
    const writer = new PlanWriter(join(folder, 'plan'));
    for (const item of items) await writer.write(item);
    await writer.end();
    const read: PlanItem[] = [];
    for await (const item of readPlan(join(folder, 'plan'))) read.push(item);
    expect(read).toEqual(items);
  } finally {
    await rm(folder, { recursive: true });
  }
});

it.runIf(existsSync('/dev/full'))('a disk that is full is said, and breaks nothing', async () => {
  const writer = new PlanWriter('/dev/full');
  const item: PlanItem = { action: 'copy', path: 'x'.repeat(1000), size: 1 };
  const write = async (): Promise<void> => {
    for (let count = 0; count < 1000; count++) await writer.write(item);
  };
  await expect(write()).rejects.toThrow('ENOSPC');
  await expect(writer.write(item)).rejects.toThrow('ENOSPC');
  await expect(writer.end()).rejects.toThrow('ENOSPC');
});
