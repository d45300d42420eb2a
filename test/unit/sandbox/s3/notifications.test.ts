import { describe, expect, it } from 'vitest';
import { sandboxUser } from '../../../../src/sandbox/principal.ts';
import type { ObjectEvent } from '../../../../src/sandbox/s3/notifications/eventRecord.ts';
import {
  encodeEventKey,
  eventRecord,
} from '../../../../src/sandbox/s3/notifications/eventRecord.ts';
import { MAX_HOPS, countCall } from '../../../../src/sandbox/s3/notifications/lineage.ts';
import { wants } from '../../../../src/sandbox/s3/store/notificationConfiguration.ts';
import type { NotificationRule } from '../../../../src/sandbox/s3/store/notificationConfiguration.ts';

const ACCOUNT = '123456789012';
const event: ObjectEvent = {
  name: 'ObjectCreated:Put',
  bucket: {
    id: 1,
    name: 'photos',
    region: 'us-east-1',
    created: new Date(0),
    versioning: 'Enabled',
    tags: [],
  },
  key: 'a b/é+.jpg',
  versionId: 'v1',
  size: 5,
  eTag: 'abc',
  time: new Date(0),
  origin: {
    caller: sandboxUser(ACCOUNT),
    request: { requestId: 'R', extendedRequestId: 'X', headers: {} },
  },
};

function objectOf(changes: Partial<ObjectEvent>): Record<string, unknown> {
  const record = eventRecord({ ...event, ...changes }, 'rule', ACCOUNT);
  return (record['s3'] as { object: Record<string, unknown> }).object;
}

describe('a key in an event', () => {
  it.each([
    ['Happy Face.jpg', 'Happy+Face.jpg'],
    ['a/b//c', 'a/b//c'],
    ['1+1=2', '1%2B1%3D2'],
    ['é 🪣', '%C3%A9+%F0%9F%AA%A3'],
    ["(x)!~'*", '%28x%29%21%7E%27*'],
    ['100%', '100%25'],
    ['line\nend', 'line%0Aend'],
  ])('%j is told as %j', (key, encoded) => {
    expect(encodeEventKey(key)).toBe(encoded);
    expect(decodeURIComponent(encoded.replaceAll('+', ' '))).toBe(key);
  });
});

describe('the record of an event', () => {
  it('is what AWS documents', () => {
    expect(eventRecord(event, 'rule', ACCOUNT)).toEqual({
      eventVersion: '2.1',
      eventSource: 'aws:s3',
      awsRegion: 'us-east-1',
      eventTime: '1970-01-01T00:00:00.000Z',
      eventName: 'ObjectCreated:Put',
      userIdentity: { principalId: 'AWS:AIDASANDBOXUSERAAAAAA' },
      requestParameters: { sourceIPAddress: '127.0.0.1' },
      responseElements: { 'x-amz-request-id': 'R', 'x-amz-id-2': 'X' },
      s3: {
        s3SchemaVersion: '1.0',
        configurationId: 'rule',
        bucket: {
          name: 'photos',
          ownerIdentity: { principalId: `A3${ACCOUNT}` },
          arn: 'arn:aws:s3:::photos',
        },
        object: {
          key: 'a+b/%C3%A9%2B.jpg',
          size: 5,
          eTag: 'abc',
          versionId: 'v1',
          sequencer: expect.stringMatching(/^[0-9A-F]{18}$/) as string,
        },
      },
    });
  });

  it('tells of each kind what AWS tells', () => {
    const names = (changes: Partial<ObjectEvent>): string[] => Object.keys(objectOf(changes));
    expect(names({ versionId: 'null' })).toEqual(['key', 'size', 'eTag', 'sequencer']);
    expect(names({ name: 'ObjectRemoved:Delete' })).toEqual(['key', 'versionId', 'sequencer']);
    expect(objectOf({ name: 'ObjectRemoved:DeleteMarkerCreated', eTag: '' })).toMatchObject({
      eTag: 'd41d8cd98f00b204e9800998ecf8427e',
    });
    expect(names({ name: 'ObjectTagging:Put' })).toEqual(['key', 'eTag', 'versionId']);
    const tagging = eventRecord({ ...event, name: 'ObjectTagging:Delete' }, 'rule', ACCOUNT);
    expect(tagging).toMatchObject({ eventVersion: '2.3' });
  });

  it('has a sequencer that grows', () => {
    const sequencers = Array.from({ length: 5000 }, () => objectOf({})['sequencer'] as string);
    expect(sequencers).toEqual(sequencers.toSorted());
    expect(new Set(sequencers).size).toBe(sequencers.length);
  });

  it('names S3 where no request made the change', () => {
    const record = eventRecord(
      { ...event, origin: { caller: sandboxUser(ACCOUNT) } },
      'r',
      ACCOUNT,
    );
    expect(record).toMatchObject({
      requestParameters: { sourceIPAddress: 's3.amazonaws.com' },
      responseElements: { 'x-amz-request-id': expect.stringMatching(/^[0-9A-F]{16}$/) as string },
    });
  });
});

describe('a rule', () => {
  const rule = (filter: Record<string, string>): NotificationRule => ({
    id: 'x',
    kind: 'lambda',
    arn: 'arn',
    events: ['s3:ObjectCreated:*'],
    filter: Object.entries(filter).map(([name, value]) => ({ name: name as 'Prefix', value })),
  });

  it.each([
    [{}, 'x', true],
    [{ Prefix: 'in/', Suffix: '.jpg' }, 'in/a.jpg', true],
    [{ Prefix: 'in/', Suffix: '.jpg' }, 'in/a.JPG', false],
    [{ Prefix: 'in/' }, 'out/in/a', false],
    // Filters are written as events tell keys.
    [{ Prefix: 'my+photos/' }, 'my photos/a', true],
    [{ Prefix: 'my photos/' }, 'my photos/a', false],
    [{ Suffix: '%2B.jpg' }, 'a+.jpg', true],
  ])('with %j and the key %j: %s', (filter, key, expected) => {
    expect(wants(rule(filter), 's3:ObjectCreated:Copy', encodeEventKey(key))).toBe(expected);
    expect(wants(rule(filter), 's3:ObjectRemoved:Delete', encodeEventKey(key))).toBe(false);
  });
});

describe('the lineage of calls', () => {
  const now = new Date(1_700_000_000_000);

  it('counts each function by itself, along one root', () => {
    let header: string | undefined;
    const hops: number[] = [];
    for (let call = 0; call < MAX_HOPS + 1; call++) {
      countCall(header, 'arn:other', now);
      const counted = countCall(header, 'arn:resize', now);
      header = countCall(counted.header, 'arn:other', now).header;
      hops.push(counted.hops);
    }
    expect(hops).toEqual(Array.from({ length: MAX_HOPS + 1 }, (_, index) => index + 1));
    expect(header).toMatch(
      /^Root=1-6553f100-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0;Lineage=[0-9a-f]{8}:17\|[0-9a-f]{8}:17$/,
    );
  });

  it.each([undefined, '', 'rubbish', 'Root=1-2-3;Lineage=zz:1|:4|abcdef01:', 'Lineage==;;='])(
    'begins anew with the header %j',
    header => {
      expect(countCall(header, 'arn:resize', now).hops).toBe(1);
    },
  );

  it('keeps the root that came', () => {
    expect(countCall('Root=1-a-b;Parent=c;Sampled=1', 'arn', now).header).toMatch(/^Root=1-a-b;/);
  });
});
