import { expect, test } from 'vitest';
import type { ManifestCheck } from '../../../src/aws/manifestCheck/checkManifest.ts';
import { manifestChecks } from '../../../src/aws/preflight/manifestChecks.ts';
import { objectCheck } from '../../../src/aws/preflight/objectChecks.ts';

const PLACE = { bucket: 'b', key: 'm.csv', eTag: 'e', fields: ['Bucket', 'Key'] as const };
const FORMAT = 'S3BatchOperations_CSV_20180820';
const FOUND: ManifestCheck = {
  ...PLACE,
  format: FORMAT,
  size: 10,
  rows: 100_000,
  compared: 50_000,
  buckets: [{ bucket: 'b' }],
  problems: [],
  problemCounts: {},
  sampleKeys: [],
};
const ASKED = { ...PLACE, format: FORMAT };

const reasonOf = (found: Partial<ManifestCheck>, id: string) => {
  const check = manifestChecks(ASKED, { ...FOUND, ...found }).find(one => one.id === id);
  return check && [check.status, check.reason.kind, check.fixes?.[0]];
};

test('a manifest under a KMS key is written anew', () => {
  const problem = { kind: 'encryption', severity: 'error' } as const;
  expect(reasonOf({ problems: [problem] }, 'manifestEncryption')).toEqual([
    ...['failed', 'problem'],
    { kind: 'correctManifest', corrections: ['rewrite'] },
  ]);
});

test('rows that were not compared may be there twice', () => {
  expect(reasonOf({}, 'manifestDuplicates')).toEqual(['unchecked', 'compared', undefined]);
  expect(reasonOf({ rows: 50_000 }, 'manifestDuplicates')).toEqual(['passed', 'fine', undefined]);
});

test('rows that could not be counted are not said to be right', () => {
  expect(reasonOf({ rows: undefined }, 'manifest')![0]).toBe('unchecked');
  expect(reasonOf({ rows: 0 }, 'manifest')).toEqual(['failed', 'noObjects', undefined]);
});

test('a column that a person calls version ids is as told', () => {
  const found = { ...FOUND, fields: ['Bucket', 'Key', 'Ignore'] as const, maybeVersions: 2 };
  const asked = { ...ASKED, fields: ['Bucket', 'Key', 'VersionId'] };
  const rows = manifestChecks(asked, found).filter(({ id }) => id === 'manifestRows');
  expect(rows.map(({ status }) => status)).toEqual(['passed']);
});

test('objects that may not be looked at are not said to be there', () => {
  const denied = { ...FOUND, rows: 2, asked: 2, problemCounts: { objectDenied: 1 } };
  expect(objectCheck(ASKED, denied)).toMatchObject({
    status: 'unchecked',
    reason: { kind: 'objectsDenied', denied: 1, asked: 2 },
  });
  expect(objectCheck(ASKED, { ...FOUND, asked: 2 }).status).toBe('unchecked');
});
