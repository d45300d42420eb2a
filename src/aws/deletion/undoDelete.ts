import { HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { call, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { BrigadeError } from '../errors.ts';
import { toErrorFacts } from '../errorFacts.ts';
import { Pace } from '../pace.ts';
import { formatS3Uri } from '../s3Uri.ts';
import type { ObjectRef } from '../selection/selection.ts';
import { toBrigadeError } from '../toBrigadeError.ts';
import { DELETE_BATCH, deleteBatch, type CreatedMarker } from './deleteBatch.ts';
import { DeletionFiles } from './deletionFiles.ts';
import type { FailedItem } from './deletionRun.ts';
import { topVersions, type TopVersions } from './topVersions.ts';

export interface UndoDeleteInput {
  /** Of the delete, with the delete markers it has made. */
  readonly folder: string;
}

export interface UndoDeleteProgress {
  /** Objects that are as they were before. */
  readonly restored: number;
  readonly failed: number;
}

export interface UndoDeleteResult extends UndoDeleteProgress {
  readonly cancelled: boolean;
  /** The first that could not be undone. */
  readonly failures: readonly FailedItem[];
}

export interface UndoDeleteOptions extends CallOptions {
  readonly onProgress?: (progress: UndoDeleteProgress) => void;
  readonly pace?: Pace;
}

/** Batches at a time. */
const LANES = 4;
const SAMPLES = 1000;

/**
 * Removes the delete markers that a delete has made, and nothing else. An object that someone has
 * written or deleted since stays as it is, and is named. Run again it finds the rest.
 *
 * @throws BrigadeError `AccessDenied` (s3:ListBucketVersions) …; what would meet all other objects too
 */
export async function undoDelete(
  clients: AwsClients,
  { folder }: UndoDeleteInput,
  options: UndoDeleteOptions = {},
): Promise<UndoDeleteResult> {
  const undo = new Undo(clients, options);
  const batches = new DeletionFiles(folder).markers(DELETE_BATCH);
  const lane = async (): Promise<void> => {
    for (;;) {
      if (options.signal?.aborted || undo.stopped) return;
      const next = await batches.next();
      if (next.done === true) return;
      await undo.batch(next.value);
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: LANES }, lane));
  await batches.return(undefined);
  const cancelled = options.signal?.aborted === true;
  for (const each of lanes) if (each.status === 'rejected' && !cancelled) throw each.reason;
  return { ...undo.progress, cancelled, failures: undo.failures };
}

class Undo {
  progress: UndoDeleteProgress = { restored: 0, failed: 0 };
  readonly failures: FailedItem[] = [];
  stopped = false;
  readonly #clients: AwsClients;
  readonly #options: UndoDeleteOptions;
  readonly #pace: Pace;

  constructor(clients: AwsClients, options: UndoDeleteOptions) {
    this.#clients = clients;
    this.#options = options;
    this.#pace = options.pace ?? new Pace({ most: 8 });
  }

  async batch(markers: readonly CreatedMarker[]): Promise<void> {
    try {
      await this.#undo(markers);
    } catch (error) {
      this.stopped = true;
      throw error;
    }
  }

  async #undo(markers: readonly CreatedMarker[]): Promise<void> {
    const bucket = markers[0]?.bucket ?? '';
    const { signal } = this.#options;
    const options = { pace: this.#pace, signal };
    const client = await this.#clients.s3ForBucket(bucket, signal);
    const keys = markers.map(({ key }) => key);
    const tops = await topVersions(client, { bucket, keys }, options);
    const remove: ObjectRef[] = [];
    const kept = new Map<string, BrigadeError>();
    for (const [key, own] of Map.groupBy(markers, marker => marker.key)) {
      const { mine, problem } = look(own, tops.get(key));
      remove.push(...mine);
      const hidden = mine.length === 0 && !problem && own[0];
      // Without a marker on top it was undone before, or written since.
      if (hidden && (await exists(client, hidden, options)))
        kept.set(key, changed(own, 'WrittenSince'));
      else if (problem) kept.set(key, problem);
    }
    const { failed } = await this.#remove(client, bucket, remove);
    for (const { item, error } of failed) kept.set(item.key, error);
    this.#note(bucket, new Set(keys), kept);
  }

  async #remove(client: S3Client, bucket: string, items: ObjectRef[]) {
    if (items.length === 0) return { failed: [] };
    const { signal } = this.#options;
    return await deleteBatch(client, { bucket, items }, { pace: this.#pace, signal });
  }

  #note(bucket: string, keys: ReadonlySet<string>, kept: ReadonlyMap<string, BrigadeError>): void {
    for (const [key, error] of kept) {
      if (this.failures.length < SAMPLES) {
        this.failures.push({ bucket, key, error: toErrorFacts(error) });
      }
    }
    this.progress = {
      restored: this.progress.restored + keys.size - kept.size,
      failed: this.progress.failed + kept.size,
    };
    this.#options.onProgress?.(this.progress);
  }
}

/** Which of our markers still hide an object, and what keeps it from being as it was. */
function look(
  own: readonly CreatedMarker[],
  top: TopVersions | undefined,
): { mine: readonly ObjectRef[]; problem?: BrigadeError } {
  if (!top) return { mine: [], problem: changed(own, 'VersionsGone') };
  const ids = new Set(own.map(({ versionId }) => versionId));
  const { markers, object } = top;
  const mine = markers.filter(({ versionId = '' }) => ids.has(versionId));
  if (markers.length > mine.length) return { mine, problem: changed(own, 'DeletedAgain') };
  return object ? { mine } : { mine, problem: changed(own, 'VersionsGone') };
}

const MESSAGES = {
  VersionsGone: 'Its versions were deleted meanwhile',
  DeletedAgain: 'It was deleted again meanwhile',
  WrittenSince: 'It was written again meanwhile',
} as const;

function changed(own: readonly CreatedMarker[], reason: keyof typeof MESSAGES): BrigadeError {
  const subject = own[0] && formatS3Uri(own[0]);
  return new BrigadeError('Conflict', MESSAGES[reason], { subject, reason });
}

/** Whether S3 still has a delete marker: it answers 405 to a HEAD of one, 404 to one of nothing. */
async function exists(
  client: S3Client,
  { bucket, key, versionId }: CreatedMarker,
  { pace, signal }: { readonly pace: Pace; readonly signal?: AbortSignal },
): Promise<boolean> {
  const command = new HeadObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId });
  const subject = formatS3Uri({ bucket, key });
  try {
    await pace.run(
      () => call(subject, { signal }, () => client.send(command, { abortSignal: signal })),
      { signal },
    );
    return true;
  } catch (error) {
    const refused = toBrigadeError(error, subject);
    if (refused.code === 'NotFound') return false;
    if (isMarker(error)) return true;
    throw refused;
  }
}

function isMarker(error: unknown): boolean {
  const { cause } = error as { cause?: { $metadata?: { httpStatusCode?: number } } };
  return cause?.$metadata?.httpStatusCode === 405;
}
