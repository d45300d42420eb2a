import { describe, expect, it } from 'vitest';
import type { BucketNotification } from '../../../src/aws/notifications/notification.ts';
import {
  completed,
  notificationsOf,
  parseSuffixes,
} from '../../../src/explorer/notifications/draft.ts';
import { eventText } from '../../../src/explorer/notifications/eventText.ts';
import {
  destinationName,
  keyPattern,
  summary,
} from '../../../src/explorer/notifications/notificationText.ts';
import { filterProblem, suffixesProblem } from '../../../src/explorer/notifications/problems.ts';
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
  const { events, destination, prefix } = jpg;

  it('becomes an entry for each suffix, each with an id', () => {
    let next = 0;
    const draft = { events, destination, prefix, suffixes: ['.jpg', '.png'] };
    expect(notificationsOf(draft, () => `${++next}`)).toEqual([
      { ...jpg, id: '1' },
      { ...jpg, id: '2', suffix: '.png' },
    ]);
    expect(notificationsOf({ ...draft, suffixes: [] }, () => 'x')).toEqual([
      { ...jpg, id: 'x', suffix: '' },
    ]);
  });

  it('is complete when all is known, an empty prefix and no suffix included', () => {
    const draft = { events, destination, prefix: '', suffixes: [] };
    expect(completed(draft)).toEqual(draft);
    expect(completed({ events, destination, prefix: '' })).toBeUndefined();
    expect(completed({ events, destination, suffixes: [] })).toBeUndefined();
  });

  it.each([
    ['.jpg, .png', ['.jpg', '.png']],
    ['  .jpg ,,', ['.jpg']],
    ['', []],
  ])('reads the suffixes in %j', (text, expected) => {
    expect(parseSuffixes(text)).toEqual(expected);
  });
});

describe('suffixesProblem', () => {
  const scope = { events: ['s3:ObjectCreated:Put'], prefix: 'in/new/' };

  it.each([
    ['an entry that is there', ['.jpg'], /resize: in\/\*\.jpg · ObjectCreated:\*/],
    ['an entry, for there is no suffix', [], /resize/],
    ['one another', ['.png', 'ng'], /\.png and ng/],
    ['a wildcard', ['*.png'], /wildcard/],
    ['a suffix too long', ['='.repeat(400)], /1024 bytes/],
  ])('names %s', (_, suffixes, expected) => {
    expect(suffixesProblem(suffixes, scope, [jpg])).toMatch(expected);
  });

  it('finds nothing wrong with others', () => {
    expect(suffixesProblem(['.png', '.JPG'], scope, [jpg])).toBeUndefined();
    expect(suffixesProblem([], { ...scope, prefix: 'out/' }, [jpg])).toBeUndefined();
  });

  it('counts what the bucket has', () => {
    const many = Array.from({ length: 99 }, (_, n) => ({ ...jpg, id: `${n}`, suffix: `.${n}` }));
    expect(suffixesProblem(['.png'], scope, many)).toBeUndefined();
    expect(suffixesProblem(['.png', '.gif'], scope, many)).toMatch(/100/);
  });

  it('of a prefix is its length or a wildcard', () => {
    expect(filterProblem('my photos/ü=1/')).toBeUndefined();
    expect(filterProblem('photos/*')).toMatch(/wildcard/);
  });
});

describe('what is shown of an entry', () => {
  it('is one visible line, whatever others put there', () => {
    expect(summary(jpg)).toBe('in/*.jpg · ObjectCreated:*');
    expect(summary({ ...jpg, prefix: '', suffix: '' })).toBe('all objects · ObjectCreated:*');
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
