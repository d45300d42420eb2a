import type { CodeZip } from '../deployment/functionCode.ts';
import type { Removal } from '../deployment/removal.ts';
import type { Step } from '../deployment/step.ts';
import type { ReportPlace } from '../taggerFunction/taggerRolePolicy.ts';

/** The tagger's name in every Region. Nothing here loads the AWS SDK. */
export const TAGGER_NAME = 'bucket-brigade-tagger';

/** What the tagger of a Region is to be: it may tag the objects of these buckets and no others. */
export interface TaggerTarget {
  readonly region: string;
  readonly buckets: readonly string[];
  /** Where jobs write their reports. */
  readonly reports: readonly ReportPlace[];
  readonly code: CodeZip;
}

/** In the order in which they are made. */
export type TaggerStepKind = 'role' | 'function' | 'jobRole';
export type TaggerStep = Step<TaggerStepKind>;

export interface TaggerPlan {
  /** With what the tagger that is there may touch already. */
  readonly target: TaggerTarget;
  readonly steps: readonly TaggerStep[];
}

export interface TaggerRemovalTarget {
  readonly region: string;
  /** Without it the function's log lines stay. */
  readonly deleteLogGroup?: boolean;
}

export type TaggerRemovalStep = Removal<TaggerStepKind | 'logGroup'>;

export interface TaggerRemoval {
  readonly target: TaggerRemovalTarget;
  readonly steps: readonly TaggerRemovalStep[];
  /** Ids of jobs that call the tagger and have not ended: their tasks will fail without it. */
  readonly unfinishedJobs: readonly string[];
}

/** A role is of the account, a tagger of a Region: each has a role of its own. */
export function taggerRoleName(region: string): string {
  return `${TAGGER_NAME}-${region}`;
}

/** The name of the role of the jobs that call a Region's tagger. */
export function taggerJobRoleName(region: string): string {
  return `${TAGGER_NAME}-jobs-${region}`;
}

/** The value of our tag on what belongs to a Region's tagger; no bucket is called so. */
export function taggerOwner(region: string): string {
  return `tagger:${region}`;
}

/** The ARN of a role of ours, which has no path. */
export function roleArn(
  { partition, accountId }: { readonly partition: string; readonly accountId: string },
  name: string,
): string {
  return `arn:${partition}:iam::${accountId}:role/${name}`;
}

/** The ARN of a Region's tagger. */
export function taggerArn(
  { partition, accountId }: { readonly partition: string; readonly accountId: string },
  region: string,
): string {
  return `arn:${partition}:lambda:${region}:${accountId}:function:${TAGGER_NAME}`;
}
