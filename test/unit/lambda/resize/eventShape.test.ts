import { describe, expect, it } from 'vitest';
import { isBatchEvent, isS3Event } from '../../../../lambda/resize/eventShape.ts';

const RECORD = {
  eventName: 'ObjectCreated:Put',
  s3: { bucket: { name: 'photos' }, object: { key: 'a.jpg' } },
};
const TASK = { taskId: 'one', s3Key: 'a.jpg', s3Bucket: 'photos' };

describe('an S3 event', () => {
  it('has records that name what happened, the bucket and the key', () => {
    expect(isS3Event({ Records: [RECORD, RECORD] })).toBe(true);
  });

  it.each([
    null,
    [],
    { Records: {} },
    { Records: [null] },
    { Records: [RECORD, {}] },
    { Records: [{ s3: RECORD.s3 }] },
    { Records: [{ ...RECORD, s3: null }] },
    { Records: [{ ...RECORD, s3: {} }] },
    { Records: [{ ...RECORD, s3: { ...RECORD.s3, object: { key: 5 } } }] },
    { Records: [{ ...RECORD, s3: { ...RECORD.s3, bucket: 'photos' } }] },
  ])('is not %j', event => {
    expect(isS3Event(event)).toBe(false);
  });
});

describe('a batch event', () => {
  it('has tasks with their ids and keys', () => {
    expect(isBatchEvent({ tasks: [TASK] })).toBe(true);
  });

  it.each([{ tasks: 'all' }, { tasks: [null] }, { tasks: [{ taskId: 'one' }] }])(
    'is not %j',
    event => {
      expect(isBatchEvent(event)).toBe(false);
    },
  );
});
