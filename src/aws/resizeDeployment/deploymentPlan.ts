import type { DeploymentTarget } from './target.ts';

/** What is deployed, in the order in which it is made. */
export type StepKind = 'destinationBucket' | 'role' | 'function' | 'permission' | 'notification';

/** `conflict`: nothing is applied before it is solved. */
export type StepAction = 'create' | 'change' | 'keep' | 'conflict';

export interface DeploymentStep {
  readonly kind: StepKind;
  readonly action: StepAction;
  /** What it is about: a bucket's S3 URI, a role's or function's name … */
  readonly subject: string;
  /**
   * What will be, or what changes (`MemorySize: 128 → 1536`), in AWS's own terms; one may have
   * several lines (a policy). Not translated.
   */
  readonly details: readonly string[];
  /** Why there is a conflict, in English, for the log. */
  readonly reason?: string;
  readonly conflict?: DeploymentConflict;
}

/** Why a step cannot be done, for a view to put into words. */
export interface DeploymentConflict {
  readonly code: ConflictCode;
  /** What it is about, in the order that the code says. */
  readonly names: readonly string[];
}

export type ConflictCode =
  /** Exists and carries no tag of ours: [what]. */
  | 'notOurs'
  /** Belongs to the deployment of another bucket: [what, that bucket]. */
  | 'otherDeployment'
  /** The destination bucket belongs to another account, or may not be read: [bucket]. */
  | 'otherAccount'
  /** Lives in another Region: [what, its Region, the source bucket's Region]. */
  | 'otherRegion'
  /** Does not exist: [what]. */
  | 'missing'
  /** The role does not trust lambda.amazonaws.com: [role]. */
  | 'notTrusted'
  /** A notification of the bucket overlaps: [our id, its id, its destination's ARN]. */
  | 'overlap'
  /** Resized objects would be resized again: [bucket they are written to, what leads back]. */
  | 'loop'
  /** The input itself: [sentence in English]. */
  | 'badInput'
  /** The function is in a state that it must leave first: [function, state, reason]. */
  | 'notActive';

/** Something that does not keep a deployment from being made. */
export interface DeploymentWarning {
  readonly code: 'roleMayLack' | 'roleUnchecked' | 'stays';
  /** `roleMayLack`: [role, action, resource]; `roleUnchecked`: [role]; `stays`: [what]. */
  readonly names: readonly string[];
}

export interface DeploymentPlan {
  readonly target: DeploymentTarget;
  /** Where the function lives: the source bucket's Region. */
  readonly region: string;
  /** In the order in which they are done. */
  readonly steps: readonly DeploymentStep[];
  readonly warnings: readonly DeploymentWarning[];
}

/** Whether there is nothing to do. */
export function isDone(plan: Pick<DeploymentPlan, 'steps'>): boolean {
  return plan.steps.every(step => step.action === 'keep');
}

/** The steps that keep the plan from being applied. */
export function conflictsOf(plan: Pick<DeploymentPlan, 'steps'>): DeploymentStep[] {
  return plan.steps.filter(step => step.action === 'conflict');
}
