import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type {
  Job,
  JobDefinition,
  GeneratorFilter,
  ManifestGenerator,
} from '../../../src/sandbox/s3control/job.ts';
import { getObjectBody } from '../../../src/sandbox/s3/objects/getObject.ts';
import { deleteObject } from '../../../src/sandbox/s3/objects/deleteObject.ts';
import { JobWorld, ROLE_ARN, STATEMENTS, USER } from './jobWorld.ts';

const LIST = {
  Sid: 'List',
  Effect: 'Allow',
  Action: ['s3:PutInventoryConfiguration', 's3:ListBucket'],
  Resource: 'arn:aws:s3:::images',
};
const NO_FILTER: GeneratorFilter = {
  createdAfter: undefined,
  createdBefore: undefined,
  keyNames: undefined,
  sizeGreaterThan: undefined,
  sizeLessThan: undefined,
  storageClasses: undefined,
  replicationStatuses: undefined,
  encryption: undefined,
};

let world: JobWorld;
beforeEach(() => {
  world = new JobWorld();
  world.putRole([...STATEMENTS, LIST]);
});
afterEach(() => world.close());

function definition(
  filter: Partial<GeneratorFilter>,
  changes: Partial<ManifestGenerator> = {},
): JobDefinition {
  return {
    operation: { name: 'S3PutObjectTagging', tags: [{ key: 'phototype', value: 'finished' }] },
    manifest: undefined,
    generator: {
      expectedBucketOwner: undefined,
      sourceBucketArn: 'arn:aws:s3:::images',
      output: undefined,
      enableOutput: false,
      filter: { ...NO_FILTER, ...filter },
      ...changes,
    },
    report: {
      bucketArn: 'arn:aws:s3:::assets',
      prefix: undefined,
      scope: 'AllTasks',
      expectedBucketOwner: undefined,
    },
    roleArn: ROLE_ARN,
    description: undefined,
    confirmationRequired: false,
  };
}

const run = (job: JobDefinition): Promise<Job> => world.end(world.start(job));

/** The keys of a job's tasks, decoded, by its report. */
async function keysOf(filter: Partial<GeneratorFilter>): Promise<string[]> {
  const job = await run(definition(filter));
  expect(job.status).toBe('Complete');
  const rows = await world.reportRows(job.id);
  return rows.map(([, key]) => decodeURIComponent(key!)).sort();
}

const only = (part: object) => ({
  keyNames: { prefixes: undefined, suffixes: undefined, substrings: undefined, ...part },
});
const KEYS = ['a/1.jpg', 'a/é 2+.png', 'b/3.jpg', 'b/33.JPG'];

