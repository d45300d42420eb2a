import { l10n } from 'vscode';
import { BrigadeError, isCancelled } from '../../aws/errors.ts';
import type { StepProgress } from '../../aws/deployment/applySteps.ts';
import type {
  DeploymentConflict,
  DeploymentWarning,
  StepAction,
} from '../../aws/deployment/step.ts';
import type { StepKind } from '../../aws/resizeDeployment/deploymentPlan.ts';
import type { TaggerStepKind } from '../../aws/taggerDeployment/tagger.ts';
import type { KeptReason } from '../../aws/deployment/removal.ts';
import { describeError } from '../describeError.ts';
import { formatCount } from '../formats.ts';

/** What is deployed: what resizes images, and what changes tags. */
export type PartKind = StepKind | TaggerStepKind | 'logGroup';

/** What a step is about, in a word or two. */
export function kindText(kind: PartKind): string {
  switch (kind) {
    case 'destinationBucket':
      return l10n.t('Destination bucket');
    case 'role':
      return l10n.t('Role');
    case 'jobRole':
      return l10n.t('Role of the jobs');
    case 'function':
      return l10n.t('Function');
    case 'permission':
      return l10n.t('Permission');
    case 'notification':
      return l10n.t('Event notification');
    case 'logGroup':
      return l10n.t('Log group');
  }
}

/** What happened to what a step is about. */
export function doneText(action: StepAction | 'delete'): string {
  switch (action) {
    case 'create':
      return l10n.t('created');
    case 'change':
      return l10n.t('changed');
    case 'keep':
    case 'conflict':
      return l10n.t('kept');
    case 'delete':
      return l10n.t('deleted');
  }
}

/** What a step will do. */
export function actionText(action: StepAction | 'delete'): string {
  switch (action) {
    case 'create':
      return l10n.t('create');
    case 'change':
      return l10n.t('change');
    case 'keep':
      return l10n.t('keep');
    case 'conflict':
      return l10n.t('conflict');
    case 'delete':
      return l10n.t('delete');
  }
}

/** How many steps do what: `3 to create, 1 to change, 1 to keep`. */
export function countsText(steps: readonly { readonly action: StepAction }[]): string {
  const count = (action: StepAction): number => steps.filter(step => step.action === action).length;
  const parts: (readonly [StepAction, (count: string) => string])[] = [
    ['conflict', n => l10n.t('{0} in conflict', n)],
    ['create', n => l10n.t('{0} to create', n)],
    ['change', n => l10n.t('{0} to change', n)],
    ['keep', n => l10n.t('{0} to keep', n)],
  ];
  return parts
    .filter(([action]) => count(action) > 0)
    .map(([action, text]) => text(formatCount(count(action))))
    .join(', ');
}

/** Why a step cannot be done and what would help. */
export function conflictText({ code, names }: DeploymentConflict): string {
  const [first = '', second = '', third = ''] = names;
  switch (code) {
    case 'notOurs':
      return l10n.t('{0} exists and wasn’t created by Bucket Brigade. Choose another name.', first);
    case 'otherDeployment':
      return l10n.t('{0} belongs to the deployment for {1}. Choose another name.', first, second);
    case 'otherAccount':
      return l10n.t(
        '{0} belongs to another account, or you can’t read it. Choose another bucket.',
        first,
      );
    case 'otherRegion':
      return l10n.t(
        '{0} is in {1}, but must be in {2}, the Region of the bucket.',
        first,
        second,
        third,
      );
    case 'missing':
      return l10n.t('{0} doesn’t exist.', first);
    case 'notTrusted':
      return l10n.t('{0} doesn’t trust lambda.amazonaws.com, so no function can assume it.', first);
    case 'overlap':
      return l10n.t(
        'The notification {1} to {2} covers some of the same objects, which S3 doesn’t allow. Remove it, or choose another prefix or other suffixes.',
        first,
        second,
        third,
      );
    case 'loop':
      return l10n.t(
        'Images written to {0} would be resized again ({1}) in an endless loop. Choose another bucket or key template.',
        first,
        second,
      );
    case 'badInput':
      return first;
    case 'policyTooLong':
      return l10n.t(
        'The policy of {0} would be longer than IAM’s {1} characters. Remove the tagger, then deploy it for fewer buckets.',
        first,
        second,
      );
    case 'notActive':
      return l10n.t('{0} is {1}: {2}', first, second, third);
  }
}

/** What does not keep the deployment from being made, but should be known. */
export function warningText({ code, names }: DeploymentWarning): string {
  const [first = '', second = '', third = ''] = names;
  switch (code) {
    case 'roleMayLack':
      return l10n.t('The role {0} may lack {1} on {2}.', first, second, third);
    case 'roleUnchecked':
      return l10n.t('The permissions of the role {0} couldn’t be checked.', first);
    case 'stays':
      return l10n.t('{0} is no longer used, but is kept.', first);
  }
}

/** Why a plan was not applied, and whether anything had to be undone for it. */
export interface DeploymentFailure {
  readonly error: unknown;
  readonly undone: boolean;
}

/** Why nothing is deployed, and what happened to what had been done until then. */
export function failureText({ error, undone }: DeploymentFailure): string {
  const why = isCancelled(error) ? l10n.t('Cancelled.') : describeError(error);
  // That sentence says itself what is left.
  if (error instanceof BrigadeError && error.code === 'UndoIncomplete') return why;
  return undone
    ? l10n.t('{0} All changes were rolled back.', why)
    : l10n.t('{0} Nothing was changed.', why);
}

/** Why something that is there is not removed. */
export function keptText(reason: KeptReason): string {
  switch (reason) {
    case 'notOurs':
      return l10n.t('not created for this bucket by Bucket Brigade');
    case 'hasObjects':
      return l10n.t('not empty');
    case 'inUse':
      return l10n.t('used by others, or has other policies attached');
    case 'notAsked':
      return l10n.t('so that its logs can still be read');
    case 'unknown':
      return l10n.t('can’t check whether Bucket Brigade created it');
  }
}

/** What is being done to a step, for the progress of a deployment. */
export function progressText({ step, state }: StepProgress<PartKind>): string {
  switch (state) {
    case 'begun':
    case 'done':
      return l10n.t('{0}: {1}', kindText(step.kind), step.subject);
    case 'waitingForRole':
      return l10n.t('waiting until Lambda can assume the new role');
    case 'waitingForFunction':
      return l10n.t('waiting until the function is active');
    case 'undoing':
    case 'undone':
      return l10n.t('rolling back');
  }
}
