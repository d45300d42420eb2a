import { recoverFrom, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import type { FunctionDetails } from '../functions/functions.ts';
import { readThrottles } from '../functions/throttles.ts';
import { readBucketNotifications } from '../notifications/bucketNotifications.ts';
import { headObject } from '../objects/listing.ts';
import { completeBy, type StoryFacts, type UploadFacts } from './facts.ts';
import type { FollowedObject } from './mention.ts';
import { known, readFunctionFacts } from './readFunction.ts';
import { readLog } from './readLog.ts';
import { readResults } from './readResults.ts';
import { matchesOf } from './buildStory.ts';

export interface StoryQuestion {
  readonly object: FollowedObject;
  /** Whether a function is the resize function that comes with the extension. */
  readonly isOurs: (details: FunctionDetails) => boolean;
}

/** How long nothing ran before Lambda is asked whether it turned the event away; metrics cost. */
const SILENCE_MS = 60_000;

const NOTHING_KNOWN = {
  upload: { kind: 'unknown' },
  notifications: { kind: 'unknown' },
  log: { kind: 'unknown' },
  results: [],
} as const;

/** The facts before the first read: nothing is known of the object yet. */
export function noFacts(object: FollowedObject, since: Date): StoryFacts {
  return { object, since, ...NOTHING_KNOWN };
}

/**
 * Reads the facts of an object again: what is known stays, what may have changed since is read.
 *
 * @param before the result of an earlier call, or of `noFacts`
 * @throws BrigadeError `Network`, `Throttled`, `Cancelled` …; what is denied is a fact
 */
export async function refreshFacts(
  clients: AwsClients,
  question: StoryQuestion,
  before: StoryFacts,
  now: Date,
  options: CallOptions = {},
): Promise<StoryFacts> {
  const settled = await readSettled(clients, question, before, options);
  const { upload, function: found } = settled;
  if (upload.kind !== 'known' || found === undefined) return settled;
  const complete = completeBy(upload.value, settled.sentAt);
  const asked = {
    ...{ upload: { ...question.object, ...upload.value }, completeBy: complete },
    ...{ function: found, now },
  };
  const log = await known(() => readLog(clients, asked, options));
  const isSilent =
    log.kind === 'known' && log.value.attempts.length === 0 && log.value.unnamed.length === 0;
  const isLong = now.getTime() - complete.getTime() > SILENCE_MS;
  const query = { functionName: found.name, region: found.region, since: complete };
  const throttles =
    isSilent && isLong
      ? await recoverFrom(['AccessDenied', 'InvalidInput'], undefined, () =>
          readThrottles(clients, query, options),
        )
      : settled.throttles;
  // Where nothing comes, someone may have removed or changed the function since.
  const again = { bucket: question.object.bucket, arn: found.arn, isOurs: question.isOurs };
  const current = isSilent && isLong ? await readFunctionFacts(clients, again, options) : found;
  const logged = { ...settled, function: current, log, throttles };
  return { ...logged, ...(await readResults(clients, logged, options)) };
}

/** What does not change while one waits: it is asked once. */
async function readSettled(
  clients: AwsClients,
  { object, isOurs }: StoryQuestion,
  before: StoryFacts,
  options: CallOptions,
): Promise<StoryFacts> {
  if (before.upload.kind !== 'unknown') return before;
  const { bucket } = object;
  const upload = await known(() => readUpload(clients, object, options));
  if (upload.kind === 'missing') return { ...before, upload };
  const notifications = await known(() => readBucketNotifications(clients, bucket, options));
  const facts: StoryFacts = { ...before, upload, notifications };
  const [first] = matchesOf(facts);
  const destination = first?.mismatch === undefined ? first?.notification.destination : undefined;
  if (destination?.kind !== 'lambda') return facts;
  const asked = { bucket, arn: destination.arn, isOurs };
  return { ...facts, function: await readFunctionFacts(clients, asked, options) };
}

async function readUpload(
  clients: AwsClients,
  object: FollowedObject,
  options: CallOptions,
): Promise<UploadFacts> {
  const client = await clients.s3ForBucket(object.bucket, options.signal);
  const { lastModified, size, eTag, versionId } = await headObject(client, object, options);
  return { at: lastModified ?? new Date(), size, eTag, versionId };
}
