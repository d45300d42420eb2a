import { bucketRegion } from '../bucketRegion.ts';
import { recoverFrom, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { headObject } from '../objects/listing.ts';
import { resizedKeys } from '../resizeFunction/resizedKeys.ts';
import {
  DESTINATION_VARIABLE,
  defaultDestination,
  fromEnvironment,
} from '../resizeFunction/resizeSettings.ts';
import { outcomeOf } from './attempts.ts';
import type { ResultFacts, StoryFacts } from './facts.ts';
import type { FollowedObject } from './mention.ts';
import { known } from './readFunction.ts';

type Expected = FollowedObject & Pick<ResultFacts, 'width' | 'height'>;

/**
 * The objects that the resize function makes of an object: those its log names, or else those that its
 * settings let expect. None where another function decides.
 */
export function expectedResults({ object, function: found, log }: StoryFacts): Expected[] {
  const attempts = log.kind === 'known' ? log.value.attempts : [];
  const outputs = outcomeOf(attempts, object)?.outputs ?? [];
  if (outputs.length > 0) {
    return outputs.map(({ bucket, key, width, height }) => ({ bucket, key, width, height }));
  }
  const settings = ownSettings({ object, function: found });
  // With {extension} the keys are a guess.
  if (settings === undefined || settings.keyTemplate.includes('{extension}')) return [];
  return resizedKeys(settings, object.key).map(key => ({ bucket: settings.bucket, key }));
}

function ownSettings({ object, function: found }: Pick<StoryFacts, 'object' | 'function'>) {
  if (found?.isOurs !== true || found.details.kind !== 'known') return undefined;
  const { environment, hasHiddenEnvironment } = found.details.value;
  if (hasHiddenEnvironment) return undefined;
  const bucket = environment[DESTINATION_VARIABLE] ?? defaultDestination(object.bucket);
  return { ...fromEnvironment(environment), bucket };
}

/**
 * Looks for what a function was to write.
 *
 * @throws BrigadeError `Network`, `Cancelled` …
 */
export async function readResults(
  clients: AwsClients,
  facts: StoryFacts,
  options: CallOptions = {},
): Promise<Pick<StoryFacts, 'results' | 'missingBucket'>> {
  const expected = expectedResults(facts);
  const bucket = expected[0]?.bucket ?? ownSettings(facts)?.bucket;
  if (bucket === undefined || facts.upload.kind !== 'known') return { results: [] };
  const region = await recoverFrom(['NotFound'], undefined, () =>
    bucketRegion(clients.s3(), bucket, clients.region, options),
  );
  if (region === undefined) return { results: [], missingBucket: bucket };
  const { at } = facts.upload.value;
  return { results: await Promise.all(expected.map(each => look(clients, each, at, options))) };
}

async function look(
  clients: AwsClients,
  { bucket, key, width, height }: Expected,
  since: Date,
  options: CallOptions,
): Promise<ResultFacts> {
  const found = await known(async () => {
    const client = await clients.s3ForBucket(bucket, options.signal);
    return await headObject(client, { bucket, key }, options);
  });
  const place = { bucket, key, width, height };
  if (found.kind !== 'known') {
    return { ...place, state: found.kind === 'missing' ? 'missing' : 'denied' };
  }
  const { lastModified: at, size } = found.value;
  // S3 tells whole seconds.
  return { ...place, state: at !== undefined && at < since ? 'older' : 'there', at, size };
}
