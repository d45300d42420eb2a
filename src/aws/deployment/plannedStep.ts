import { recoverFrom } from '../call.ts';
import { DEPLOYMENT_TAG } from './deploymentTag.ts';
import type { ConflictCode, DeploymentWarning, Step, StepDetail } from './step.ts';
import type { UndoLog } from './undoLog.ts';

/** A step as it was read just now, with how it is done. */
export interface PlannedStep<Kind extends string> {
  readonly step: Step<Kind>;
  readonly warnings?: readonly DeploymentWarning[];
  /** Only for `create` and `change`. */
  readonly apply?: (run: Run) => Promise<void>;
}

/** One application of a plan. */
export interface Run {
  readonly undo: UndoLog;
  /** Kinds of things made in this run, which AWS may not see everywhere yet. */
  readonly isNew: Set<string>;
  /** Says that AWS is being waited for. */
  readonly onWait: (what: 'role' | 'function') => void;
}

export function conflict<Kind extends string>(
  facts: Pick<Step<Kind>, 'kind' | 'subject'> & { readonly details?: readonly StepDetail[] },
  code: ConflictCode,
  names: readonly string[],
  reason: string,
): PlannedStep<Kind> {
  const step = { details: [], ...facts, action: 'conflict' as const, reason };
  return { step: { ...step, conflict: { code, names } } };
}

/**
 * Why something that is there may not be changed; undefined when it is of this deployment.
 *
 * @param owner the value of our tag
 */
export function foreign<Kind extends string>(
  facts: Pick<Step<Kind>, 'kind' | 'subject'>,
  tags: Readonly<Record<string, string>> | undefined,
  owner: string,
): PlannedStep<Kind> | undefined {
  const found = tags?.[DEPLOYMENT_TAG];
  if (found === owner) return undefined;
  const { subject } = facts;
  return found === undefined
    ? conflict(
        facts,
        'notOurs',
        [subject],
        'It exists and was not made by Bucket Brigade: choose another name',
      )
    : conflict(
        facts,
        'otherDeployment',
        [subject, found],
        `It belongs to the deployment of the bucket ${found}`,
      );
}

/** `MemorySize: 128 → 1536`. */
export function changed(name: string, before: string, after: string): string[] {
  return before === after ? [] : [`${name}: ${before} → ${after}`];
}

/** What an answer of `NotFound` means here: undefined. */
export async function orUndefined<T>(promise: Promise<T>): Promise<T | undefined> {
  return await recoverFrom(['NotFound'], undefined, () => promise);
}
