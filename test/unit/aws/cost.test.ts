import { describe, expect, test } from 'vitest';
import packageJson from '../../../package.json' with { type: 'json' };
import { directChange } from '../../../src/aws/preflight/directChange.ts';
import { estimateDirect } from '../../../src/aws/cost/estimateDirect.ts';
import { estimateTagger } from '../../../src/aws/cost/estimateTagger.ts';
import { estimateJob } from '../../../src/aws/cost/estimateJob.ts';
import { DEFAULT_PRICES, pricesWith } from '../../../src/aws/cost/prices.ts';

const TAGGING = { name: 'S3PutObjectTagging', tags: [{ key: 'a', value: 'b' }] } as const;
const INVOKE = {
  name: 'LambdaInvoke',
  functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:f',
  schemaVersion: '2.0',
} as const;

describe('the cost of a job', () => {
  test('is the job, its objects and a request for each', () => {
    const { lines, dollars } = estimateJob(
      { operation: TAGGING, objects: 1_000_000 },
      DEFAULT_PRICES,
    );
    expect(lines).toEqual([
      { item: 'job', quantity: 1, price: 0.25, per: 1, dollars: 0.25 },
      { item: 'objects', quantity: 1_000_000, price: 1, per: 1_000_000, dollars: 1 },
      {
        ...{ item: 'requests', quantity: 1_000_000, price: 0.005, per: 1000, dollars: 5 },
        api: 'PutObjectTagging',
      },
    ]);
    expect(dollars).toBeCloseTo(6.25);
  });

  test('of the tagger counts the requests that the tagger makes', () => {
    const { lines, dollars } = estimateTagger(1_000_000, DEFAULT_PRICES);
    // docs/tagger-function.md does the same sum.
    expect(dollars).toBeCloseTo(12.67, 2);
    expect(lines.map(({ api, item }) => api ?? item)).toEqual([
      ...['job', 'objects', 'invocations', 'gigabyteSeconds'],
      ...['GetObjectTagging', 'PutObjectTagging', 'PutObject'],
    ]);
    // A few objects are cheaper by direct requests: no fee for a job.
    expect(estimateDirect(5, DEFAULT_PRICES).dollars).toBeLessThan(
      estimateTagger(5, DEFAULT_PRICES).dollars / 1000,
    );
  });

  test('that deletes tags has no request that is charged', () => {
    const { lines } = estimateJob(
      { operation: { name: 'S3DeleteObjectTagging' }, objects: 10 },
      DEFAULT_PRICES,
    );
    expect(lines.map(({ item }) => item)).toEqual(['job', 'objects']);
  });

  test('of which S3 finds the objects counts what it looks at', () => {
    const { lines } = estimateJob(
      { operation: TAGGING, objects: 10, objectsSearched: 2_000_000 },
      DEFAULT_PRICES,
    );
    expect(lines.find(({ item }) => item === 'generator')?.dollars).toBeCloseTo(0.03);
  });

  test('that invokes a function counts its requests, memory and time, and those of events', () => {
    const invoked = {
      ...{ invocations: 1_000_000, megabytes: 512, seconds: 0.2 },
      architecture: 'arm64',
    } as const;
    const { lines, time } = estimateJob(
      { operation: INVOKE, objects: 1_000_000, invoked, events: [invoked] },
      DEFAULT_PRICES,
    );
    const used = lines.filter(({ item }) => item === 'gigabyteSeconds');
    expect(used).toHaveLength(2);
    expect(used[0]!.quantity).toBeCloseTo(100_000);
    expect(used[0]!.dollars).toBeCloseTo(1.33334);
    expect(lines.filter(({ item }) => item === 'events')[0]!.dollars).toBeCloseTo(0.2);
    expect(time).toEqual({ seconds: 200, rate: 5000, basis: 'concurrency' });
  });

  test.each([
    ['STANDARD', 0.005],
    ['DEEP_ARCHIVE', 0.05],
    ['A_CLASS_TO_COME', 0.005],
  ])('that copies into %s', (StorageClass, price) => {
    const { lines } = estimateJob(
      {
        operation: {
          name: 'S3PutObjectCopy',
          settings: { StorageClass: StorageClass as 'GLACIER' },
        },
        objects: 1000,
      },
      DEFAULT_PRICES,
    );
    expect(lines.find(({ api }) => api === 'CopyObject')?.price).toBe(price);
  });

  test('takes at least as long as S3 takes requests, or as a job like it was measured', () => {
    const job = { operation: TAGGING, objects: 7000 };
    expect(estimateJob(job, DEFAULT_PRICES).time).toEqual({
      ...{ seconds: 2, rate: 3500, basis: 'prefixLimit' },
    });
    expect(estimateJob({ ...job, measuredRate: 70 }, DEFAULT_PRICES).time).toEqual({
      ...{ seconds: 100, rate: 70, basis: 'measured' },
    });
  });

  test('of an operation that is not known is that of the job alone, and says so', () => {
    const { lines, notCounted } = estimateJob({ operation: undefined, objects: 1 }, DEFAULT_PRICES);
    expect(lines).toHaveLength(2);
    expect(notCounted).toEqual(['ownPrice']);
  });
});

