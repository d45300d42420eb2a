import {
  AbortMultipartUploadCommand,
  HeadObjectCommand,
  type CompletedPart,
  type S3Client,
} from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { call } from '../call.ts';
import { BrigadeError } from '../errors.ts';
import { toBrigadeError } from '../toBrigadeError.ts';
import { formatS3Uri } from '../s3Uri.ts';
import { unquoted } from './listing.ts';

export interface MultipartUpload {
  readonly bucket: string;
  readonly key: string;
  readonly uploadId: string;
  /** The URI of the local file that is uploaded, where that is known. */
  readonly source?: string;
  /** Set when it is about to be completed: the ETags, without quotes, of the copy and of its source. */
  readonly copy?: { readonly eTag: string; readonly of: string };
}

/**
 * Remembers uploads in parts from when S3 knows them until it has them whole or not at all: the parts
 * of any other stay in the bucket, unseen and paid for.
 */
export interface UploadJournal {
  readonly begin: (upload: MultipartUpload) => void;
  readonly end: (upload: MultipartUpload) => void;
  /** Nobody works on it any more, and its parts could not be deleted. */
  readonly abandon: (upload: MultipartUpload) => void;
  /** Uploads to a bucket that have begun, and that nobody works on any more. */
  readonly left: (bucket: string) => readonly MultipartUpload[];
  /** It is about to be completed: whatever is heard of it, its copy may be there. */
  readonly completing?: (upload: MultipartUpload) => void;
  /** Whether a copy is the work of this process or of one before it; of no former state of its source. */
  readonly isOurs?: (copy: Pick<MultipartUpload, 'bucket' | 'key' | 'copy'>) => boolean;
}

/** Milliseconds that deleting the parts may take: whoever cancels waits for it. */
const ABORT_TIMEOUT = 15_000;

/**
 * Deletes the parts of an upload that has failed or was cancelled.
 *
 * @throws `failure` when they are gone; when they are not, a BrigadeError of its code (`UndoIncomplete`
 *   for `Cancelled`) with the reason `UnfinishedUpload`: they are deleted with the next upload to the
 *   bucket
 */
export async function abandonUpload(
  client: S3Client,
  upload: MultipartUpload,
  failure: unknown,
  journal?: UploadJournal,
): Promise<never> {
  if (await abortUpload(client, upload)) {
    journal?.end(upload);
    throw failure;
  }
  journal?.abandon(upload);
  const subject = formatS3Uri(upload);
  const cause = toBrigadeError(failure, subject);
  // What helps is what helps against the failure; but to cancel must not hide it.
  const code = cause.code === 'Cancelled' ? 'UndoIncomplete' : cause.code;
  throw new BrigadeError(code, cause.message, {
    ...{ subject, cause, action: cause.action },
    reason: 'UnfinishedUpload',
    left: [`${subject} (${upload.uploadId})`],
  });
}

/** Deletes the parts that earlier uploads to a bucket have left; what can't be deleted stays known. */
export async function abortLeftovers(
  client: S3Client,
  bucket: string,
  journal: UploadJournal | undefined,
): Promise<void> {
  for (const upload of journal?.left(bucket) ?? []) {
    if (await abortUpload(client, upload)) journal?.end(upload);
  }
}

/**
 * Whether its parts are gone. Also when S3 knows nothing of it any more: it was completed, or aborted by
 * a rule of the bucket.
 */
export async function abortUpload(client: S3Client, upload: MultipartUpload): Promise<boolean> {
  const command = new AbortMultipartUploadCommand({
    Bucket: upload.bucket,
    Key: upload.key,
    UploadId: upload.uploadId,
  });
  const signal = AbortSignal.timeout(ABORT_TIMEOUT);
  try {
    await call(formatS3Uri(upload), {}, () => client.send(command, { abortSignal: signal }));
    return true;
  } catch (error) {
    return error instanceof BrigadeError && error.code === 'NotFound';
  }
}

/**
 * After CompleteMultipartUpload gave no answer, or one that a second try gets when the first was done
 * (404 NoSuchUpload, 412 where nothing was to be there): the object, if it is the one of these parts.
 */
export async function findCompleted(
  client: S3Client,
  { bucket, key }: { readonly bucket: string; readonly key: string },
  parts: readonly CompletedPart[],
  failure: unknown,
): Promise<{ eTag: string; versionId?: string } | undefined> {
  if (!(failure instanceof BrigadeError)) return undefined;
  const { code, awsCode = '' } = failure;
  if (code !== 'Network' && !/^(NoSuchUpload|PreconditionFailed|Internal.*)$/.test(awsCode))
    return undefined;
  try {
    const head = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    const eTag = unquoted(head.ETag) ?? '';
    return eTag === eTagOf(parts) ? { eTag, versionId: head.VersionId } : undefined;
  } catch {
    return undefined;
  }
}

/** S3's ETag of an object in parts: the MD5 of theirs, and how many they are. */
export function eTagOf(parts: readonly CompletedPart[]): string {
  const md5 = createHash('md5');
  for (const { ETag } of parts) md5.update(Buffer.from(unquoted(ETag) ?? '', 'hex'));
  return `${md5.digest('hex')}-${parts.length}`;
}
