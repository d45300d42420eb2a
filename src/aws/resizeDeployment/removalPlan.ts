import type { StepKind } from './deploymentPlan.ts';

/** What shall be removed again: what was deployed for a bucket. */
export interface RemovalTarget {
  /** The source bucket. */
  readonly bucket: string;
  /** Where these are not given they are looked for by their tags. */
  readonly functionName?: string;
  readonly roleName?: string;
  readonly destinationBucket?: string;
  /** Without it a bucket with objects (versions, delete markers, uploads) in it stays. */
  readonly deleteObjects?: boolean;
  /** Without it the function's log lines stay. */
  readonly deleteLogGroup?: boolean;
}

/** In the order of removal: nothing may be sent to what is already gone. */
export interface RemovalStep {
  readonly kind: StepKind | 'logGroup';
  /** `keep`: it is there but is not ours, or was not asked for; what is not there has no step. */
  readonly action: 'delete' | 'keep';
  /** A bucket's S3 URI, a role's or function's name … */
  readonly subject: string;
  /** In AWS's own terms; not translated. */
  readonly details: readonly string[];
  readonly kept?: KeptReason;
}

export type KeptReason =
  /** It carries no tag of ours, or that of another bucket. */
  | 'notOurs'
  /** The bucket has objects, and `deleteObjects` was not given. */
  | 'hasObjects'
  /** Policies were attached to the role, or others use it. */
  | 'inUse'
  /** `deleteLogGroup` was not given. */
  | 'notAsked'
  /** The caller may not look whether it is ours. */
  | 'unknown';

export interface RemovalPlan {
  readonly target: RemovalTarget;
  readonly region: string;
  readonly steps: readonly RemovalStep[];
}
