import { ListObjectsV2Command, ListObjectVersionsCommand, type S3Client } from '@aws-sdk/client-s3';
import { callWithAction, type CallOptions } from '../call.ts';
import { formatS3Uri } from '../s3Uri.ts';
import type { KeyPage, KeyRange } from './keyRange.ts';
import { takeEntries, type ListedEntry } from './listedEntries.ts';
import type { Listing, ObjectRef } from './selection.ts';

export interface PageInput extends Pick<Listing, 'bucket' | 'versions'> {
  readonly range: KeyRange;
  /** 1,000 by default. */
  readonly most?: number;
}

/**
 * The next page of a range: up to 1,000 objects or versions, also beyond the range's end. A page
 * begins behind a key, not at a token, so that any process can continue it at any time.
 *
 * @throws BrigadeError `AccessDenied` (s3:ListBucket, s3:ListBucketVersions) …
 */
export async function listPage(
  client: S3Client,
  input: PageInput,
  options: CallOptions,
): Promise<KeyPage> {
  return await (input.versions === 'current' ? listCurrent : listVersions)(client, input, options);
}

async function listCurrent(
  client: S3Client,
  { bucket, range, most }: PageInput,
  options: CallOptions,
): Promise<KeyPage> {
  const { prefix, after } = range;
  const command = new ListObjectsV2Command({
    ...{ Bucket: bucket, Prefix: prefix, StartAfter: after },
    ...{ EncodingType: 'url', MaxKeys: most },
  });
  const entries = takeEntries(command, ['Contents']);
  const output = await callWithAction(
    's3:ListBucket',
    formatS3Uri({ bucket, key: prefix }),
    options,
    () => client.send(command, { abortSignal: options.signal }),
  );
  const decode = decoderOf(output.EncodingType);
  const refs = entries().map(entry => refOf(bucket, decode, entry));
  const last = refs.at(-1);
  const rest = output.IsTruncated && last ? { ...range, after: last.key } : undefined;
  return { refs, rest };
}

async function listVersions(
  client: S3Client,
  { bucket, range, most, versions }: PageInput,
  options: CallOptions,
): Promise<KeyPage> {
  const { prefix, after, afterVersion } = range;
  const command = new ListObjectVersionsCommand({
    ...{ Bucket: bucket, Prefix: prefix, KeyMarker: after, VersionIdMarker: afterVersion },
    ...{ EncodingType: 'url', MaxKeys: most },
  });
  const read = versions === 'everything' ? ['Version', DELETE_MARKER] : ['Version'];
  const entries = takeEntries(command, read, ['Version', DELETE_MARKER]);
  const subject = formatS3Uri({ bucket, key: prefix });
  const output = await callWithAction('s3:ListBucketVersions', subject, options, () =>
    client.send(command, { abortSignal: options.signal }),
  );
  const decode = decoderOf(output.EncodingType);
  const refs = entries().map(entry => ({
    ...refOf(bucket, decode, entry),
    versionId: entry.VersionId ?? 'null',
    ...(versions === 'everything' && { latest: entry.IsLatest === 'true' }),
    ...(entry.element === DELETE_MARKER && { deleteMarker: true as const }),
  }));
  const rest = output.IsTruncated
    ? {
        ...range,
        after: decode(output.NextKeyMarker ?? ''),
        // S3 leaves it out where all versions of the key are listed.
        afterVersion: output.NextVersionIdMarker,
      }
    : undefined;
  return { refs, rest };
}

const DELETE_MARKER = 'DeleteMarker';

type Decode = (text: string) => string;

/** S3 writes a space of a listed key as `+` and a plus as `%2B`. */
function decoderOf(encoding: string | undefined): Decode {
  if (encoding !== 'url') return text => text;
  return text =>
    text.includes('%') || text.includes('+') ? decodeURIComponent(text.replaceAll('+', ' ')) : text;
}

function refOf(bucket: string, decode: Decode, entry: ListedEntry): ObjectRef {
  return {
    bucket,
    key: decode(entry.Key),
    size: entry.Size === undefined ? undefined : Number(entry.Size),
    lastModified: entry.LastModified,
    storageClass: entry.StorageClass,
  };
}
