import {
  ListObjectVersionsCommand,
  type DeleteMarkerEntry,
  type ListObjectVersionsCommandOutput,
  type ObjectVersion,
  type S3Client,
} from '@aws-sdk/client-s3';
import { readResponseText } from '../../answers/responseText.ts';
import { callWithAction, type CallOptions } from '../../call.ts';
import { formatS3Uri } from '../../s3Uri.ts';
import { listedRestore, type RestoredCopy } from '../archive.ts';
import { decodeListed, unquoted } from '../listing.ts';
import { newestFirst } from './newestFirst.ts';

/** A version of an object, or a delete marker. */
export interface VersionSummary {
  readonly key: string;
  /** `null` for what was written while the bucket kept no versions. */
  readonly versionId: string;
  /** It is what a request without a version id gets; a delete marker hides the object then. */
  readonly isLatest: boolean;
  readonly isDeleteMarker: boolean;
  /** Bytes; 0 for a delete marker. */
  readonly size: number;
  readonly lastModified?: Date;
  /** Without quotes. */
  readonly eTag?: string;
  readonly storageClass?: string;
  readonly restore?: RestoredCopy;
}

export interface ListVersionsInput {
  readonly bucket: string;
  readonly prefix: string;
  /** `/` leaves out what is below prefixes of the prefix, and names these. */
  readonly delimiter?: '/';
  /** 1 to 1000, 1000 by default. */
  readonly pageSize?: number;
  readonly after?: VersionMarker;
}

/** Where a listing continues: behind a version, or behind all versions of a key. */
export interface VersionMarker {
  readonly key: string;
  readonly versionId?: string;
}

export interface VersionPage {
  readonly prefixes: readonly string[];
  /** By key, and newest first, markers among the versions. */
  readonly versions: readonly VersionSummary[];
  readonly next?: VersionMarker;
}

/**
 * One page of the versions and delete markers of what begins with a prefix.
 *
 * @throws BrigadeError `AccessDenied` (s3:ListBucketVersions) …
 */
export async function listVersions(
  client: S3Client,
  { bucket, prefix, delimiter, pageSize, after }: ListVersionsInput,
  options: CallOptions = {},
): Promise<VersionPage> {
  const command = new ListObjectVersionsCommand({
    Bucket: bucket,
    Prefix: prefix,
    Delimiter: delimiter,
    MaxKeys: pageSize,
    KeyMarker: after?.key,
    VersionIdMarker: after?.versionId,
    EncodingType: 'url',
    OptionalObjectAttributes: ['RestoreStatus'],
  });
  const text = readResponseText(command);
  const subject = formatS3Uri({ bucket, key: prefix });
  const output = await callWithAction('s3:ListBucketVersions', subject, options, () =>
    client.send(command, { abortSignal: options.signal }),
  );
  const decode = output.EncodingType === 'url' ? decodeListed : (key: string) => key;
  const { NextKeyMarker, NextVersionIdMarker: versionId } = output;
  return {
    prefixes: (output.CommonPrefixes ?? []).map(({ Prefix = '' }) => decode(Prefix)),
    versions: newestFirst(
      inOrder(output, text()).map(({ Key = '', ...entry }) => ({
        key: decode(Key),
        ...summaryOf(entry),
      })),
    ),
    ...(output.IsTruncated &&
      NextKeyMarker !== undefined && {
        next: { key: decode(NextKeyMarker), ...(versionId && { versionId }) },
      }),
  };
}

type Entry = ObjectVersion & Pick<DeleteMarkerEntry, 'Key'> & { isMarker: boolean };

/**
 * The SDK takes versions and markers apart, and their times are whole seconds: only the answer itself
 * says which came first.
 */
function inOrder(output: ListObjectVersionsCommandOutput, answer: string): Entry[] {
  const versions = (output.Versions ?? []).values();
  const markers = (output.DeleteMarkers ?? []).values();
  return [...answer.matchAll(/<(Version|DeleteMarker)>/g)].flatMap(([, name]) => {
    const isMarker = name === 'DeleteMarker';
    const { value } = isMarker ? markers.next() : versions.next();
    return value === undefined ? [] : [{ ...value, isMarker }];
  });
}

function summaryOf(entry: Omit<Entry, 'Key'>): Omit<VersionSummary, 'key'> {
  const eTag = unquoted(entry.ETag);
  return {
    // A service that keeps no versions need not name any.
    versionId: entry.VersionId ?? 'null',
    isLatest: entry.IsLatest ?? false,
    isDeleteMarker: entry.isMarker,
    size: entry.Size ?? 0,
    lastModified: entry.LastModified,
    ...(eTag !== undefined && { eTag }),
    ...(entry.StorageClass && { storageClass: entry.StorageClass }),
    ...(entry.RestoreStatus && { restore: listedRestore(entry.RestoreStatus) }),
  };
}

export interface PageOf<T> {
  readonly entries: readonly T[];
  /** Given back as `token` for the next page. */
  readonly nextToken?: string;
}

/** A page of one object's versions and delete markers, newest first. @throws as listVersions */
export async function listVersionsOf(
  client: S3Client,
  input: { bucket: string; key: string; pageSize?: number; token?: string },
  options: CallOptions = {},
): Promise<PageOf<VersionSummary>> {
  const { bucket, key, pageSize, token } = input;
  const after = token === undefined ? undefined : { key, versionId: token };
  const page = await listVersions(client, { bucket, prefix: key, pageSize, after }, options);
  const entries = page.versions.filter(version => version.key === key);
  // A key comes before all others that begin with it.
  const { next } = page;
  const isMore = entries.length === page.versions.length && next?.key === key;
  return { entries, ...(isMore && next.versionId && { nextToken: next.versionId }) };
}

/** Keys with many versions fill pages: so many requests are made for one page of keys. */
const MAX_REQUESTS = 10;
const ENOUGH = 100;

/**
 * A page of the prefixes and keys below a prefix, each key with its newest version: what is deleted is
 * among them. However many versions a key has, one request gets past them.
 *
 * @throws as listVersions
 */
export async function listNewest(
  client: S3Client,
  input: { bucket: string; prefix: string; pageSize?: number; token?: string },
  options: CallOptions = {},
): Promise<PageOf<VersionSummary> & { readonly prefixes: readonly string[] }> {
  const { bucket, prefix, pageSize = 1000, token } = input;
  const prefixes: string[] = [];
  const entries: VersionSummary[] = [];
  let after: VersionMarker | undefined = token === undefined ? undefined : { key: token };
  for (let requests = 0; requests < MAX_REQUESTS; requests++) {
    const place = { bucket, prefix, delimiter: '/' as const, pageSize, after };
    const page = await listVersions(client, place, options);
    prefixes.push(...page.prefixes);
    entries.push(...page.versions.filter(({ isLatest }) => isLatest));
    // Without a version: behind all versions of that key.
    after = page.next && { key: page.next.key };
    if (!after || prefixes.length + entries.length >= Math.min(ENOUGH, pageSize)) break;
  }
  return { prefixes, entries, ...(after && { nextToken: after.key }) };
}
