import { unless, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import type { ResizeRoleInput } from '../resizeFunction/resizeRolePolicy.ts';
import type {
  ConflictCode,
  DeploymentStep,
  DeploymentWarning,
  StepKind,
} from './deploymentPlan.ts';
import type { DeploymentTarget } from './target.ts';
import { DEPLOYMENT_TAG } from '../deploymentTag.ts';
import type { UndoLog } from './undoLog.ts';

/** What every step is planned with. */
export interface DeploymentContext {
  readonly clients: AwsClients;
  readonly target: DeploymentTarget;
  /** The source bucket's: its functions must live there too. */
  readonly region: string;
  readonly options: CallOptions;
}

/** A step as it was read just now, with how it is done. */
export interface PlannedStep {
  readonly step: DeploymentStep;
  readonly warnings?: readonly DeploymentWarning[];
  /** Only for `create` and `change`. */
  readonly apply?: (run: Run) => Promise<void>;
}

/** One application of a plan. */
export interface Run {
  readonly undo: UndoLog;
  /** Things made in this run, which AWS may not see everywhere yet. */
  readonly isNew: Set<StepKind>;
  /** Says that AWS is being waited for. */
  readonly onWait: (what: 'role' | 'function') => void;
}

export function functionArnOf({ clients, region, target }: DeploymentContext): string {
  const { partition, accountId } = clients;
  return `arn:${partition}:lambda:${region}:${accountId}:function:${target.functionName}`;
}

/** A role of ours is always made without a path. */
export function roleArnOf({ clients, target }: DeploymentContext): string {
  const { role } = target;
  return 'arn' in role
    ? role.arn
    : `arn:${clients.partition}:iam::${clients.accountId}:role/${role.name}`;
}

/** What the function's role must allow. */
export function roleInputOf({ clients, target, region }: DeploymentContext): ResizeRoleInput {
  const { functionName, bucket, prefix, destinationBucket, settings } = target;
  const { keyTemplate, keepTags } = settings;
  const { partition, accountId } = clients;
  const buckets = { bucket, prefix, destinationBucket };
  return { partition, region, accountId, functionName, ...buckets, keyTemplate, keepTags };
}

export function conflict(
  facts: Pick<DeploymentStep, 'kind' | 'subject'> & { readonly details?: readonly string[] },
  code: ConflictCode,
  names: readonly string[],
  reason: string,
): PlannedStep {
  const step = { details: [], ...facts, action: 'conflict' as const, reason };
  return { step: { ...step, conflict: { code, names } } };
}

/** Why something that is there may not be changed; undefined when it is of this deployment. */
export function foreign(
  facts: Pick<DeploymentStep, 'kind' | 'subject'>,
  tags: Readonly<Record<string, string>> | undefined,
  bucket: string,
): PlannedStep | undefined {
  const owner = tags?.[DEPLOYMENT_TAG];
  if (owner === bucket) return undefined;
  const { subject } = facts;
  return owner === undefined
    ? conflict(
        facts,
        'notOurs',
        [subject],
        'It exists and was not made by Bucket Brigade: choose another name',
      )
    : conflict(
        facts,
        'otherDeployment',
        [subject, owner],
        `It belongs to the deployment of the bucket ${owner}`,
      );
}

/** `MemorySize: 128 → 1536`. */
export function changed(name: string, before: string, after: string): string[] {
  return before === after ? [] : [`${name}: ${before} → ${after}`];
}

/** What an answer of `NotFound` means here: undefined. */
export async function orUndefined<T>(promise: Promise<T>): Promise<T | undefined> {
  return await unless(['NotFound'], undefined, () => promise);
}
