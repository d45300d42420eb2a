import type { JobOperation } from '../../aws/batchJobs/jobOperation.ts';
import { recoverFrom } from '../../aws/call.ts';
import type { AwsClients } from '../../aws/clients.ts';
import { DEPLOYMENT_TAG } from '../../aws/deployment/deploymentTag.ts';
import { functionName, functionRegion, isFunctionArn, unqualified } from '../../aws/functionArn.ts';
import type { LambdaFunction } from '../../aws/functions/functions.ts';
import { functionArns } from '../../aws/notifications/notification.ts';
import { HANDLER } from '../../aws/deployment/runtime.ts';

export interface FoundFunction {
  readonly called: CalledFunction;
  /** The bucket invokes it on uploads. */
  readonly wired: boolean;
}

/** Functions whose tags are read because they might be ours: each costs a request. */
const MAX_TAGS_READ = 20;

/**
 * The functions that a job on the objects of a bucket may invoke: first those that the bucket
 * invokes itself, then those that answer S3 Batch Operations for sure. A caller who may not list
 * functions still gets those that the bucket names, and who may not read the notifications the
 * others.
 *
 * @param place the bucket, and the Region of the job: a function elsewhere can't be invoked
 * @param ours CodeSha256 of the zips that Bucket Brigade deploys
 * @throws BrigadeError
 */
export async function findFunctions(
  clients: AwsClients,
  { bucket, region }: { readonly bucket?: string; readonly region?: string },
  ours: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<FoundFunction[]> {
  const { listFunctions } = await import('../../aws/functions/functions.ts');
  const [wired, listed] = await Promise.all([
    bucket === undefined
      ? []
      : recoverFrom(['AccessDenied'], [], () => wiredTo(clients, bucket, signal)),
    recoverFrom(['AccessDenied'], [], () => listFunctions(clients, { region }, { signal })),
  ]);
  const others = listed.filter(({ arn }) => !wired.some(own => unqualified(own) === arn));
  const candidates = others.filter(one => mayBeOurs(one, ours)).slice(0, MAX_TAGS_READ);
  const read = new Set(candidates);
  const describeAll = async (arns: readonly string[]): Promise<CalledFunction[]> => {
    // A bucket still names a function that was deleted.
    const found = arns.map(arn =>
      recoverFrom(['NotFound'], [], () => describeFunction(clients, arn, ours, signal)),
    );
    return (await Promise.all(found)).flat();
  };
  const first = await describeAll(wired);
  const rest = await describeAll(candidates.map(({ arn }) => arn));
  const unread = others.filter(one => !read.has(one)).map(one => knownFunction(one.arn, one, ours));
  return [
    ...first.map(called => ({ called, wired: true })),
    ...[...rest, ...unread].sort(byKnowledge).map(called => ({ called, wired: false })),
  ];
}

/** Our own handler and perhaps an older zip of ours: only the tags tell. */
function mayBeOurs({ handler, codeSha256 }: LambdaFunction, ours: ReadonlySet<string>): boolean {
  return handler === HANDLER && !ours.has(codeSha256);
}

function byKnowledge(one: CalledFunction, other: CalledFunction): number {
  return one.answersBatch === other.answersBatch
    ? one.name.localeCompare(other.name)
    : one.answersBatch === 'yes'
      ? -1
      : 1;
}

/**
 * What is known of a function.
 *
 * @param arn its ARN, with a version or alias or without, or its name
 * @throws BrigadeError `NotFound` when there is none; a caller who may not ask learns nothing of
 *   it.
 */
export async function describeFunction(
  clients: AwsClients,
  arn: string,
  ours: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<CalledFunction> {
  const { getFunction } = await import('../../aws/functions/functions.ts');
  const found = await recoverFrom(['AccessDenied'], undefined, () =>
    getFunction(clients, addressOf(arn), { signal }),
  );
  if (found === undefined) return unknownFunction(arn);
  return knownFunction(isFunctionArn(arn) ? arn : found.arn, found, ours);
}

/** A function is found only in its own Region, which its ARN names. */
function addressOf(arn: string) {
  const region = functionRegion(arn);
  return { functionName: arn, region };
}

/** The functions that a bucket's event notifications invoke, as these name them. */
async function wiredTo(clients: AwsClients, bucket: string, signal: AbortSignal) {
  const { readBucketNotifications } =
    await import('../../aws/notifications/bucketNotifications.ts');
  const { notifications } = await readBucketNotifications(clients, bucket, { signal });
  return functionArns(notifications);
}

/** A function that a job may invoke, as far as it is known. */
export interface CalledFunction {
  readonly arn: string;
  readonly name: string;
  /** Whether it answers S3 Batch Operations: ours does, of others nobody can tell. */
  readonly answersBatch: 'yes' | 'unknown';
  /** The bucket that Bucket Brigade deployed it for, whose objects its role may read. */
  readonly deployedFor?: string;
}

/** A function of which only the ARN is known. */
function unknownFunction(arn: string): CalledFunction {
  return { arn, name: functionName(arn), answersBatch: 'unknown' };
}

/**
 * What is known of a function by its code and tags.
 *
 * @param arn as the job is to invoke it, with a version or alias or without
 * @param ours CodeSha256 of the zips that Bucket Brigade deploys
 */
function knownFunction(
  arn: string,
  { codeSha256, tags = {} }: Pick<LambdaFunction, 'codeSha256'> & { tags?: Tags },
  ours: ReadonlySet<string>,
): CalledFunction {
  const deployedFor = tags[DEPLOYMENT_TAG];
  const known = deployedFor !== undefined || ours.has(codeSha256);
  return {
    arn,
    name: functionName(arn),
    answersBatch: known ? 'yes' : 'unknown',
    deployedFor,
  };
}

type Tags = Readonly<Record<string, string>>;

/** Ours takes the newer schema; others rather know AWS's default. */
export function invocationOf({
  arn,
  answersBatch,
}: CalledFunction): JobOperation & { name: 'LambdaInvoke' } {
  const schemaVersion = answersBatch === 'yes' ? '2.0' : '1.0';
  return { name: 'LambdaInvoke', functionArn: arn, schemaVersion };
}
