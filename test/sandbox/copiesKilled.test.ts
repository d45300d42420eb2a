import { expect, it, onTestFinished } from 'vitest';
import type { CopyResult } from '../../src/aws/copies/copies.ts';
import { startS3Proxy, type PassedRequest } from '../support/s3Proxy.ts';
import { sessionOf, startWorkerWorld } from '../support/workerWorld.ts';
import { CopyWorld, isCopy } from './copyWorld.ts';

const world = CopyWorld.forTests();

const isDeletion = ({ path }: PassedRequest): boolean => path.includes('?delete');
const isLook = ({ method, path }: PassedRequest): boolean =>
  method === 'HEAD' && path.includes('/to/');

/** A request of one kind, and how many of it go through before the worker is killed. */
const MOMENTS = [
  ['while it copies', isCopy, 15],
  ['while it looks at copies', isLook, 20],
  ['before it deletes', isDeletion, 0],
] as const;

it.each(MOMENTS)(
  'a worker that is killed %s goes on, and doubles nothing',
  async (_, matches, after) => {
    const sources = await world.putMany('from/', 30);
    for (const key of ['to/00003', 'to/00020']) await world.put(key, 'other');
    await using tasks = await startWorkerWorld();
    const host = tasks.open();
    let seen = 0;
    let kills = 0;
    const endpoint = await startS3Proxy(world.on.sandbox.endpoint, request => {
      if (kills === 0 && matches(request) && ++seen > after) {
        kills += 1;
        process.kill(host.pid ?? 0, 'SIGKILL');
        return 'cut';
      }
      return 'pass';
    });
    onTestFinished(() => host.dispose());
    const input = world.move('from/', 'to/', { onConflict: 'keepBoth' });
    const session = sessionOf(world.on.clientsAt(endpoint));
    const title = 'Move';
    const result = (await host.run(session, { name: 'copyObjects', title, input })) as CopyResult;
    expect({ ...result, kills }).toMatchObject({ failed: 0, skipped: 0, left: [], kills: 1 });
    const expected = Object.fromEntries(sources.map(key => [key.replace('from', 'to'), key]));
    for (const key of ['00003', '00020']) {
      expected[`to/${key}`] = 'other';
      expected[`to/${key} copy`] = `from/${key}`;
    }
    expect(await world.contents()).toEqual(expected);
    expect(await tasks.tasks()).toEqual([]);
  },
);
