import { describe, expect, it } from 'vitest';
import type { CopyInput } from '../../src/aws/copies/copies.ts';
import { planCopies } from '../../src/aws/copies/planCopies.ts';
import { AWKWARD, CopyWorld } from './copyWorld.ts';

const world = CopyWorld.forTests();

describe('a look at what would be copied', () => {
  const plan = (input: CopyInput) => planCopies(world.on.clients, input);

  it('counts, and finds what is in the way on both sides of a page', async () => {
    await world.putMany('from/', 1100);
    const there = [
      ...(await world.putMany('to/', 3)),
      'to/00999',
      'to/01000',
      'to/01099',
      'to/0100',
      'to/2',
    ];
    for (const key of there.slice(3)) await world.put(key, 'other');
    const found = await plan(world.input([world.order('from/', 'to/')]));
    expect(found).toMatchObject({ objects: 1100, bytes: 11_000, conflicts: 6, archived: 0 });
    expect(found.firstConflicts.map(({ to }) => to)).toEqual([
      ...['to/00000', 'to/00001', 'to/00002', 'to/00999', 'to/01000', 'to/01099'],
    ]);
    const free = await plan(world.input([world.order('from/', 'new/')]));
    expect(free).toMatchObject({ objects: 1100, conflicts: 0 });
  });

  it('finds awkward keys in the way', async () => {
    for (const key of AWKWARD) await world.put(`from/${key}`);
    for (const key of AWKWARD) await world.put(`to/${key}`);
    await world.put('to/between');
    const prefixes = await plan(world.input([world.order('from/', 'to/')]));
    expect(prefixes).toMatchObject({ objects: AWKWARD.length, conflicts: AWKWARD.length });
    const objects = AWKWARD.map(key => ({
      ...world.order(`from/${key}`, `to/${key}`),
      isPrefix: false,
    }));
    expect(await plan(world.input(objects))).toMatchObject({ conflicts: AWKWARD.length });
  });

  it('counts archived objects, and says when there is nothing', async () => {
    await world.put('from/cold', 'c', { StorageClass: 'DEEP_ARCHIVE' });
    expect(await plan(world.input([world.order('from/', 'to/')]))).toMatchObject({
      objects: 1,
      archived: 1,
    });
    expect(await plan(world.input([world.order('from/cold', 'x')]))).toMatchObject({ archived: 1 });
    await expect(plan(world.input([world.order('none/', 'to/')]))).rejects.toMatchObject({
      code: 'NotFound',
    });
    await expect(plan(world.input([world.order('none', 'to')]))).rejects.toMatchObject({
      code: 'NotFound',
    });
  });
});
