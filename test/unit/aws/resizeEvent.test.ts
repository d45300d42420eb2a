import { describe, expect, it } from 'vitest';
import {
  invocationError,
  objectCreatedEvent,
  parseResizeResult,
} from '../../../src/aws/resizeFunction/resizeEvent.ts';

describe('the event for one object', () => {
  it.each([
    ['my photo.jpg', 'my+photo.jpg'],
    ['a+b/ü (1)!.png', 'a%2Bb/%C3%BC+%281%29%21.png'],
    ['100%/😀.webp', '100%25/%F0%9F%98%80.webp'],
  ])('writes the key %s as S3 does', (key, written) => {
    const now = new Date(0);
    const place = { region: 'cn-north-1', partition: 'aws-cn' };
    const event = objectCreatedEvent({ bucket: 'images', key, size: 7 }, place, now);
    const [record] = event.Records;
    expect(record).toMatchObject({
      eventSource: 'aws:s3',
      eventName: 'ObjectCreated:Put',
      awsRegion: 'cn-north-1',
      s3: {
        bucket: { name: 'images', arn: 'arn:aws-cn:s3:::images' },
        object: { key: written, size: 7 },
      },
    });
    expect(decodeURIComponent(record!.s3.object.key.replaceAll('+', ' '))).toBe(key);
  });
});

describe('what a function answers', () => {
  it('is read where it is a resize function’s', () => {
    const output = { bucket: 'r', key: 'k', width: 200, height: 100, bytes: 9 };
    const first = { bucket: 'b', key: 'k', outcome: 'resized', outputs: [output, 'rubbish'] };
    const result = parseResizeResult(JSON.stringify({ results: [first] }));
    expect(result).toMatchObject({ outcome: 'resized', outputs: [output] });
  });

  it.each([
    '',
    'null',
    '{}',
    '{"results":[]}',
    '{"results":[{"bucket":"b","key":"k","outcome":"eaten"}]}',
    '<html>',
  ])('is no result: %s', payload => {
    expect(parseResizeResult(payload)).toBeUndefined();
  });

  it.each([
    ['{"errorType":"Sandbox.Timedout","errorMessage":"late"}', 'Sandbox.Timedout: late'],
    ['{"errorType":"Error","errorMessage":"broken"}', 'broken'],
    ['out of order', 'out of order'],
  ])('is an error: %s', (payload, sentence) => {
    expect(invocationError(payload)).toBe(sentence);
  });
});
