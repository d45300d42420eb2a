import { Event } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { covers } from '../../../src/aws/notifications/notification.ts';
import {
  clashingSuffixes,
  isFilterTooLong,
  NOTIFICATION_EVENTS,
  parseDestinationArn,
  withoutCovered,
} from '../../../src/aws/notifications/notificationRules.ts';

it('knows the events that the SDK knows', () => {
  expect([...NOTIFICATION_EVENTS].sort()).toEqual(Object.values(Event).sort());
});

describe('withoutCovered', () => {
  it('leaves no event that another holds, and loses none', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...NOTIFICATION_EVENTS)), events => {
        const kept = withoutCovered(events);
        for (const event of events) {
          expect(kept.filter(wide => covers(wide, event))).toHaveLength(1);
        }
      }),
    );
  });
});

describe('parseDestinationArn', () => {
  it.each([
    ['arn:aws:lambda:eu-west-1:123456789012:function:resize', 'lambda', 'resize', undefined],
    ['arn:aws:lambda:eu-west-1:123456789012:function:resize:live', 'lambda', 'resize', 'live'],
    ['arn:aws-cn:sqs:cn-north-1:123456789012:jobs_1', 'queue', 'jobs_1', undefined],
    ['arn:aws:sns:us-east-1:123456789012:news', 'topic', 'news', undefined],
  ])('reads %s', (arn, kind, name, qualifier) => {
    const read = parseDestinationArn(arn);
    expect(read).toMatchObject({ kind, arn, name, accountId: '123456789012' });
    expect(read?.qualifier).toBe(qualifier);
    expect(read?.region).toBe(arn.split(':')[3]);
  });

  it.each([
    ['nothing', ''],
    ['a name', 'resize'],
    ['a FIFO queue', 'arn:aws:sqs:us-east-1:123456789012:jobs.fifo'],
    ['a FIFO topic', 'arn:aws:sns:us-east-1:123456789012:news.fifo'],
    ['$LATEST', 'arn:aws:lambda:us-east-1:123456789012:function:resize:$LATEST'],
    ['a bucket', 'arn:aws:s3:::photos'],
    ['a layer', 'arn:aws:lambda:us-east-1:123456789012:layer:sharp'],
    ['a short account', 'arn:aws:sqs:us-east-1:12345:jobs'],
    ['something more', 'arn:aws:sqs:us-east-1:123456789012:jobs:more'],
  ])('refuses %s', (_, text) => {
    expect(parseDestinationArn(text)).toBeUndefined();
  });
});

describe('clashingSuffixes', () => {
  it.each([
    [['.jpg', '.png', '.JPG'], undefined],
    [
      ['.jpg', '.jpg'],
      ['.jpg', '.jpg'],
    ],
    [
      ['.gif', '.jpg', 'pg'],
      ['.jpg', 'pg'],
    ],
    [
      ['', '.jpg'],
      ['', '.jpg'],
    ],
    [[], undefined],
  ])('%j', (suffixes, expected) => {
    expect(clashingSuffixes(suffixes)).toEqual(expected);
  });
});

describe('isFilterTooLong', () => {
  it('counts what is written, not what is read', () => {
    expect(isFilterTooLong('a'.repeat(1024))).toBe(false);
    expect(isFilterTooLong('a'.repeat(1025))).toBe(true);
    expect(isFilterTooLong('='.repeat(341))).toBe(false);
    expect(isFilterTooLong('='.repeat(342))).toBe(true);
  });
});
