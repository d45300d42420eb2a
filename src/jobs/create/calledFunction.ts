import { functionName } from '../../aws/functionArn.ts';
import type { LambdaFunction } from '../../aws/functions/functions.ts';
import type { JobOperation } from '../../aws/batchJobs/jobOperation.ts';
import { DEPLOYMENT_TAG } from '../../aws/deploymentTag.ts';

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
export function unknownFunction(arn: string): CalledFunction {
  return { arn, name: functionName(arn), answersBatch: 'unknown' };
}

/**
 * What is known of a function by its code and tags.
 *
 * @param arn as the job shall invoke it, with a version or alias or without
 * @param ours CodeSha256 of the zips that Bucket Brigade deploys
 */
export function knownFunction(
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
    ...(deployedFor !== undefined && { deployedFor }),
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
