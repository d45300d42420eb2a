import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BucketNotification } from '../../../src/aws/notifications/notification.ts';
import {
  completed,
  formatFilters,
  groupNotifications,
  notificationsOf,
  parseFilters,
} from '../../../src/explorer/notifications/draft.ts';
import { eventText } from '../../../src/vscode/eventText.ts';
import { summary } from '../../../src/explorer/notifications/notificationSummary.ts';
import {
  destinationName,
  keyPattern,
} from '../../../src/explorer/notifications/notificationText.ts';
import { filtersProblem } from '../../../src/explorer/notifications/problems.ts';
import { NOTIFICATION_EVENTS } from '../../../src/aws/notifications/notificationRules.ts';

const ARN = 'arn:aws:lambda:us-east-1:123456789012:function:resize';
const jpg: BucketNotification = {
  id: 'jpg',
  destination: { kind: 'lambda', arn: ARN },
  events: ['s3:ObjectCreated:*'],
  prefix: 'in/',
  suffix: '.jpg',
};

describe('a draft', () => {
  const { events, destination } = jpg;
  const filter = (prefix: string, suffix: string) => ({ prefix, suffix });
  const png = { ...jpg, id: 'png', suffix: '.png' };

  it('becomes an entry for each filter, each with an id', () => {
    let next = 0;
    const draft = { events, destination, filters: [filter('in/', '.jpg'), filter('', '.png')] };
    expect(notificationsOf(draft, () => `${++next}`)).toEqual([
      { ...jpg, id: '1' },
      { ...jpg, id: '2', prefix: '', suffix: '.png' },
    ]);
    expect(notificationsOf({ ...draft, filters: [] }, () => 'x')).toEqual([
      { ...jpg, id: 'x', prefix: '', suffix: '' },
    ]);
  });

  it('keeps the ids of entries whose filters stay, and of one that is the only one', () => {
    const ids = (filters: ReturnType<typeof filter>[], replaced: BucketNotification[]) =>
      notificationsOf({ events, destination, filters }, () => 'new', replaced).map(({ id }) => id);
    expect(ids([filter('in/', '.png'), filter('in/', '.jpg')], [jpg, png])).toEqual(['png', 'jpg']);
    expect(ids([filter('in/', '.gif'), filter('in/', '.jpg')], [jpg, png])).toEqual(['new', 'jpg']);
    expect(ids([filter('out/', '.png')], [jpg])).toEqual(['jpg']);
    expect(ids([filter('out/', '.png'), filter('in/', '.jpg')], [jpg])).toEqual(['new', 'jpg']);
    expect(ids([filter('a/', ''), filter('b/', '')], [jpg])).toEqual(['jpg', 'new']);
  });

  it('is complete when all is known, no filter included', () => {
    const draft = { events, destination, filters: [] };
    expect(completed(draft)).toEqual(draft);
    expect(completed({ events, destination })).toBeUndefined();
  });

  it('groups entries that differ by their filters only', () => {
    const other = { ...jpg, id: 'other', events: ['s3:ObjectRemoved:*'] };
    const unnamed = { ...png, id: '' };
    expect(groupNotifications([jpg, other, png, unnamed])).toEqual([
      [jpg, png],
      [other],
      [unnamed],
    ]);
  });
});

describe('the filters in a line', () => {
  it.each([
    [
      'photos/*.jpg, *.png',
      [
        ['photos/', '.jpg'],
        ['', '.png'],
      ],
    ],
    [
      '.png, .PNG',
      [
        ['', '.png'],
        ['', '.PNG'],
      ],
    ],
    ['photos/', [['photos/', '']]],
    ['  photos/*  ,, ', [['photos/', '']]],
    ['"a, b*.jpg"', [['a, b', '.jpg']]],
    ['', []],
  ])('%j are read', (text, expected) => {
    expect(parseFilters(text)).toEqual(expected.map(([prefix, suffix]) => ({ prefix, suffix })));
  });

  it.each(['photos', 'a*b*c', '.jpg, photo', 'image1.png'])('%j is refused', text => {
    expect(parseFilters(text)).toBeUndefined();
  });

  it('are read as they were written, whatever is in them', () => {
    const text = fc.string({ unit: 'binary' }).map(each => each.replaceAll('*', ''));
    const filters = fc.array(fc.record({ prefix: text, suffix: text }), { minLength: 1 });
    fc.assert(
      fc.property(filters, some => {
        fc.pre(some.some(({ prefix, suffix }) => prefix + suffix !== ''));
        expect(parseFilters(formatFilters(some))).toEqual(some);
      }),
    );
  });
});

describe('filtersProblem', () => {
  const events = ['s3:ObjectCreated:Put'];
  const suffixes = (...all: string[]) => all.map(suffix => ({ prefix: 'in/new/', suffix }));

  it.each([
    ['an entry that is there', suffixes('.jpg'), /resize: in\/\*\.jpg · All object create events/],
    ['an entry, for there is no filter', [], /resize/],
    ['one another', suffixes('.png', 'ng'), /in\/new\/\*\.png and in\/new\/\*ng/],
    ['a wildcard', suffixes('*.png'), /wildcard/],
    ['a suffix too long', suffixes('='.repeat(400)), /1024 bytes/],
  ])('names %s', (_, filters, expected) => {
    expect(filtersProblem(filters, events, [jpg])).toMatch(expected);
  });

  it('finds nothing wrong with others', () => {
    expect(filtersProblem(suffixes('.png', '.JPG'), events, [jpg])).toBeUndefined();
    expect(filtersProblem([{ prefix: 'out/', suffix: '' }], events, [jpg])).toBeUndefined();
  });

  it('counts what the bucket has', () => {
    const many = Array.from({ length: 99 }, (_, n) => ({ ...jpg, id: `${n}`, suffix: `.${n}` }));
    expect(filtersProblem(suffixes('.png'), events, many)).toBeUndefined();
    expect(filtersProblem(suffixes('.png', '.gif'), events, many)).toMatch(/100/);
  });
});

describe('what is shown of an entry', () => {
  it('is one visible line, whatever others put there', () => {
    expect(summary(jpg)).toBe('in/*.jpg · All object create events');
    expect(summary({ ...jpg, prefix: '', suffix: '' })).toBe(
      'all objects · All object create events',
    );
    const many = ['.a', '.b', '.c', '.d', '.e'].map(suffix => ({ ...jpg, suffix }));
    expect(summary(jpg, ...many)).toBe(
      'in/*.jpg, in/*.a, in/*.b and 3 more · All object create events',
    );
    expect(keyPattern({ prefix: 'a\nb\u202e', suffix: ' ' })).toBe('a\\nb\\u202e*·');
  });

  it.each([
    [ARN, 'resize'],
    [`${ARN}:live`, 'resize:live'],
    ['arn:aws:sqs:us-east-1:123456789012:jobs', 'jobs'],
    ['arn:minio:sqs::1:webhook', 'webhook'],
    ['', ''],
  ])('names %s', (arn, expected) => {
    expect(destinationName({ destination: { kind: 'lambda', arn } })).toBe(expected);
  });

  it('has a sentence for every event', () => {
    const texts = NOTIFICATION_EVENTS.map(eventText);
    expect(texts.filter(text => text === '')).toEqual([]);
    expect(new Set(texts).size).toBe(texts.length);
  });
});
