/** What plans of deployments are made of. Nothing here loads the AWS SDK. */

/** `conflict`: nothing is applied before it is solved. */
export type StepAction = 'create' | 'change' | 'keep' | 'conflict';

/**
 * A line of the details. A string is in AWS's own terms (`MemorySize: 128 → 1536`, a policy of several
 * lines) and not translated; `src/vscode/` has a sentence for each kind of fact.
 */
export type StepDetail =
  | string
  | { readonly kind: 'region'; readonly region: string }
  | { readonly kind: 'tag'; readonly key: string; readonly value: string }
  /** The destination bucket is the source bucket. */
  | { readonly kind: 'sourceBucket' }
  /** All that is in a bucket that will be deleted. */
  | { readonly kind: 'allContents' }
  /** A variable that was not set before, or no longer is. */
  | {
      readonly kind: 'defaultBefore' | 'defaultAfter';
      readonly name: string;
      readonly before: string;
      readonly after: string;
    }
  | NotificationDetail;

/** A bucket's event notification, and whether it will be removed. */
export interface NotificationDetail {
  readonly kind: 'notification';
  readonly id: string;
  readonly events: readonly string[];
  /** Empty where all keys match. */
  readonly prefix: string;
  readonly suffix: string;
  readonly arn: string;
  readonly isRemoved: boolean;
}

/** Something that is deployed: what is done to get there from what AWS says now. */
export interface Step<Kind extends string> {
  readonly kind: Kind;
  readonly action: StepAction;
  /** What it is about: a bucket's S3 URI, a role's or function's name … */
  readonly subject: string;
  /** What will be, or what changes. */
  readonly details: readonly StepDetail[];
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
  /** Belongs to another deployment: [what, the bucket that it is for, or the like]. */
  | 'otherDeployment'
  /** The destination bucket belongs to another account, or may not be read: [bucket]. */
  | 'otherAccount'
  /** Lives in another Region: [what, its Region, the Region that is needed]. */
  | 'otherRegion'
  /** Does not exist: [what]. */
  | 'missing'
  /** The role does not trust lambda.amazonaws.com: [role]. */
  | 'notTrusted'
  /** A notification of the bucket overlaps: [our id, its id, its destination's ARN]. */
  | 'overlap'
  /** Resized objects would be resized again: [bucket they are written to, what leads back]. */
  | 'loop'
  /** The input itself: [sentence in English]. Questions refuse such input before it comes here. */
  | 'badInput'
  /** The role's policy would be longer than IAM allows: [role, limit in characters]. */
  | 'policyTooLong'
  /** The function is in a state that it must leave first: [function, state, reason]. */
  | 'notActive';

/** Something that does not keep a deployment from being made. */
export interface DeploymentWarning {
  readonly code: 'roleMayLack' | 'roleUnchecked' | 'stays';
  /** `roleMayLack`: [role, action, resource]; `roleUnchecked`: [role]; `stays`: [what]. */
  readonly names: readonly string[];
}

/** Whether there is nothing to do. */
export function isDone({ steps }: { readonly steps: readonly Step<string>[] }): boolean {
  return steps.every(step => step.action === 'keep');
}

/** The steps that keep a plan from being applied. */
export function conflictsOf<Kind extends string>(plan: {
  readonly steps: readonly Step<Kind>[];
}): Step<Kind>[] {
  return plan.steps.filter(step => step.action === 'conflict');
}