describe('a job of what a bucket holds', () => {
  beforeEach(async () => {
    for (const key of KEYS) await world.put('images', key, 'x'.repeat(key.length));
  });

  it.each([
    ['all', {}, KEYS],
    ['a prefix', only({ prefixes: ['a/'] }), KEYS.slice(0, 2)],
    ['a suffix, case and all', only({ suffixes: ['.jpg'] }), ['a/1.jpg', 'b/3.jpg']],
    ['a substring', only({ substrings: ['3'] }), ['b/3.jpg', 'b/33.JPG']],
    ['what is both', only({ prefixes: ['b/'], suffixes: ['.jpg'] }), ['b/3.jpg']],
    ['sizes, limits not included', { sizeGreaterThan: 7, sizeLessThan: 10 }, ['b/33.JPG']],
    ['storage classes', { storageClasses: ['GLACIER', 'STANDARD'] }, KEYS],
    ['what came after a time', { createdAfter: '2020-01-01T00:00:00.000Z' }, KEYS],
    ['what is encrypted as all is', { encryption: 'SSE-S3', replicationStatuses: ['NONE'] }, KEYS],
  ])('takes %s', async (_what, filter, keys) => {
    expect(await keysOf(filter)).toEqual(keys.toSorted());
  });

  it.each([
    ['other keys', only({ prefixes: ['c/'] })],
    ['another storage class', { storageClasses: ['GLACIER'] }],
    ['an earlier time', { createdBefore: '2020-01-01T00:00:00.000Z' }],
    ['replicas', { replicationStatuses: ['REPLICA'] }],
    ['other encryption', { encryption: 'SSE-KMS' }],
  ])('fails where nothing fits: %s', async (_what, filter) => {
    const job = await run(definition(filter));
    expect(job).toMatchObject({
      status: 'Failed',
      failureReasons: [
        { reason: 'Manifest generation found no keys matching the filter criteria' },
      ],
    });
  });

  it('takes the current version of each object and no delete markers', async () => {
    const { services } = world;
    services.s3.buckets.setVersioning(services.s3.buckets.find('images')!, 'Enabled');
    await world.put('images', 'a/1.jpg', 'new');
    deleteObject(services, USER, { bucket: 'images', key: 'b/3.jpg' });
    const job = await run(definition({}));
    const rows = await world.reportRows(job.id);
    expect(rows.map(([, key, version]) => [decodeURIComponent(key!), version])).toEqual([
      ['a/1.jpg', services.s3.versions.latest(1, 'a/1.jpg')!.versionId],
      ['a/é 2+.png', 'null'],
      ['b/33.JPG', 'null'],
    ]);
    expect(job.progress).toMatchObject({ succeeded: 3, failed: 0 });
  });

  it('keeps the manifest where it should', async () => {
    const output = {
      expectedBucketOwner: undefined,
      bucketArn: 'arn:aws:s3:::assets',
      prefix: 'made',
      encrypted: true,
    };
    const job = await run(definition({}, { output, enableOutput: true }));
    const { objectArn, eTag } = job.generatedManifest!;
    const key = objectArn.slice('arn:aws:s3:::assets/'.length);
    expect(key).toMatch(/^made\//);
    const manifest = JSON.parse(await world.read(key)) as { files: { key: string }[] };
    expect(manifest).toMatchObject({
      sourceBucket: 'images',
      destinationBucket: 'arn:aws:s3:::assets',
      fileFormat: 'CSV',
      fileSchema: 'Bucket, Key',
    });
    const address = { bucket: 'assets', key: manifest.files[0]!.key };
    const { body } = getObjectBody(world.services, USER, address);
    expect(gunzipSync(body as Buffer).toString()).toBe(
      '"images","a/1.jpg"\n"images","a/%C3%A9%202%2B.png"\n"images","b/3.jpg"\n"images","b/33.JPG"\n',
    );
    expect(eTag).toMatch(/^[0-9a-f]{32}$/);
  });

  it('reads thousands of versions and keys', async () => {
    const { services } = world;
    services.s3.buckets.setVersioning(services.s3.buckets.find('images')!, 'Enabled');
    for (let index = 0; index < 1500; index++) await world.put('images', 'm', `${index}`);
    for (let index = 0; index < 1500; index++) await world.put('images', `n${index}`, '');
    expect(await keysOf({})).toHaveLength(KEYS.length + 1 + 1500);
  });

  it.each([
    ['may not list', [...STATEMENTS], 'Failed to list the source bucket: AccessDenied'],
    [
      'may not make inventories',
      [...STATEMENTS, { ...LIST, Action: 's3:ListBucket' }],
      'Failed to list the source bucket: AccessDenied',
    ],
    [
      'may not write the manifest',
      [...STATEMENTS.filter(({ Sid }) => Sid !== 'Report'), LIST],
      'Failed to write manifest: AccessDenied',
    ],
  ])('fails when its role %s', async (_what, statements, reason) => {
    world.putRole(statements);
    const output = {
      expectedBucketOwner: undefined,
      bucketArn: 'arn:aws:s3:::assets',
      prefix: undefined,
      encrypted: false,
    };
    const job = await run(definition({}, { output, enableOutput: true }));
    expect(job).toMatchObject({
      status: 'Failed',
      progress: { total: undefined },
      failureReasons: [
        { code: 'AccessDenied', reason: `Error occurred when preparing manifest: ${reason}` },
      ],
    });
  });

  it('fails for a bucket that is gone, or another owner', async () => {
    const gone = await run(definition({}, { sourceBucketArn: 'arn:aws:s3:::nowhere' }));
    expect(gone.failureReasons).toMatchObject([{ code: 'NoSuchBucket' }]);
    const other = await run(definition({}, { expectedBucketOwner: '999999999999' }));
    expect(other.failureReasons).toMatchObject([{ code: 'AccessDenied' }]);
  });
});
