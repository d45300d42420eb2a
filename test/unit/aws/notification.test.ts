import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  covers,
  causesLoop,
  overlaps,
  type BucketNotification,
} from '../../../src/aws/notifications/notification.ts';
import { decodeEventKey, encodeEventKey } from '../../../src/aws/notifications/eventKey.ts';
import { anyNotification } from './anyNotification.ts';

const CREATED = 's3:ObjectCreated:*';
const entry = (part: Partial<BucketNotification>) => ({
  events: [CREATED],
  prefix: '',
  suffix: '',
  ...part,
});

describe('overlaps', () => {
  it.each([
    ['nothing is filtered', {}, {}, true],
    ['a wildcard holds the other event', {}, { events: ['s3:ObjectCreated:Put'] }, true],
    ['the events differ', {}, { events: ['s3:ObjectRemoved:*'] }, false],
    [
      'two kinds of one family differ',
      { events: ['s3:ObjectCreated:Put'] },
      { events: ['s3:ObjectCreated:Copy'] },
      false,
    ],
    [
      'one event of several is shared',
      { events: ['s3:ObjectRestore:*', 's3:ObjectCreated:Put'] },
      { events: ['s3:ObjectTagging:Put', 's3:ObjectCreated:Put'] },
      true,
    ],
    ['one prefix begins with the other', { prefix: 'in/' }, { prefix: 'in/new/' }, true],
    ['the prefixes part', { prefix: 'in/' }, { prefix: 'out/' }, false],
    ['one suffix ends with the other', { suffix: 'jpg' }, { suffix: 'pg' }, true],
    ['the suffixes part', { suffix: '.jpg' }, { suffix: '.png' }, false],
    ['the suffixes differ in case', { suffix: '.jpg' }, { suffix: '.JPG' }, false],
    ['only the prefixes meet', { prefix: 'a', suffix: '.jpg' }, { suffix: '.png' }, false],
    ['only the suffixes meet', { prefix: 'a', suffix: 'g' }, { prefix: 'b', suffix: 'g' }, false],
    ['both meet crosswise', { prefix: 'a' }, { suffix: '.png' }, true],
  ])('%s', (_, one, other, expected) => {
    expect(overlaps(entry(one), entry(other))).toBe(expected);
  });

  it('is symmetric, and an entry overlaps itself', () => {
    fc.assert(
      fc.property(anyNotification, anyNotification, (one, other) => {
        expect(overlaps(one, other)).toBe(overlaps(other, one));
        expect(overlaps(one, one)).toBe(true);
      }),
    );
  });

  it('finds every pair of entries that one key and event would reach', () => {
    const reaches = (one: BucketNotification, key: string, event: string): boolean =>
      one.events.some(wide => covers(wide, event)) &&
      key.startsWith(one.prefix) &&
      key.endsWith(one.suffix);
    fc.assert(
      fc.property(anyNotification, anyNotification, fc.string(), (one, other, middle) => {
        const longer = (a: string, b: string): string => (a.length > b.length ? a : b);
        const key = longer(one.prefix, other.prefix) + middle + longer(one.suffix, other.suffix);
        for (const event of [...one.events, ...other.events]) {
          if (reaches(one, key, event) && reaches(other, key, event)) {
            expect(overlaps(one, other)).toBe(true);
          }
        }
      }),
    );
  });
});

describe('feedsItself', () => {
  const source = { bucket: 'photos', ...entry({ prefix: 'in/', suffix: '.jpg' }) };

  it.each([
    ['writes anywhere in the bucket', { bucket: 'photos' }, true],
    ['writes where it is told about', { bucket: 'photos', prefix: 'in/small/' }, true],
    ['writes elsewhere in the bucket', { bucket: 'photos', prefix: 'out/' }, false],
    ['writes another kind of file', { bucket: 'photos', suffix: '.webp' }, false],
    ['writes into another bucket', { bucket: 'photos-resized' }, false],
  ])('a function that %s', (_, writes, expected) => {
    expect(causesLoop(source, writes)).toBe(expected);
  });

  it('is no danger where only removals are told', () => {
    const removals = { ...source, events: ['s3:ObjectRemoved:*'] };
    expect(causesLoop(removals, { bucket: 'photos' })).toBe(false);
  });
});

describe('a filter value', () => {
  it.each([
    ['my photos/', 'my+photos/'],
    ['year=2026/', 'year%3D2026/'],
    ['a+b', 'a%2Bb'],
    ['100%', '100%25'],
    ['ünï/', '%C3%BCn%C3%AF/'],
    ['safe-_.*', 'safe-_.*'],
    ["photo (1)!'", 'photo+%281%29%21%27'],
    ['~', '%7E'],
  ])('of %j is %j', (text, value) => {
    expect(encodeEventKey(text)).toBe(value);
    expect(decodeEventKey(value)).toBe(text);
  });

  it('keeps every text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        expect(decodeEventKey(encodeEventKey(text))).toBe(text);
      }),
    );
  });

  it('that is not well encoded stands for itself', () => {
    expect(decodeEventKey('50%')).toBe('50%');
    expect(decodeEventKey('%C3')).toBe('%C3');
  });
});
