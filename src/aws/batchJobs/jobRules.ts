import { isFunctionArn } from '../functionArn.ts';
import type { LambdaInvocation } from './jobOperation.ts';

/**
 * What CreateJob accepts, as in AWS's service model of S3 Control. Held against what a person types and,
 * once more, against what is sent. Nothing here loads the AWS SDK.
 */

/** Higher runs first; 0 is the lowest. */
export const MAX_PRIORITY = 2_147_483_647;
/** What a job gets where nobody says otherwise. */
export const DEFAULT_PRIORITY = 10;
/** Characters. */
export const MAX_DESCRIPTION_LENGTH = 256;
/** Characters. */
export const MAX_REPORT_PREFIX_LENGTH = 512;
/** Characters of a generator's prefix or suffix. */
export const MAX_KEY_FILTER_LENGTH = 1024;
const MAX_USER_ARGUMENTS = 10;
const MAX_ARGUMENT_KEY_LENGTH = 64;
const MAX_ARGUMENT_VALUE_LENGTH = 1024;

/** Whether a job can have this priority: a whole number from 0 to `MAX_PRIORITY`. */
export function isPriority(priority: number): boolean {
  return Number.isInteger(priority) && priority >= 0 && priority <= MAX_PRIORITY;
}

/** What AWS would refuse of a LambdaInvoke, in a sentence for the log; undefined if nothing. */
export function invocationProblem({
  functionArn,
  schemaVersion,
  userArguments = {},
}: LambdaInvocation): string | undefined {
  const entries = Object.entries(userArguments);
  if (!isFunctionArn(functionArn)) return 'Not the ARN of a Lambda function';
  if (entries.length > 0 && schemaVersion !== '2.0') {
    return 'User arguments need the invocation schema 2.0';
  }
  if (entries.length > MAX_USER_ARGUMENTS) {
    return `There are more than ${MAX_USER_ARGUMENTS} user arguments`;
  }
  const wrong = entries.find(
    ([key, value]) =>
      key === '' ||
      key.length > MAX_ARGUMENT_KEY_LENGTH ||
      value === '' ||
      value.length > MAX_ARGUMENT_VALUE_LENGTH,
  );
  return (
    wrong &&
    `A user argument has 1 to ${MAX_ARGUMENT_KEY_LENGTH} characters in its name and 1 to ${MAX_ARGUMENT_VALUE_LENGTH} in its value`
  );
}
