import type { NotificationConfiguration } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BucketNotification } from '../../../src/aws/notifications/notification.ts';
import {
  findOverlap,
  hasEventBridge,
  toNotifications,
  sameConfiguration,
  withEventBridge,
  withNotification,
  withoutNotification,
} from '../../../src/aws/notifications/notificationConfiguration.ts';
import { anyNotification } from './anyNotification.ts';

const anyConfiguration = fc
  .record({
    notifications: fc.uniqueArray(anyNotification, { selector: each => each.id, maxLength: 6 }),
    eventBridge: fc.boolean(),
  })
  .map(({ notifications, eventBridge }) =>
    notifications.reduce(withNotification, eventBridge ? { EventBridgeConfiguration: {} } : {}),
  );

/** As others write it: fields in their order, unusual spellings. */
const OTHERS: NotificationConfiguration = {
  TopicConfigurations: [
    {
      Id: 'theirs',
      TopicArn: 'arn:aws:sns:us-east-1:123456789012:topic',
      Events: ['s3:ObjectRemoved:*'],
      Filter: { Key: { FilterRules: [{ Name: 'Prefix' as 'prefix', Value: 'a%20b+c/' }] } },
    },
  ],
  EventBridgeConfiguration: {},
};

const OURS: BucketNotification = {
  id: 'ours',
  destination: { kind: 'lambda', arn: 'arn:aws:lambda:us-east-1:123456789012:function:resize' },
  events: ['s3:ObjectCreated:*'],
  prefix: 'my photos/',
  suffix: '.jpg',
};

describe('listed', () => {
  it('reads the entries of every kind, their filters decoded', () => {
    expect(toNotifications(OTHERS)).toEqual([
      {
        id: 'theirs',
        destination: { kind: 'topic', arn: 'arn:aws:sns:us-east-1:123456789012:topic' },
        events: ['s3:ObjectRemoved:*'],
        prefix: 'a b c/',
        suffix: '',
      },
    ]);
    expect(toNotifications({})).toEqual([]);
  });
});

describe('withNotification', () => {
  it('adds an entry as S3 wants it and leaves the others as they were', () => {
    const next = withNotification(OTHERS, OURS);
    expect(next).toEqual({
      ...OTHERS,
      LambdaFunctionConfigurations: [
        {
          Id: 'ours',
          LambdaFunctionArn: OURS.destination.arn,
          Events: ['s3:ObjectCreated:*'],
          Filter: {
            Key: {
              FilterRules: [
                { Name: 'prefix', Value: 'my+photos/' },
                { Name: 'suffix', Value: '.jpg' },
              ],
            },
          },
        },
      ],
    });
    expect(next.TopicConfigurations?.[0]).toBe(OTHERS.TopicConfigurations?.[0]);
  });

  it('writes no filter where there is none', () => {
    const [entry] =
      withNotification({}, { ...OURS, prefix: '', suffix: '' }).LambdaFunctionConfigurations ?? [];
    expect(entry).not.toHaveProperty('Filter');
  });

  it('gives back what was there once the entry is removed again', () => {
    fc.assert(
      fc.property(anyConfiguration, anyNotification, (configuration, notification) => {
        fc.pre(!toNotifications(configuration).some(({ id }) => id === notification.id));
        const next = withNotification(configuration, notification);
        expect(toNotifications(next)).toContainEqual(notification);
        expect(withoutNotification(next, notification.id)).toStrictEqual(configuration);
      }),
    );
  });

  it('replaces one entry and no other, also by one of another kind', () => {
    fc.assert(
      fc.property(anyConfiguration, anyNotification, fc.nat(), (configuration, other, index) => {
        const before = toNotifications(configuration);
        const old = before[index % Math.max(before.length, 1)];
        fc.pre(old !== undefined);
        const next = withNotification(configuration, { ...other, id: old.id });
        expect(toNotifications(next)).toHaveLength(before.length);
        expect(toNotifications(next)).toEqual(
          expect.arrayContaining(before.filter(each => each !== old)),
        );
        expect(hasEventBridge(next)).toBe(hasEventBridge(configuration));
      }),
    );
  });

  it('is done when the entry is there', () => {
    fc.assert(
      fc.property(anyConfiguration, anyNotification, (configuration, notification) => {
        const next = withNotification(configuration, notification);
        expect(withNotification(next, notification)).toBe(next);
        const reversed = { ...notification, events: notification.events.toReversed() };
        expect(withNotification(next, reversed)).toBe(next);
        expect(withoutNotification(configuration, 'no such id, for it is too long')).toBe(
          configuration,
        );
      }),
    );
  });
});

describe('findOverlap', () => {
  it('names the entry that S3 would refuse ours for, but never the one it replaces', () => {
    const png = { ...OURS, id: 'png', suffix: '.png' };
    const configuration = withNotification(withNotification(OTHERS, OURS), png);
    const candidate = { ...OURS, id: 'new', prefix: 'my photos/2026/', suffix: 'g' };
    expect(findOverlap(configuration, candidate)?.id).toBe('ours');
    expect(findOverlap(configuration, { ...candidate, suffix: '.gif' })).toBeUndefined();
    expect(findOverlap(configuration, { ...png, events: ['s3:ObjectCreated:Put'] })).toBe(
      undefined,
    );
  });
});

describe('sameConfiguration', () => {
  it('minds neither order nor the case of the rules’ names', () => {
    const one = withNotification(OTHERS, OURS);
    const two = withNotification(withNotification({}, { ...OURS, id: 'x' }), OURS);
    const turned: NotificationConfiguration = {
      LambdaFunctionConfigurations: two.LambdaFunctionConfigurations?.toReversed(),
    };
    expect(sameConfiguration(two, turned)).toBe(true);
    const capital = structuredClone(one);
    const [rule] = capital.LambdaFunctionConfigurations?.[0]?.Filter?.Key?.FilterRules ?? [];
    rule!.Name = 'Prefix' as 'prefix';
    expect(sameConfiguration(one, capital)).toBe(true);
  });

  it('sees every difference', () => {
    fc.assert(
      fc.property(anyConfiguration, anyNotification, (configuration, notification) => {
        const next = withNotification(configuration, notification);
        expect(sameConfiguration(configuration, next)).toBe(next === configuration);
        const switched = withEventBridge(configuration, !hasEventBridge(configuration));
        expect(sameConfiguration(configuration, switched)).toBe(false);
        expect(sameConfiguration(configuration, structuredClone(configuration))).toBe(true);
      }),
    );
  });

  it('sees that a filter is written in another way, for S3 may read it in another way', () => {
    const encoded = withNotification({}, { ...OURS, prefix: 'a b' });
    const raw = structuredClone(encoded);
    raw.LambdaFunctionConfigurations![0]!.Filter!.Key!.FilterRules![0]!.Value = 'a%20b';
    expect(sameConfiguration(encoded, raw)).toBe(false);
  });
});

describe('withEventBridge', () => {
  it('turns it on and off, and nothing else', () => {
    const off = withEventBridge(OTHERS, false);
    expect(hasEventBridge(off)).toBe(false);
    expect(off.TopicConfigurations).toBe(OTHERS.TopicConfigurations);
    expect(withEventBridge(off, true)).toEqual(OTHERS);
    expect(withEventBridge(off, false)).toBe(off);
  });
});
