import type { Removal } from '../deployment/removal.ts';
import type { StepKind } from './deploymentPlan.ts';

/** What to remove: what was deployed for a bucket. */
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

export type RemovalStep = Removal<StepKind | 'logGroup'>;

export interface RemovalPlan {
  readonly target: RemovalTarget;
  readonly region: string;
  readonly steps: readonly RemovalStep[];
}
