import fc from 'fast-check';
import type { BucketNotification } from '../../../src/aws/notifications/notification.ts';

/** Short and few, so that entries meet often. */
const affix = (...texts: string[]) => fc.oneof(fc.constantFrom('', ...texts), fc.string());

const events = fc.uniqueArray(
  fc.constantFrom(
    's3:ObjectCreated:*',
    's3:ObjectCreated:Put',
    's3:ObjectCreated:Copy',
    's3:ObjectRemoved:*',
    's3:ObjectRemoved:Delete',
    's3:IntelligentTiering',
  ),
  { minLength: 1, maxLength: 4 },
);

const ARNS = {
  lambda: 'lambda:REGION:ACCOUNT:function',
  queue: 'sqs:REGION:ACCOUNT',
  topic: 'sns:REGION:ACCOUNT',
};

const anyDestination = fc
  .record({
    kind: fc.constantFrom('lambda' as const, 'queue' as const, 'topic' as const),
    name: fc.stringMatching(/^[\w-]{1,12}$/),
  })
  .map(({ kind, name }) => {
    const place = ARNS[kind].replace('REGION', 'us-east-1').replace('ACCOUNT', '123456789012');
    return { kind, arn: `arn:aws:${place}:${name}` };
  });

/** Any entry of a bucket's event notifications. */
export const anyNotification: fc.Arbitrary<BucketNotification> = fc.record({
  id: fc.string({ minLength: 1, maxLength: 12 }),
  destination: anyDestination,
  events,
  prefix: affix('in/', 'in/new/', 'year=2026/', 'a b'),
  suffix: affix('.jpg', 'g', '.png', '.JPG'),
});
