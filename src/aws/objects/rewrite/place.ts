import { HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { call, type CallOptions } from '../../call.ts';
import { BrigadeError } from '../../errors.ts';
import { formatS3Uri } from '../../s3Uri.ts';
import { listObjects, unquoted, type ObjectSummary } from '../listing.ts';

/** An object, or everything below a prefix. */
export interface Place {
  readonly bucket: string;
  readonly key: string;
  readonly isPrefix: boolean;
}

export interface ListedObject {
  readonly key: string;
  /** Without quotes. */
  readonly eTag: string;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

/** The objects of a place as they are now; none where nothing is. @throws BrigadeError */
export async function listPlace(
  client: S3Client,
  place: Place,
  options: CallOptions = {},
): Promise<ListedObject[]> {
  return place.isPrefix
    ? await listPrefix(client, place, options)
    : await listOne(client, place, options);
}

async function listPrefix(
  client: S3Client,
  { bucket, key }: Place,
  options: CallOptions,
): Promise<ListedObject[]> {
  const found: ListedObject[] = [];
  let continuationToken: string | undefined;
  do {
    const input = { bucket, prefix: key, delimiter: '', continuationToken };
    const page = await listObjects(client, input, options);
    found.push(...page.objects.map(toListedObject));
    continuationToken = page.nextToken;
  } while (continuationToken !== undefined);
  return found;
}

async function listOne(
  client: S3Client,
  { bucket, key }: Place,
  options: CallOptions,
): Promise<ListedObject[]> {
  const command = new HeadObjectCommand({ Bucket: bucket, Key: key });
  try {
    const head = await call(formatS3Uri({ bucket, key }), options, () =>
      client.send(command, { abortSignal: options.signal }),
    );
    return [toListedObject({ key, eTag: unquoted(head.ETag), lastModified: head.LastModified })];
  } catch (error) {
    if (error instanceof BrigadeError && error.code === 'NotFound') return [];
    throw error;
  }
}

function toListedObject({
  key,
  eTag = '',
  lastModified,
}: Pick<ObjectSummary, 'key' | 'eTag' | 'lastModified'>): ListedObject {
  return { key, eTag, modified: lastModified?.getTime() ?? 0 };
}
