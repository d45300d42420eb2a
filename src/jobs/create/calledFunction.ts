import { functionName } from '../../aws/functionArn.ts';
import type { JobOperation } from '../../aws/jobOperation.ts';

/** A function that a job may invoke, as far as it is known. */
export interface CalledFunction {
  readonly arn: string;
  readonly name: string;
  /** Whether it answers S3 Batch Operations: ours does, of others nobody can tell. */
  readonly answersBatch: 'yes' | 'unknown';
}

/** A function of which only the ARN is known. */
export function unknownFunction(arn: string): CalledFunction {
  return { arn, name: functionName(arn), answersBatch: 'unknown' };
}

/** Ours takes the newer schema; others rather know AWS's default. */
export function invocationOf({
  arn,
  answersBatch,
}: CalledFunction): JobOperation & { name: 'LambdaInvoke' } {
  const schemaVersion = answersBatch === 'yes' ? '2.0' : '1.0';
  return { name: 'LambdaInvoke', functionArn: arn, schemaVersion };
}
