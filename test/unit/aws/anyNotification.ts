import fc from 'fast-check';
import type { BucketNotification } from '../../../src/aws/notification.ts';

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

/** Any entry of a bucket's event notifications. */
export const anyNotification: fc.Arbitrary<BucketNotification> = fc.record({
  id: fc.string({ minLength: 1, maxLength: 12 }),
  destination: fc.record({
    kind: fc.constantFrom('lambda', 'queue', 'topic'),
    arn: fc.stringMatching(/^arn:aws:[a-z]{3}:us-east-1:\d{12}:[a-z]{1,8}$/),
  }),
  events,
  prefix: affix('in/', 'in/new/', 'year=2026/', 'a b'),
  suffix: affix('.jpg', 'g', '.png', '.JPG'),
});
