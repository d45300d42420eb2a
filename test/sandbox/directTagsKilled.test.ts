import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeTags, type ChangeTagsInput } from '../../src/aws/tagChanges/changeTags.ts';
import { parseResult } from '../../src/aws/tagChanges/formerTags.ts';
import { undoTags, type UndoTagsInput } from '../../src/aws/tagUndo/undoTags.ts';
import { startS3Proxy, type PassedRequest } from '../support/s3Proxy.ts';
import { tags } from '../support/tagChangeCases.ts';
import type { ChildOrder } from '../support/tagInChild.ts';
import { keyOf, REPORTS, TagWorld, temporaryFolder } from './tagWorld.ts';

const CHILD = fileURLToPath(import.meta.resolve('../support/tagInChild.ts'));
const COUNT = 210;

let world: TagWorld;
beforeAll(async () => {
  world = await TagWorld.start();
});
afterAll(() => world.on.close());

/** A renaming: who forgets what was there before takes the new key for the old one. */
const inputOf = (bucket: string): ChangeTagsInput => ({
  id: 'run',
  selection: { kind: 'listing', bucket, prefixes: ['o/'], filter: {}, versions: 'current' },
  change: { kind: 'rename', from: 'a', to: 'b' },
  report: { bucket, prefix: REPORTS },
});

/** A request of one kind, and how many of it go through before the process is killed. */
type Moment = readonly [name: string, matches: (request: PassedRequest) => boolean, after: number];

const isTagging = ({ path }: PassedRequest): boolean => path.includes('tagging');
const isPut = ({ method }: PassedRequest): boolean => method === 'PUT';

const MOMENTS: readonly Moment[] = [
  ['while the objects are listed', ({ path }) => path.includes('list-type'), 0],
  ['while tags are read', request => !isPut(request) && isTagging(request), 90],
  ['as the former tags are written', ({ path }) => path.includes('/before/'), 0],
  ['when the former tags are written', request => isPut(request) && isTagging(request), 0],
  ['while tags are written', request => isPut(request) && isTagging(request), 120],
  ['while they are read back', request => !isPut(request) && isTagging(request), 330],
  ['as the report is written', ({ path }) => path.includes('/results/'), 0],
  ['as its last file is written', ({ path }) => path.endsWith('manifest.json?x-id=PutObject'), 0],
];

/** Runs a process that is killed with a request that nobody will answer. */
async function killAt(
  [, matches, after]: Moment,
  order: Omit<ChildOrder, 'endpoint'>,
): Promise<{ killed: boolean; puts: Map<string, number> }> {
  let seen = 0;
  let killed = false;
  const puts = new Map<string, number>();
  let kill = (): void => undefined;
  const endpoint = await startS3Proxy(world.on.sandbox.endpoint, request => {
    if (killed) return 'cut';
    if (matches(request) && ++seen > after) {
      killed = true;
      kill();
      return 'cut';
    }
    countPut(puts, request);
    return 'pass';
  });
  const child = spawn(process.execPath, [CHILD, JSON.stringify({ ...order, endpoint })], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  kill = () => child.kill('SIGKILL');
  await once(child, 'exit');
  return { killed, puts };
}

function countPut(puts: Map<string, number>, request: PassedRequest): void {
  const key = /o\/\d+/.exec(request.path)?.[0];
  if (key && isPut(request) && isTagging(request)) puts.set(key, (puts.get(key) ?? 0) + 1);
}

describe('a process that changes tags and is killed', () => {
  it.each(MOMENTS)('%s goes on: nothing twice, nothing forgotten', async (...moment) => {
    const bucket = await world.bucketOf(COUNT);
    const folder = await temporaryFolder();
    const { accessKeyId, secretAccessKey, region } = world.on.sandbox;
    const order = { accessKeyId, secretAccessKey, region, folder, change: inputOf(bucket) };
    const { killed, puts } = await killAt(moment, order);
    expect(killed).toBe(true);
    const endpoint = await startS3Proxy(world.on.sandbox.endpoint, request => {
      countPut(puts, request);
      return 'pass';
    });
    const result = await changeTags(world.on.clientsAt(endpoint), inputOf(bucket), folder);
    expect(result).toMatchObject({ total: COUNT, succeeded: COUNT, failed: 0, unchanged: 0 });
    expect([...puts.values()].filter(count => count > 1)).toEqual([]);
    expect(puts.size).toBe(COUNT);
    const rows = await world.rows(result.report!);
    expect(rows).toHaveLength(COUNT);
    for (const row of rows) {
      const n = Number(row.key.slice(2));
      expect(parseResult(row.message)).toEqual({ before: tags('a=1', `n=${n}`) });
    }
    expect(await world.tagsOf(bucket, keyOf(0))).toEqual(['b=1', 'n=0']);
  });

  it.each(MOMENTS.filter(([name]) => /^(while tags are|as the report is) written$/.test(name)))(
    '%s as it undoes a change goes on too',
    async (...moment) => {
      const bucket = await world.bucketOf(COUNT);
      const done = await changeTags(world.clients, inputOf(bucket), await temporaryFolder());
      const folder = await temporaryFolder();
      const undo: UndoTagsInput = {
        id: 'undo',
        source: done.report!,
        whenChanged: 'keep',
        report: { bucket, prefix: REPORTS },
      };
      const { accessKeyId, secretAccessKey, region } = world.on.sandbox;
      const order = { accessKeyId, secretAccessKey, region, folder, undo };
      const { killed } = await killAt(moment, order);
      expect(killed).toBe(true);
      const result = await undoTags(world.clients, undo, folder);
      expect(result).toMatchObject({ total: COUNT, succeeded: COUNT, failed: 0 });
      for (const row of await world.rows(result.report!)) {
        const n = Number(row.key.slice(2));
        expect(parseResult(row.message)).toEqual({
          before: tags('b=1', `n=${n}`),
          after: expect.arrayContaining(tags('a=1', `n=${n}`)) as unknown,
        });
      }
      expect(await world.tagsOf(bucket, keyOf(7))).toEqual(['a=1', 'n=7']);
    },
  );

  it('and is not wanted any more leaves a report of what it did', async () => {
    const bucket = await world.bucketOf(COUNT);
    const folder = await temporaryFolder();
    const { accessKeyId, secretAccessKey, region } = world.on.sandbox;
    const order = { accessKeyId, secretAccessKey, region, folder, change: inputOf(bucket) };
    await killAt(MOMENTS[4]!, order);
    const settled = await changeTags(world.clients, inputOf(bucket), folder, { settles: true });
    const rows = await world.rows(settled.report!);
    const reported = new Set(rows.map(({ key }) => key));
    expect(rows).toHaveLength(reported.size);
    expect(reported.size).toBeGreaterThan(0);
    expect(reported.size).toBeLessThan(COUNT);
    for (let n = 0; n < COUNT; n++) {
      const isDone = (await world.tagsOf(bucket, keyOf(n))).includes('b=1');
      expect([n, reported.has(keyOf(n))]).toEqual([n, isDone]);
    }
  });
});
