import { expect, it } from 'vitest';
import { estimateRestore } from '../../../src/aws/cost/estimateRestore.ts';
import { DEFAULT_PRICES } from '../../../src/aws/cost/prices.ts';
import { restoredCopy } from '../../../src/aws/objects/archive.ts';
import {
  archiveClass,
  restoreTime,
  tiersOf,
} from '../../../src/aws/objects/restore/restoreTiers.ts';

it('offers the tiers that all classes have', () => {
  expect(tiersOf(['GLACIER'])).toEqual(['Standard', 'Bulk', 'Expedited']);
  expect(tiersOf(['GLACIER', 'DEEP_ARCHIVE'])).toEqual(['Standard', 'Bulk']);
  expect(tiersOf(['DEEP_ARCHIVE_ACCESS'])).toEqual(['Standard', 'Bulk']);
});

it('takes as long as the slowest', () => {
  expect(restoreTime(['GLACIER'], 'Standard')).toEqual({ from: 3, to: 5 });
  expect(restoreTime(['GLACIER', 'DEEP_ARCHIVE'], 'Bulk')).toEqual({ from: 0, to: 48 });
  expect(restoreTime(['DEEP_ARCHIVE', 'ARCHIVE_ACCESS'], 'Standard')).toEqual({ from: 0, to: 12 });
});

it.each([
  ['GLACIER', 'GLACIER'],
  ['ARCHIVE_ACCESS', 'ARCHIVE_ACCESS'],
  ['GLACIER_IR', undefined],
  ['INTELLIGENT_TIERING', undefined],
  ['toString', undefined],
  [undefined, undefined],
])('%s is of the archive class %s', (name, archive) => {
  expect(archiveClass(name)).toBe(archive);
});

it('costs requests, retrieved bytes, and the copies for their days', () => {
  const gib = 1024 ** 3;
  const group = { isDeep: false, makesCopy: true, count: 2000, bytes: 100 * gib };
  const cost = estimateRestore([group], { tier: 'Standard', days: 15 }, DEFAULT_PRICES);
  expect(cost.requests).toBeCloseTo(0.1);
  expect(cost.retrieval).toBeCloseTo(1);
  expect(cost.storage).toBeCloseTo(1.15);
  expect(cost.dollars).toBeCloseTo(2.25);
  const deep = { ...group, isDeep: true };
  const bulk = estimateRestore([deep], { tier: 'Bulk', days: 30 }, DEFAULT_PRICES);
  expect([bulk.requests, bulk.retrieval, bulk.storage].map(one => one.toFixed(3))).toEqual([
    ...['0.050', '0.250', '2.300'],
  ]);
});

it('costs nothing in Intelligent-Tiering, unless it is expedited', () => {
  const group = { isDeep: false, makesCopy: false, count: 1000, bytes: 0 };
  const of = (tier: 'Standard' | 'Expedited') =>
    estimateRestore([group], { tier, days: 0 }, DEFAULT_PRICES).dollars;
  expect(of('Standard')).toBe(0);
  expect(of('Expedited')).toBe(10);
});

it.each([
  ['ongoing-request="true"', { isInProgress: true }],
  [
    'ongoing-request="false", expiry-date="Fri, 21 Dec 2012 00:00:00 GMT"',
    { isInProgress: false, until: new Date('2012-12-21T00:00:00Z') },
  ],
  ['ongoing-request="false"', undefined],
  ['', undefined],
])('%s', (header, copy) => {
  expect(restoredCopy(header)).toEqual(copy);
});
