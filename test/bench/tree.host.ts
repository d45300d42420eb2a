// Runs in an extension host with our extension: shows the first page of a prefix of very many keys by
// the extension's command, then fifty pages; lists as much by the SDK alone.
import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { describe, it } from 'mocha';
import { run, startHostSandbox } from '../host/hostSandbox.ts';
import { report } from '../support/hostEntry.ts';

const Bucket = process.env['BENCH_BUCKET'] ?? '';
const Prefix = process.env['BENCH_PREFIX'] ?? '';
const FIRST_KEY = process.env['BENCH_FIRST_KEY'] ?? '';
/** The default of `bucketBrigade.explorer.pageSize`. */
const PAGE_SIZE = 200;
const PAGES = 50;

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Megabytes of heap that are in use after some work and were not before. */
async function growth(work: () => Promise<unknown>): Promise<number> {
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  const result = await work();
  collectGarbage();
  const after = process.memoryUsage().heapUsed;
  assert.ok(result);
  return (after - before) / 1e6;
}

describe('the tree', () => {
  it('is measured', async function () {
    this.timeout(60_000);
    const s3 = (await startHostSandbox()).s3();
    // The view is open and the prefix in it, not expanded.
    await run('bucketBrigade.explorer.reveal', { bucket: Bucket, key: Prefix });
    const ours = await milliseconds(() =>
      run('bucketBrigade.explorer.reveal', { bucket: Bucket, key: FIRST_KEY }),
    );
    const input = { Bucket, Prefix, Delimiter: '/', MaxKeys: PAGE_SIZE };
    const bare = await milliseconds(async () => {
      const { KeyCount } = await s3.send(new ListObjectsV2Command(input));
      assert.equal(KeyCount, PAGE_SIZE);
    });
    const paged = await growth(async () => {
      let loaded: unknown;
      for (let page = 1; page < PAGES; page++) {
        loaded = await run('bucketBrigade.explorer.loadMore', {
          bucket: Bucket,
          key: Prefix,
        });
      }
      assert.equal(loaded, PAGES * PAGE_SIZE);
      return loaded;
    });
    const kept: unknown[] = [];
    const barePaged = await growth(async () => {
      let ContinuationToken: string | undefined;
      for (let page = 0; page < PAGES; page++) {
        const answer = await s3.send(new ListObjectsV2Command({ ...input, ContinuationToken }));
        kept.push(...(answer.Contents ?? []));
        ContinuationToken = answer.NextContinuationToken;
      }
      assert.equal(kept.length, PAGES * PAGE_SIZE);
      return kept;
    });
    report({ type: 'line', text: JSON.stringify({ ours, bare, paged, barePaged }) });
  });
});
