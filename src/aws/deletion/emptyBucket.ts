import { AbortMultipartUploadCommand } from '@aws-sdk/client-s3';
import { callWithAction, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { BrigadeError, isCancelled } from '../errors.ts';
import { deleteBucket } from '../objects/buckets.ts';
import { isEmptyBucket } from '../objects/objectVersions.ts';
import { isNotOffered } from '../objects/rewrite/bucketRules.ts';
import { Pace } from '../pace.ts';
import { formatS3Uri } from '../s3Uri.ts';
import { readSelection } from '../selection/readSelection.ts';
import type { Listing, ObjectRef } from '../selection/selection.ts';
import { toBrigadeError } from '../toBrigadeError.ts';
import { Batches } from './batches.ts';
import { listUploads } from './countForDeletion.ts';
import { DeletionFiles } from './deletionFiles.ts';
import {
  DeletionRun,
  type DeletionCounts,
  type DeletionOptions,
  type DeletionProgress,
  type FailedItem,
} from './deletionRun.ts';

export interface EmptyBucketInput {
  readonly bucket: string;
  /** Whether the bucket itself is deleted then. */
  readonly deletesBucket: boolean;
  /** For the list of failures. */
  readonly folder: string;
}

export interface EmptyBucketProgress extends DeletionProgress {
  /** Unfinished uploads that were aborted. */
  readonly uploads: number;
}

export interface EmptyBucketResult extends DeletionCounts {
  readonly uploads: number;
  /** Unfinished uploads may not be listed or aborted. */
  readonly uploadsDenied: boolean;
  readonly bucketDeleted: boolean;
  /** Called off before it was done. */
  readonly cancelled: boolean;
  /** Something was in it again each time that it had been emptied. */
  readonly refilled: boolean;
  /** The first that could not be deleted. */
  readonly failures: readonly FailedItem[];
  readonly failuresFile?: string;
}

export interface EmptyBucketOptions extends Omit<DeletionOptions, 'onProgress'> {
  readonly onProgress?: (progress: EmptyBucketProgress) => void;
}

/** How often a bucket is gone through: others may write while it is emptied. */
const ROUNDS = 5;

/**
 * All that is in a bucket: every version and delete marker, or every object where the service, one that
 * speaks S3 in part, lists no versions.
 *
 * @throws BrigadeError `AccessDenied` (s3:ListBucketVersions) …
 */
export async function everythingIn(
  clients: AwsClients,
  bucket: string,
  { signal }: CallOptions = {},
): Promise<Listing> {
  const client = await clients.s3ForBucket(bucket, signal);
  const versions = await isEmptyBucket(client, bucket, { signal }).then(
    () => 'everything' as const,
    (error: unknown) => {
      if (isNotOffered(error)) return 'current' as const;
      throw error;
    },
  );
  return { kind: 'listing', bucket, prefixes: [''], filter: {}, versions };
}

/**
 * Deletes all that is in a bucket (objects, versions, delete markers, unfinished uploads) and then,
 * where that is asked for, the bucket. What someone writes meanwhile is deleted too, a few times.
 * Killed and called again it continues what is left; called off, it ends with what it has done.
 *
 * @throws BrigadeError `AccessDenied` (s3:ListBucketVersions, s3:DeleteBucket …); `Network` …, to
 *   continue later
 */
export async function emptyBucket(
  clients: AwsClients,
  input: EmptyBucketInput,
  options: EmptyBucketOptions = {},
): Promise<EmptyBucketResult> {
  const files = new DeletionFiles(input.folder);
  await files.begin();
  const work = new Emptying({ clients, input, files }, options);
  try {
    await work.all();
    return work.result(false);
  } catch (error) {
    if (!options.signal?.aborted && !isCancelled(toBrigadeError(error))) throw error;
    return work.result(true);
  }
}

interface EmptyingContext {
  readonly clients: AwsClients;
  readonly input: EmptyBucketInput;
  readonly files: DeletionFiles;
}

class Emptying {
  readonly #context: EmptyingContext;
  readonly #options: EmptyBucketOptions;
  /** Of the rounds before. */
  #deleted = 0;
  #listed = 0;
  #uploads = 0;
  #uploadsDenied = false;
  #run: DeletionRun;
  #bucketDeleted = false;
  #refilled = false;

  constructor(context: EmptyingContext, options: EmptyBucketOptions) {
    this.#context = context;
    this.#options = options;
    this.#run = this.#newRun();
  }

  result(cancelled: boolean): EmptyBucketResult {
    const { counts, samples } = this.#run;
    return {
      ...this.#sum(counts),
      ...{
        uploads: this.#uploads,
        uploadsDenied: this.#uploadsDenied,
        bucketDeleted: this.#bucketDeleted,
        cancelled,
      },
      ...{ refilled: this.#refilled, failures: samples },
      ...(counts.failed > 0 && { failuresFile: this.#context.files.failures }),
    };
  }

  async all(): Promise<void> {
    for (let round = 0; round < ROUNDS; round++) {
      // Whoever may not abort uploads may well delete objects, and uploads keep no bucket alive.
      await this.#abortUploads().catch((error: unknown) => {
        if (isNotOffered(error)) return;
        if (!(error instanceof BrigadeError) || error.code !== 'AccessDenied') throw error;
        this.#uploadsDenied = true;
      });
      const { listed, deleted, failed } = await this.#round();
      if (failed > 0 && deleted === 0) return;
      if (failed > 0) continue;
      if (listed === 0 || this.#context.input.deletesBucket) {
        if (await this.#finish()) return;
      }
    }
    this.#refilled = this.#run.counts.failed === 0;
  }

  /** Deletes the bucket, if it is to be. @returns false where something was in it again */
  async #finish(): Promise<boolean> {
    const { clients, input } = this.#context;
    if (!input.deletesBucket) return true;
    try {
      await deleteBucket(clients, input.bucket, { signal: this.#options.signal });
    } catch (error) {
      if (error instanceof BrigadeError && error.awsCode === 'BucketNotEmpty') return false;
      // Another try of ours that was lost.
      if (!(error instanceof BrigadeError && error.awsCode === 'NoSuchBucket')) throw error;
    }
    this.#bucketDeleted = true;
    return true;
  }

  /** Goes once through all that is there. What failed before is tried again, and counts once. */
  async #round(): Promise<DeletionCounts> {
    const { clients, input, files } = this.#context;
    const { counts } = this.#run;
    this.#deleted += counts.deleted;
    this.#listed += counts.deleted;
    await files.forgetFailures();
    const run = (this.#run = this.#newRun());
    const batches = new Batches<true>();
    const begin = async (batch: { items: ObjectRef[] } | undefined): Promise<void> => {
      if (batch) await run.begin(batch.items, () => undefined);
    };
    const { signal } = this.#options;
    try {
      const everything = await everythingIn(clients, input.bucket, { signal });
      for await (const refs of readSelection(clients, everything, { signal })) {
        run.found(refs.length);
        await begin(batches.add(refs, true));
      }
      await begin(batches.end());
    } finally {
      // What has begun is settled in any case: the result says what is gone.
      await run.settle().catch(() => undefined);
    }
    await run.settle();
    return run.counts;
  }

  async #abortUploads(): Promise<void> {
    const { clients, input } = this.#context;
    const { signal } = this.#options;
    const { bucket } = input;
    const client = await clients.s3ForBucket(bucket, signal);
    const pace = new Pace({ most: 8 });
    for await (const page of listUploads(client, bucket, { signal })) {
      await Promise.all(
        page.map(async ({ key, uploadId }) => {
          const command = new AbortMultipartUploadCommand({
            ...{ Bucket: bucket, Key: key, UploadId: uploadId },
          });
          const subject = formatS3Uri({ bucket, key });
          const abort = (): Promise<unknown> =>
            callWithAction('s3:AbortMultipartUpload', subject, { signal }, () =>
              client.send(command, { abortSignal: signal }),
            );
          await pace.run(abort, { signal }).catch(ignoreMissingUpload);
          this.#uploads += 1;
        }),
      );
    }
  }

  #newRun(): DeletionRun {
    const { clients, files } = this.#context;
    return new DeletionRun(
      { clients, files, makesMarkers: false },
      {
        ...this.#options,
        onProgress: ({ perSecond, ...counts }) =>
          this.#options.onProgress?.({ ...this.#sum(counts), perSecond, uploads: this.#uploads }),
      },
    );
  }

  #sum(counts: DeletionCounts): DeletionCounts {
    const { listed, deleted } = counts;
    return { ...counts, listed: listed + this.#listed, deleted: deleted + this.#deleted };
  }
}

/** It was completed or aborted meanwhile. */
function ignoreMissingUpload(error: unknown): void {
  if (!(error instanceof BrigadeError && error.awsCode === 'NoSuchUpload')) throw error;
}
