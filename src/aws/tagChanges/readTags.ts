import { setTimeout as sleep } from 'node:timers/promises';
import type { CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { BrigadeError } from '../errors.ts';
import type { Tag } from '../objects/tagRules.ts';
import { getObjectTags, type TaggedObject } from '../objects/tags.ts';
import type { Pace } from '../pace.ts';

/** Reading again after the network gave no answer: about six seconds beside what the SDK does. */
const NETWORK_PAUSES = [200, 400, 800, 1600, 3200];

/**
 * Reads an object's tags at the pace that AWS allows, retrying while the network is down for seconds.
 *
 * @throws BrigadeError `Network`, `Throttled` when the retries are used up, `AccessDenied` …
 */
export async function readTagsWithRetries(
  clients: AwsClients,
  pace: Pace,
  object: TaggedObject,
  options: CallOptions,
): Promise<readonly Tag[]> {
  for (let tries = 0; ; tries++) {
    try {
      const client = await clients.s3ForBucket(object.bucket, options.signal);
      return await pace.run(() => getObjectTags(client, object, options), options);
    } catch (error) {
      const pause = NETWORK_PAUSES[tries];
      const isNetwork = error instanceof BrigadeError && error.code === 'Network';
      if (!isNetwork || pause === undefined) throw error;
      await sleep(pause);
    }
  }
}
