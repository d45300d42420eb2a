import { AbortMultipartUploadCommand, type S3Client } from '@aws-sdk/client-s3';
import { call } from '../call.ts';
import { BrigadeError } from '../errors.ts';
import { toBrigadeError } from '../toBrigadeError.ts';
import { formatS3Uri } from '../s3Uri.ts';

export interface MultipartUpload {
  readonly bucket: string;
  readonly key: string;
  readonly uploadId: string;
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
  if (await isAborted(client, upload)) {
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
    if (await isAborted(client, upload)) journal?.end(upload);
  }
}

/** Also when S3 knows nothing of it any more: it was completed, or aborted by a rule of the bucket. */
async function isAborted(client: S3Client, upload: MultipartUpload): Promise<boolean> {
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
