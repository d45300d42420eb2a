import { HeadObjectCommand, type HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import { call, type CallOptions } from '../../call.ts';
import { BrigadeError } from '../../errors.ts';
import { formatS3Uri } from '../../s3Uri.ts';
import { archiveState } from '../archive.ts';
import { explainHead, unquoted } from '../listing.ts';
import type { BucketRules } from './bucketRules.ts';
import type { Grants, KeptHeaders, KeptSettings } from './kept.ts';
import { checksumOf, type ObjectChecksum } from './objectChecksum.ts';
import { readGrants } from './objectGrants.ts';
import { readLock, lockFromHead } from './objectLock.ts';
import { isUtf8, utf8Header, utf8Headers } from './verbatimHeaders.ts';

/** All that S3 knows of an object besides its bytes and tags. */
export interface ObjectState {
  readonly headers: KeptHeaders;
  readonly settings: KeptSettings;
  readonly grants: Grants;
  /** As it is stored: it need not be a date. */
  readonly expires?: string;
  readonly checksum?: ObjectChecksum;
  /** Bytes. */
  readonly size: number;
  /** Without quotes. */
  readonly eTag: string;
  /** Milliseconds since 1970. */
  readonly modified: number;
  readonly versionId?: string;
  /** How many tags it has; absent when there are none or the caller may not read them. */
  readonly tagCount?: number;
  /** Some of its metadata can't be sent again: S3 does not tell it, or its bytes are no text. */
  readonly hasHiddenMetadata: boolean;
  /** Its bytes cannot be read before it is restored. */
  readonly isArchived: boolean;
}

/**
 * Reads what a write to the object's place would set back (Amazon S3 API reference, "PutObject" and
 * "CopyObject"). What S3 leaves out for want of a permission is asked for by its own call.
 *
 * @throws BrigadeError `AccessDenied` naming the permission without which it cannot be known,
 *   `InvalidInput` for an object under a key of the client's own, `NotFound` …
 */
export async function readObjectState(
  rules: BucketRules,
  key: string,
  options: CallOptions = {},
  versionId?: string,
): Promise<ObjectState> {
  const head = await readHead(rules, key, options, versionId);
  const object = { bucket: rules.bucket, key, versionId };
  const [lock, grants] = await Promise.all([
    readLock(rules, object, head, options),
    readGrants(rules, object, options),
  ]);
  const state = stateOf(head);
  return { ...state, settings: { ...state.settings, ...lock }, grants };
}

/** The same without access lists, and with a lock where HEAD tells it. @throws BrigadeError */
export async function readPlainState(
  rules: BucketRules,
  key: string,
  options: CallOptions = {},
  versionId?: string,
): Promise<ObjectState> {
  const head = await readHead(rules, key, options, versionId);
  const state = stateOf(head);
  return { ...state, settings: { ...state.settings, ...lockFromHead(head) } };
}

async function readHead(
  { client, bucket }: BucketRules,
  key: string,
  options: CallOptions,
  versionId: string | undefined,
): Promise<HeadObjectCommandOutput> {
  const input = { Bucket: bucket, Key: key, VersionId: versionId };
  const subject = formatS3Uri({ bucket, key });
  const head = await call(subject, options, () =>
    client
      .send(new HeadObjectCommand({ ...input, ChecksumMode: 'ENABLED' }), {
        abortSignal: options.signal,
      })
      .catch((error: unknown) => explainHead(client, input, error, options)),
  );
  if (head.SSECustomerAlgorithm === undefined) return head;
  throw new BrigadeError('InvalidInput', 'Encrypted with a key of its owner', {
    subject,
    reason: 'CustomerKey',
  });
}

function stateOf(head: HeadObjectCommandOutput): ObjectState {
  return {
    headers: headersOf(head),
    settings: settingsOf(head),
    grants: {},
    expires: utf8Header(head.ExpiresString),
    checksum: checksumOf(head),
    size: head.ContentLength ?? 0,
    eTag: unquoted(head.ETag) ?? '',
    modified: head.LastModified?.getTime() ?? 0,
    versionId: head.VersionId,
    tagCount: head.TagCount,
    hasHiddenMetadata:
      (head.MissingMeta ?? 0) > 0 || !Object.values(head.Metadata ?? {}).every(isUtf8),
    isArchived: archiveState(head) !== 'readable',
  };
}

function headersOf(head: HeadObjectCommandOutput): KeptHeaders {
  return {
    CacheControl: utf8Header(head.CacheControl),
    ContentDisposition: utf8Header(head.ContentDisposition),
    ContentEncoding: utf8Header(head.ContentEncoding),
    ContentLanguage: utf8Header(head.ContentLanguage),
    ContentType: utf8Header(head.ContentType),
    Metadata: utf8Headers(head.Metadata),
  };
}

function settingsOf(head: HeadObjectCommandOutput): KeptSettings {
  const isKms = head.ServerSideEncryption === 'aws:kms';
  return {
    // S3 names it only where it is used; unsaid, the bucket would decide.
    BucketKeyEnabled: head.BucketKeyEnabled ?? (isKms ? false : undefined),
    SSEKMSKeyId: head.SSEKMSKeyId,
    ServerSideEncryption: head.ServerSideEncryption,
    // S3 names every class but the one that a write gives by itself.
    StorageClass: head.StorageClass,
    WebsiteRedirectLocation: utf8Header(head.WebsiteRedirectLocation),
  };
}

/** @throws BrigadeError `InvalidInput` for an object that must be restored before it is read or copied */
export function refuseArchived(state: ObjectState, subject: string): void {
  if (!state.isArchived) return;
  const sentence = `Archived (${state.settings.StorageClass ?? 'INTELLIGENT_TIERING'})`;
  throw new BrigadeError('InvalidInput', sentence, { subject, reason: 'Archived' });
}

/** @throws BrigadeError `InvalidInput` where metadata would be lost that can't be sent again */
export function refuseHiddenMetadata(state: ObjectState, subject: string): void {
  if (!state.hasHiddenMetadata) return;
  const sentence = 'S3 does not return all of its metadata';
  throw new BrigadeError('InvalidInput', sentence, { subject, reason: 'HiddenMetadata' });
}