test('direct requests cost no fee of a job', () => {
  const { dollars, time } = estimateDirect(1000, DEFAULT_PRICES);
  expect(dollars).toBeCloseTo(0.0058);
  expect(time.seconds).toBeCloseTo(1000 / 300);
});

describe('the price table', () => {
  test('is that of the setting', () => {
    const { properties } =
      packageJson.contributes.configuration.properties['bucketBrigade.cost.prices'];
    const defaults = Object.entries(properties).map(([name, value]) => [name, value.default]);
    expect(Object.fromEntries(defaults)).toEqual(DEFAULT_PRICES);
  });

  test('takes a user’s own prices', () => {
    expect(pricesWith({ batchJob: 0.3 })).toEqual({ ...DEFAULT_PRICES, batchJob: 0.3 });
  });

  test.each([[undefined], [null], ['x'], [{ other: 1 }], [{ batchJob: -1 }], [{ batchJob: '1' }]])(
    'leaves out what is none: %j',
    own => {
      expect(pricesWith(own)).toEqual(DEFAULT_PRICES);
    },
  );
});

describe('direct requests in place of a job', () => {
  const base = { Report: { Enabled: false }, Priority: 1, RoleArn: 'r' };
  const Location = { ObjectArn: 'arn:aws:s3:::b/m.csv', ETag: 'e' };
  const Spec = { Format: 'S3BatchOperations_CSV_20180820' as const, Fields: [] };
  const Manifest = { Location, Spec };
  const TagSet = [{ Key: 'a', Value: 'b' }];

  test('go over the same manifest with the same change', () => {
    expect(
      directChange({ ...base, Manifest, Operation: { S3PutObjectTagging: { TagSet } } }),
    ).toEqual({
      selection: { kind: 'manifest', bucket: 'b', key: 'm.csv' },
      change: { kind: 'replaceAll', tags: [{ key: 'a', value: 'b' }] },
    });
  });

  test('list what S3 would find, unless by filters of its own', () => {
    const generator = (Filter: object) => ({
      ...{ SourceBucket: 'arn:aws:s3:::b', EnableManifestOutput: false },
      Filter,
    });
    const request = (Filter: object) => ({
      ...base,
      Operation: { S3DeleteObjectTagging: {} },
      ManifestGenerator: { S3JobManifestGenerator: generator(Filter) },
    });
    const KeyNameConstraint = { MatchAnyPrefix: ['in/'], MatchAnySuffix: ['.png'] };
    expect(directChange(request({ KeyNameConstraint }))).toEqual({
      selection: {
        ...{ kind: 'listing', bucket: 'b', prefixes: ['in/'], versions: 'current' },
        filter: { suffix: '.png' },
      },
      change: { kind: 'removeAll' },
    });
    expect(directChange(request({ EligibleForReplication: true }))).toBeUndefined();
  });

  test('do nothing but tags', () => {
    const Operation = { S3ReplicateObject: {} };
    expect(directChange({ ...base, Manifest, Operation })).toBeUndefined();
  });
});
