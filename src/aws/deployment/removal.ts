import type { StepDetail } from './step.ts';

/** What removals of deployments are made of. Nothing here loads the AWS SDK. */

/** In the order of removal: nothing may be sent to what is already gone. */
export interface Removal<Kind extends string> {
  readonly kind: Kind;
  /** `keep`: it is there but is not ours, or was not asked for; what is not there has no step. */
  readonly action: 'delete' | 'keep';
  /** A bucket's S3 URI, a role's or function's name … */
  readonly subject: string;
  readonly details: readonly StepDetail[];
  readonly kept?: KeptReason;
}

export type KeptReason =
  /** It carries no tag of ours, or that of another deployment. */
  | 'notOurs'
  /** The bucket has objects, and `deleteObjects` was not given. */
  | 'hasObjects'
  /** Policies were attached to the role, or others use it. */
  | 'inUse'
  /** `deleteLogGroup` was not given. */
  | 'notAsked'
  /** The caller may not look whether it is ours. */
  | 'unknown';

export interface RemovalProgress<Kind extends string> {
  readonly step: Removal<Kind>;
  readonly state: 'begun' | 'done';
  /** Objects (versions, markers) of the bucket that are deleted so far. */
  readonly deleted?: number;
}
