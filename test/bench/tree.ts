import path from 'node:path';
import { S3Store } from '../../src/sandbox/s3/store/s3Store.ts';
import { Store } from '../../src/sandbox/store.ts';
import type { VsCode } from '../support/vsCode.ts';
import { installProductionExtension, measureInHost } from './extensionHost.ts';
import { MANY_BUCKET, manyKey } from './manyObjects.ts';
import type { Row } from './row.ts';
import { summarize } from './statistics.ts';

interface Figures {
  /** Milliseconds until the first page is there. */
  readonly ours: number;
  readonly bare: number;
  /** Megabytes of heap that the next pages, up to fifty, add; the SDK's are kept in an array. */
  readonly paged: number;
  readonly barePaged: number;
}

/** Opens the Buckets view on a prefix of many keys, beside the SDK listing the same page. */
export async function measureTree(
  vsCode: VsCode,
  dataDir: string,
  { count, rounds }: { readonly count: number; readonly rounds: number },
): Promise<Row[]> {
  const data = path.join(dataDir, 'tree');
  const seeding = seedManyKeys(data, count);
  const extensionsFolder = path.join(dataDir, 'tree-extensions');
  await installProductionExtension(extensionsFolder);
  const env = {
    BUCKET_BRIGADE_SANDBOX_DATA: data,
    BENCH_BUCKET: MANY_BUCKET,
    BENCH_PREFIX: 'many/',
    BENCH_FIRST_KEY: manyKey(0),
  };
  const measured: Figures[] = [];
  for (let round = 0; round < rounds; round++) {
    measured.push(await measureInHost<Figures>(vsCode, { name: 'tree', extensionsFolder, env }));
  }
  const group = `Tree of ${count.toLocaleString('en')} keys`;
  return [
    { group, measure: 'seeded', unit: 's', ours: summarize([seeding]) },
    {
      group,
      measure: 'first page shown',
      unit: 'ms',
      ours: summarize(measured.map(({ ours }) => ours)),
      peer: { name: 'SDK', sample: summarize(measured.map(({ bare }) => bare)) },
    },
    {
      group,
      measure: 'heap after fifty pages',
      unit: 'MB',
      ours: summarize(measured.map(({ paged }) => paged)),
      peer: { name: 'SDK', sample: summarize(measured.map(({ barePaged }) => barePaged)) },
    },
  ];
}

/** Fills a sandbox's data folder before it is started; answers how many seconds that took. */
export function seedManyKeys(dataDir: string, count: number): number {
  const start = performance.now();
  const store = new Store(dataDir);
  const { buckets, versions, blobs } = new S3Store(store);
  const modified = new Date();
  store.transaction(() => {
    buckets.create(MANY_BUCKET, 'us-east-1', modified);
    const bucketId = buckets.find(MANY_BUCKET)?.id ?? 0;
    for (let number = 0; number < count; number++) {
      const version = {
        bucketId,
        seq: 1,
        key: manyKey(number),
        versionId: 'null',
        deleteMarker: false,
        size: 1,
        eTag: '9dd4e461268c8034f5c8564e155c67a6',
        modified,
        storageClass: 'STANDARD',
        headers: {},
        metadata: {},
        tags: [],
        blobs: [blobs.keep({ data: Buffer.from('x'), size: 1 })],
      };
      versions.insert(version, undefined);
    }
  });
  store.close();
  return (performance.now() - start) / 1000;
}
