import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { fromErrorFacts } from '../errorFacts.ts';
import { BrigadeError } from '../errors.ts';
import { formatS3Uri } from '../s3Uri.ts';
import { emptyBucket } from './emptyBucket.ts';

export interface DeleteFullBucketOptions extends CallOptions {
  /** Called with the number of objects, versions and delete markers that are deleted so far. */
  readonly onProgress?: (deleted: number) => void;
}

/**
 * Deletes a bucket with all that is in it, as a step of something larger: it is done, or why not is thrown.
 *
 * @throws BrigadeError the first refusal, `AccessDenied` (s3:ListBucketVersions, s3:DeleteObjectVersion,
 *   s3:DeleteBucket …); `Conflict` where something writes to it all the time; `Cancelled`
 */
export async function deleteFullBucket(
  clients: AwsClients,
  bucket: string,
  { signal, onProgress }: DeleteFullBucketOptions = {},
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bucket-brigade-'));
  try {
    const input = { bucket, deletesBucket: true, folder };
    const { bucketDeleted, cancelled, failures } = await emptyBucket(clients, input, {
      signal,
      onProgress: ({ deleted }) => onProgress?.(deleted),
    });
    if (cancelled) throw new BrigadeError('Cancelled', 'Cancelled');
    const [first] = failures;
    if (first) throw fromErrorFacts(first.error);
    if (bucketDeleted) return;
    const subject = formatS3Uri({ bucket });
    throw new BrigadeError('Conflict', 'Something writes to it', {
      subject,
      problem: { kind: 'bucketInUse' },
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
