import { setTimeout as delay } from 'node:timers/promises';
import { call, recoverFrom, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { headObject } from '../objects/listing.ts';

export interface ResizedWait {
  /** Where the resized images are written. */
  readonly bucket: string;
  readonly keys: readonly string[];
  /** When the source was written, by S3's clock: what is older is not what was waited for. */
  readonly since: Date;
  /** Milliseconds. */
  readonly patience: number;
}

const FIRST_POLL_MS = 400;
const LONGEST_WAIT_MS = 2_000;

/**
 * Waits until objects are there that a function writes.
 *
 * @returns whether they all came in time
 * @throws BrigadeError `AccessDenied` where the caller may not look, `Cancelled` …
 */
export async function awaitResized(
  clients: AwsClients,
  { bucket, keys, since, patience }: ResizedWait,
  options: CallOptions = {},
): Promise<boolean> {
  const client = await clients.s3ForBucket(bucket, options.signal);
  const missing = new Set(keys);
  const end = Date.now() + patience;
  for (let wait = FIRST_POLL_MS; ; wait = Math.min(wait * 1.5, LONGEST_WAIT_MS)) {
    for (const key of missing) {
      const found = await recoverFrom(['NotFound'], undefined, () =>
        headObject(client, { bucket, key }, options),
      );
      const written = found?.lastModified;
      // S3 tells whole seconds.
      if (written !== undefined && written >= since) missing.delete(key);
    }
    if (missing.size === 0) return true;
    if (Date.now() + wait > end) return false;
    await call(bucket, options, () => delay(wait, undefined, { signal: options.signal }));
  }
}
