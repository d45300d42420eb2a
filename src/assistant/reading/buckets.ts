import { readBucketNotifications } from '../../aws/notifications/bucketNotifications.ts';
import {
  listBuckets as awsListBuckets,
  listObjects as awsListObjects,
} from '../../aws/objects/listing.ts';
import { getObjectTags } from '../../aws/objects/tags.ts';
import { fits, MAX_ROWS } from '../answerText.ts';
import type { Answer, ReadingTool, ToolCall } from '../tool.ts';

export const listBuckets: ReadingTool = {
  kind: 'reading',
  async read({ session, input, signal }: ToolCall<{ readonly nameContains?: string }>) {
    const { nameContains = '' } = input;
    const all = await awsListBuckets(session.clients, { signal });
    const rows = all.filter(({ name }) => name.includes(nameContains));
    return { rows, notes: [`${rows.length} of the account's ${all.length} buckets.`] };
  },
};

interface ListObjectsInput {
  readonly bucket: string;
  readonly prefix?: string;
  readonly recursive?: boolean;
  readonly limit?: number;
  readonly pageToken?: string;
}

export const listObjects: ReadingTool = {
  kind: 'reading',
  async read({ session, input, signal }: ToolCall<ListObjectsInput>): Promise<Answer> {
    const { bucket, prefix = '', recursive = false, limit = 50, pageToken } = input;
    const client = await session.clients.s3ForBucket(bucket, signal);
    const region = await session.clients.regionOfBucket(bucket, signal);
    const page = { bucket, prefix, delimiter: recursive ? '' : '/', continuationToken: pageToken };
    // A row that was left out would not be on the next page: a shorter page is asked for instead.
    for (let pageSize = Math.min(limit, MAX_ROWS - 1); ; pageSize = Math.ceil(pageSize / 2)) {
      const found = await awsListObjects(client, { ...page, pageSize }, { signal });
      const rows = [
        ...found.prefixes.map(each => ({ prefix: each })),
        ...found.objects.map(({ key, size, lastModified, storageClass }) => ({
          ...{ key, size, lastModified, storageClass },
        })),
        ...(found.nextToken === undefined ? [] : [{ pageToken: found.nextToken }]),
      ];
      if (pageSize > 1 && !fits(rows)) continue;
      const more = 'There are more: call again with the pageToken of the last row.';
      return { region, rows, notes: [found.nextToken === undefined ? 'That is all.' : more] };
    }
  },
};

interface ObjectInput {
  readonly bucket: string;
  readonly key: string;
}

export const readTags: ReadingTool = {
  kind: 'reading',
  async read({ session, input, signal }: ToolCall<ObjectInput>) {
    const client = await session.clients.s3ForBucket(input.bucket, signal);
    const region = await session.clients.regionOfBucket(input.bucket, signal);
    const rows = await getObjectTags(client, input, { signal });
    return { region, rows, notes: [`The object has ${rows.length} tags.`] };
  },
};

export const listNotifications: ReadingTool = {
  kind: 'reading',
  async read({ session, input: { bucket }, signal }: ToolCall<{ readonly bucket: string }>) {
    const { clients } = session;
    const { notifications, eventBridge } = await readBucketNotifications(clients, bucket, {
      signal,
    });
    const notes = [
      `${notifications.length} event notifications. Amazon EventBridge is ${eventBridge ? 'on' : 'off'}.`,
    ];
    return { region: await clients.regionOfBucket(bucket, signal), rows: notifications, notes };
  },
};
