import { isFunctionArn } from '../functionArn.ts';
import type { Problem } from '../problems.ts';
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

/** What AWS would refuse of a LambdaInvoke; undefined if nothing. */
export function invocationProblem({
  functionArn,
  schemaVersion,
  userArguments = {},
}: LambdaInvocation): Problem | undefined {
  const entries = Object.entries(userArguments);
  if (!isFunctionArn(functionArn)) return { kind: 'functionArn' };
  if (entries.length > 0 && schemaVersion !== '2.0') {
    return { kind: 'userArgumentsSchema' };
  }
  if (entries.length > MAX_USER_ARGUMENTS) {
    return { kind: 'manyUserArguments', max: MAX_USER_ARGUMENTS };
  }
  const wrong = entries.find(
    ([key, value]) =>
      key === '' ||
      key.length > MAX_ARGUMENT_KEY_LENGTH ||
      value === '' ||
      value.length > MAX_ARGUMENT_VALUE_LENGTH,
  );
  return (
    wrong && {
      kind: 'userArgument',
      maxName: MAX_ARGUMENT_KEY_LENGTH,
      maxValue: MAX_ARGUMENT_VALUE_LENGTH,
    }
  );
}
