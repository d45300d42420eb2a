import { isFunctionName } from '../functionArn.ts';
import {
  clashingSuffixes,
  isFilterTooLong,
  MAX_FILTER_BYTES,
} from '../notifications/notificationRules.ts';
import { problems } from '../resizeFunction/resizeProblems.ts';
import type { StepKind } from './deploymentPlan.ts';
import type { DeploymentTarget } from './target.ts';

export interface TargetProblem {
  /** The step that it rules out. */
  readonly kind: StepKind;
  /** In English. */
  readonly sentence: string;
}

/** The names that the function takes: S3 gives no others to new buckets. */
const FUNCTION_BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** What is wrong with a target before anything is read. Nothing here loads the AWS SDK. */
export function targetProblems(target: DeploymentTarget): TargetProblem[] {
  return [
    ...(FUNCTION_BUCKET.test(target.destinationBucket)
      ? []
      : [bad('destinationBucket', `Not a bucket name: ${target.destinationBucket}`)]),
    ...functionProblems(target),
    ...notificationProblems(target),
  ];
}

/** Limits of the Lambda service model and guide ("Lambda quotas"). */
function functionProblems(target: DeploymentTarget): TargetProblem[] {
  const { functionName, memoryMegabytes, timeoutSeconds, settings } = target;
  const found: TargetProblem[] = [];
  if (!isFunctionName(functionName)) {
    found.push(bad('function', 'A function has a name of 1 to 64 letters, digits, - and _'));
  }
  if (!isWhole(memoryMegabytes, 128, 10_240)) {
    found.push(bad('function', 'MemorySize must be a whole number from 128 to 10240'));
  }
  if (!isWhole(timeoutSeconds, 1, 900)) {
    found.push(bad('function', 'Timeout must be a whole number from 1 to 900'));
  }
  for (const { field, problem, text } of problems(settings)) {
    found.push(bad('function', `${field}: ${problem}${text === undefined ? '' : ` ${text}`}`));
  }
  return found;
}

function notificationProblems(target: DeploymentTarget): TargetProblem[] {
  const found: TargetProblem[] = [];
  const { prefix, suffixes } = target;
  for (const value of [prefix, ...suffixes]) {
    if (isFilterTooLong(value)) {
      found.push(bad('notification', `Longer than ${MAX_FILTER_BYTES} bytes, encoded: ${value}`));
    }
  }
  const clash = clashingSuffixes(suffixes);
  if (clash) {
    const [one, other] = clash;
    found.push(bad('notification', `The suffixes “${one}” and “${other}” overlap`));
  }
  return found;
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function bad(kind: StepKind, sentence: string): TargetProblem {
  return { kind, sentence };
}
