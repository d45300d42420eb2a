import { setTimeout as delay } from 'node:timers/promises';
import type { CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { BrigadeError } from '../errors.ts';
import { headObject } from '../objects/listing.ts';

/** What S3 says of an object that a row names. */
export type AskedObject =
  | { readonly is: 'there'; readonly versionId?: string }
  | { readonly is: 'missing' | 'denied' | 'bucketMissing' };

/** Requests under way at most: S3 answers 5,500 GET and HEAD a second and prefix. */
const MAX_WIDTH = 64;
/** Milliseconds to wait after S3 has asked to slow down for the first time, doubled each time. */
const PAUSE = 1_000;
const MAX_PAUSE = 60_000;

/**
 * Asks S3 for objects, one HEAD each. When S3 asks to slow down, half as many requests are under way
 * and all of them wait; with every answer it becomes a little faster again.
 */
export class ObjectAsker {
  /** Requests sent. */
  asked = 0;
  readonly #clients: AwsClients;
  readonly #options: CallOptions;
  readonly #missingBuckets = new Set<string>();
  #width = MAX_WIDTH / 4;
  #paused: Promise<unknown> = Promise.resolve();

  constructor(clients: AwsClients, options: CallOptions) {
    this.#clients = clients;
    this.#options = options;
  }

  /** How many may be under way now. */
  readonly width = (): number => Math.floor(this.#width);

  /** @throws BrigadeError what is not about this object: `CredentialsExpired`, `Network` …; `Cancelled` */
  async ask(object: { bucket: string; key: string; versionId?: string }): Promise<AskedObject> {
    for (let pause = PAUSE; ; pause = Math.min(pause * 2, MAX_PAUSE)) {
      await this.#paused;
      try {
        const answer = await this.#head(object);
        this.#width = Math.min(MAX_WIDTH, this.#width + 1 / this.#width);
        return answer;
      } catch (error) {
        if (!(error instanceof BrigadeError)) throw error;
        if (error.code === 'NotFound') return { is: 'missing' };
        if (error.code === 'AccessDenied') return { is: 'denied' };
        // S3 knows by the look of a version id that there is none, and of a key that it is too long.
        if (error.code === 'InvalidInput') return { is: 'missing' };
        if (error.code !== 'Throttled') throw error;
        this.#width = Math.max(1, this.#width / 2);
        this.#paused = delay(pause, undefined, { signal: this.#options.signal }).catch(
          () => undefined,
        );
      }
    }
  }

  async #head(object: { bucket: string; key: string; versionId?: string }): Promise<AskedObject> {
    const { bucket } = object;
    if (this.#missingBuckets.has(bucket)) return { is: 'bucketMissing' };
    const client = await this.#client(bucket);
    if (client === undefined) return { is: 'bucketMissing' };
    this.asked += 1;
    const { versionId } = await headObject(client, object, this.#options);
    return { is: 'there', ...(versionId !== undefined && { versionId }) };
  }

  /** The Region of a bucket is looked up by its name: what doesn't exist has none. */
  async #client(bucket: string) {
    try {
      return await this.#clients.s3ForBucket(bucket, this.#options.signal);
    } catch (error) {
      if (!(error instanceof BrigadeError) || error.code !== 'NotFound') throw error;
      this.#missingBuckets.add(bucket);
      return undefined;
    }
  }
}
