import { HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { call, type CallOptions } from '../../call.ts';
import { BrigadeError } from '../../errors.ts';
import { formatS3Uri } from '../../s3Uri.ts';
import { listObjects, unquoted } from '../listing.ts';
import type { ObjectVersionKey } from './deleteUnchanged.ts';

/** An object, or everything below a prefix. */
export interface Place {
  readonly bucket: string;
  readonly key: string;
  readonly isPrefix: boolean;
}

/** The objects of a place as they are now; none where nothing is. @throws BrigadeError */
export async function listPlace(
  client: S3Client,
  place: Place,
  options: CallOptions = {},
): Promise<ObjectVersionKey[]> {
  return place.isPrefix
    ? await listPrefix(client, place, options)
    : await listOne(client, place, options);
}

async function listPrefix(
  client: S3Client,
  { bucket, key }: Place,
  options: CallOptions,
): Promise<ObjectVersionKey[]> {
  const found: ObjectVersionKey[] = [];
  let continuationToken: string | undefined;
  do {
    const input = { bucket, prefix: key, delimiter: '', continuationToken };
    const page = await listObjects(client, input, options);
    found.push(...page.objects.map(object => ({ key: object.key, eTag: object.eTag ?? '' })));
    continuationToken = page.nextToken;
  } while (continuationToken !== undefined);
  return found;
}

async function listOne(
  client: S3Client,
  { bucket, key }: Place,
  options: CallOptions,
): Promise<ObjectVersionKey[]> {
  const command = new HeadObjectCommand({ Bucket: bucket, Key: key });
  try {
    const head = await call(formatS3Uri({ bucket, key }), options, () =>
      client.send(command, { abortSignal: options.signal }),
    );
    return [{ key, eTag: unquoted(head.ETag) ?? '' }];
  } catch (error) {
    if (error instanceof BrigadeError && error.code === 'NotFound') return [];
    throw error;
  }
}
