import { readBucketNotifications } from '../notifications/bucketNotifications.ts';
import { recoverFrom, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { getFunction, type FunctionDetails } from '../functions/functions.ts';
import {
  causesLoop,
  type BucketNotification,
  type WrittenKeys,
} from '../notifications/notification.ts';
import { writtenKeys, writtenPrefix } from '../resizeFunction/resizeProblems.ts';
import { DESTINATION_VARIABLE } from '../resizeFunction/resizeSettings.ts';
import { functionArnOf, type DeploymentContext } from './context.ts';
import { DEPLOYMENT_TAG } from '../deployment/deploymentTag.ts';

export interface Loop {
  /** The bucket that resized objects are written to, and what leads back. */
  readonly names: readonly string[];
  readonly reason: string;
}

/** Buckets that are followed from one function to the next; Lambda's own limit is 16 rounds. */
const MAX_HOPS = 16;
/** What cannot be looked at is not followed. */
const HIDDEN = ['AccessDenied', 'NotFound'] as const;

/**
 * What would make the function resize its own output forever: it writes where uploads invoke
 * it, the destination's notifications lead to it, or to other resize functions that write into
 * the source. Functions of another kind cannot be seen through.
 */
export async function findLoop(
  context: DeploymentContext,
  wanted: readonly BucketNotification[],
): Promise<Loop | undefined> {
  const { target } = context;
  const { bucket, destinationBucket, settings } = target;
  const written = { bucket: destinationBucket, prefix: writtenPrefix(settings.keyTemplate) };
  if (feeds(context, wanted, written)) {
    const reason = `What the function writes (${destinationBucket}/${written.prefix}…) invokes it`;
    return { names: [destinationBucket, bucket], reason };
  }
  const seen = new Set<string>();
  const pending: WrittenKeys[] = [written];
  for (let hop = 0; hop < MAX_HOPS; hop++) {
    const next = pending.shift();
    if (next === undefined) return undefined;
    const reached = await invokedFunctions(context, next, seen);
    for (const { arn, writes } of reached) {
      if (arn === functionArnOf(context) || (writes && feeds(context, wanted, writes))) {
        const reason = `A notification of ${next.bucket} to ${arn} leads back to ${bucket}`;
        return { names: [destinationBucket, arn], reason };
      }
      if (writes) pending.push(writes);
    }
  }
  return undefined;
}

function feeds(
  { target }: DeploymentContext,
  wanted: readonly BucketNotification[],
  written: WrittenKeys,
): boolean {
  return wanted.some(entry => causesLoop({ bucket: target.bucket, ...entry }, written));
}

interface InvokedFunction {
  readonly arn: string;
  /** Where it writes, if it is a resize function. */
  readonly writes: WrittenKeys | undefined;
}

/** The functions that a write to a bucket invokes. */
async function invokedFunctions(
  { clients, options, region, target }: DeploymentContext,
  written: WrittenKeys,
  seen: Set<string>,
): Promise<InvokedFunction[]> {
  const { bucket } = written;
  // Our own entries of the source bucket have been looked at.
  const entries = bucket === target.bucket ? [] : await entriesOf(clients, bucket, options);
  const invoking = entries.filter(
    entry => entry.destination.kind === 'lambda' && causesLoop({ bucket, ...entry }, written),
  );
  const functions: InvokedFunction[] = [];
  for (const { destination } of invoking) {
    const { arn } = destination;
    if (seen.has(arn)) continue;
    seen.add(arn);
    functions.push({ arn, writes: await writesOf(clients, bucket, arn, region, options) });
  }
  return functions;
}

/** A bucket that is not there yet, or may not be read, tells nothing. */
async function entriesOf(clients: AwsClients, bucket: string, options: CallOptions) {
  const read = await recoverFrom(HIDDEN, undefined, () =>
    readBucketNotifications(clients, bucket, options),
  );
  return read?.notifications ?? [];
}

async function writesOf(
  clients: AwsClients,
  bucket: string,
  functionName: string,
  region: string,
  options: CallOptions,
): Promise<WrittenKeys | undefined> {
  const found = await recoverFrom(HIDDEN, undefined, () =>
    getFunction(clients, { functionName, region }, options),
  );
  return found && resizes(found) ? writtenKeys(found.environment, bucket) : undefined;
}

function resizes({ tags = {}, environment }: FunctionDetails): boolean {
  return DEPLOYMENT_TAG in tags || DESTINATION_VARIABLE in environment;
}
