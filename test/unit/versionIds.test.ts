import { expect, it } from 'vitest';
import { placeOf, newVersionId } from '../../src/sandbox/s3/objects/versionIds.ts';
import { timestamp } from '../../src/sandbox/s3/timestamp.ts';

it.each([1, 2, 1000, 2 ** 40])('a version id tells its place and looks like S3’s: %d', place => {
  const id = newVersionId(place);
  // Recorded from AWS: the alphabet of more than 100 ids.
  expect(id).toMatch(/^[A-Za-z0-9._]{32}$/);
  expect(placeOf(id)).toBe(place);
  const first = id.startsWith('A') ? 'B' : 'A';
  expect(placeOf(first + id.slice(1))).toBeUndefined();
});

it('no two ids of a place are the same', () => {
  expect(newVersionId(7)).not.toBe(newVersionId(7));
});

it.each(['', 'null', 'HPniJFCxqTsMuIH9KX8K8wEjNUgmABCD', 'abcdefghijklmnopqrstuvwxyz-_0123'])(
  'nobody gave out %s',
  id => expect(placeOf(id)).toBeUndefined(),
);

it('a time in XML has whole seconds', () => {
  expect(timestamp(new Date('2026-11-29T12:02:40.999Z'))).toBe('2026-11-29T12:02:40.000Z');
});
