import type { S3Client } from '@aws-sdk/client-s3';
import type { CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { toErrorFacts, type ErrorFacts } from '../errorFacts.ts';
import { Pace } from '../pace.ts';
import type { ObjectRef } from '../selection/selection.ts';
import { stopsTask } from '../interruption.ts';
import { toBrigadeError } from '../toBrigadeError.ts';
import {
  deleteBatch,
  type BatchResult,
  type DeleteFailure,
  type CreatedMarker,
} from './deleteBatch.ts';
import type { DeletionFiles } from './deletionFiles.ts';
import { Rate } from './rate.ts';
import { topVersions } from './topVersions.ts';

export interface DeletionCounts {
  /** Objects, versions and delete markers found so far. */
  readonly listed: number;
  readonly deleted: number;
  readonly failed: number;
  /** Delete markers that were made, each known by its version id. */
  readonly markers: number;
}

export interface DeletionProgress extends DeletionCounts {
  /** Deleted in a second, of the last seconds. */
  readonly perSecond: number;
}

export interface FailedItem {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
  readonly error: ErrorFacts;
}

export interface DeletionOptions extends CallOptions {
  readonly onProgress?: (progress: DeletionProgress) => void;
  readonly pace?: Pace;
}

/** Requests at a time: of 1,000 keys each, S3 takes some 3,500 deletes a second for each prefix. */
const LANES = 8;
/** Failures that are listed one by one; all of them are in the file. */
const SAMPLES = 1000;
/** Milliseconds that a request gets to its end once it is called off, for what it has done is to be known. */
const GRACE_MS = 5000;

export interface DeletionRunInput {
  readonly clients: AwsClients;
  readonly files: DeletionFiles;
  /** Whether a delete may make delete markers, which are noted to be undone by. */
  readonly makesMarkers: boolean;
  /** What a process that was killed has counted. */
  readonly counts?: DeletionCounts;
  /** The number of the first batch. */
  readonly first?: number;
}

/** Deletes batches, some at a time, and keeps account of them. */
export class DeletionRun {
  counts: DeletionCounts;
  readonly samples: FailedItem[] = [];
  readonly #input: DeletionRunInput;
  readonly #options: DeletionOptions;
  readonly #pace: Pace;
  readonly #signal: AbortSignal;
  readonly #running = new Set<Promise<void>>();
  readonly #rate = new Rate();
  #number: number;
  #failure: { readonly error: unknown } | undefined;

  constructor(input: DeletionRunInput, options: DeletionOptions) {
    this.#input = input;
    this.#options = options;
    this.#pace = options.pace ?? new Pace({ most: LANES });
    this.#signal = graceful(options.signal);
    this.#number = input.first ?? 0;
    this.counts = input.counts ?? { listed: 0, deleted: 0, failed: 0, markers: 0 };
  }

  /** Counts what is found. */
  found(count: number): void {
    this.#add({ listed: count });
  }

  /**
   * Begins with up to 1,000 items of one bucket when its turn comes; `done` is called with the number
   * of the batch once all of them are settled.
   *
   * @throws what has stopped an earlier one
   */
  async begin(items: readonly ObjectRef[], done: (number: number) => void): Promise<void> {
    while (this.#running.size >= LANES && !this.#failure) await Promise.race(this.#running);
    if (this.#failure) throw this.#failure.error;
    this.#options.signal?.throwIfAborted();
    const number = this.#number++;
    const work = this.#delete(items, number)
      .then(() => done(number))
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => this.#running.delete(work));
    this.#running.add(work);
  }

  /** Waits for all that has begun. @throws what has stopped one of them */
  async settle(): Promise<void> {
    await Promise.all(this.#running);
    if (this.#failure) throw this.#failure.error;
  }

  async #delete(items: readonly ObjectRef[], number: number): Promise<void> {
    const { clients, files, makesMarkers } = this.#input;
    const bucket = items[0]?.bucket ?? '';
    const client = await clients.s3ForBucket(bucket, this.#options.signal);
    const at = Date.now() + client.config.systemClockOffset;
    if (makesMarkers) await files.send(number, { bucket, keys: items.map(({ key }) => key), at });
    const result = await this.#attempt(client, bucket, items);
    const markers =
      result.repeated && makesMarkers ? await this.#allMarkers(client, result, at) : result.markers;
    await files.addMarkers(markers);
    await files.addFailures(result.failed);
    if (makesMarkers) await files.settle(number);
    this.#note(result);
  }

  /** @throws BrigadeError what would meet all others too */
  async #attempt(
    client: S3Client,
    bucket: string,
    items: readonly ObjectRef[],
  ): Promise<BatchResult & { markers: BatchResult['markers'] }> {
    const signal = this.#signal;
    try {
      return await deleteBatch(client, { bucket, items }, { pace: this.#pace, signal });
    } catch (thrown) {
      const error = toBrigadeError(thrown);
      if (stopsTask(error) || error.awsCode === 'NoSuchBucket') {
        throw error;
      }
      const failed = items.map(item => ({ item, error }));
      return { deleted: [], failed, markers: [], repeated: false };
    }
  }

  /** The SDK has sent a request twice: both may have made markers. */
  async #allMarkers(
    client: S3Client,
    { markers }: BatchResult,
    since: number,
  ): Promise<readonly CreatedMarker[]> {
    const keys = markers.map(({ key }) => key);
    const bucket = markers[0]?.bucket ?? '';
    const made = await findCreatedMarkers(client, { bucket, keys, since }, { pace: this.#pace });
    const known = new Set(made.map(({ versionId }) => versionId));
    return [...made, ...markers.filter(({ versionId }) => !known.has(versionId))];
  }

  #note({ deleted, failed, markers }: BatchResult): void {
    this.#rate.add(deleted.length);
    const room = SAMPLES - this.samples.length;
    if (room > 0) this.samples.push(...failed.slice(0, room).map(sampleOf));
    this.#add({ deleted: deleted.length, failed: failed.length, markers: markers.length });
  }

  /** What a process that was killed has deleted without knowing. */
  recovered(deleted: number): void {
    this.#add({ deleted, markers: deleted });
  }

  #add(more: Partial<DeletionCounts>): void {
    const { counts } = this;
    this.counts = {
      listed: counts.listed + (more.listed ?? 0),
      deleted: counts.deleted + (more.deleted ?? 0),
      failed: counts.failed + (more.failed ?? 0),
      markers: counts.markers + (more.markers ?? 0),
    };
    this.#options.onProgress?.({ ...this.counts, perSecond: this.#rate.perSecond() });
  }
}

/** The delete markers on top of keys that are not older than a time of S3's clock, in milliseconds. */
export async function findCreatedMarkers(
  client: S3Client,
  { bucket, keys, since }: { bucket: string; keys: readonly string[]; since: number },
  options: { pace: Pace; signal?: AbortSignal },
) {
  const tops = await topVersions(client, { bucket, keys }, options);
  // S3's times are of whole seconds, and clocks differ.
  const isOurs = ({ lastModified = '' }: ObjectRef): boolean =>
    Date.parse(lastModified) >= since - CLOCK_MS;
  return [...tops.values()].flatMap(({ markers }) =>
    markers
      .filter(isOurs)
      .map(({ key, versionId = '' }) => ({ bucket, key, versionId }))
      .filter(({ versionId }) => versionId !== 'null'),
  );
}

const CLOCK_MS = 2000;

function sampleOf({ item, error }: DeleteFailure): FailedItem {
  const { bucket, key, versionId } = item;
  return { bucket, key, ...(versionId !== undefined && { versionId }), error: toErrorFacts(error) };
}

/** Aborts some seconds after another does. */
function graceful(signal: AbortSignal | undefined): AbortSignal {
  const controller = new AbortController();
  const stop = (): void => {
    setTimeout(() => controller.abort(), GRACE_MS).unref();
  };
  if (signal?.aborted) stop();
  else signal?.addEventListener('abort', stop, { once: true });
  return controller.signal;
}
