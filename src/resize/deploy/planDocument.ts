import { l10n } from 'vscode';
import {
  conflictsOf,
  isDone,
  type DeploymentPlan,
  type DeploymentStep,
  type StepAction,
} from '../../aws/resizeDeployment/deploymentPlan.ts';
import type { DeploymentTarget } from '../../aws/resizeDeployment/target.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import { plain, table } from '../../vscode/markdown.ts';
import { code, detailBlocks } from '../planMarkdown.ts';
import {
  actionText,
  conflictText,
  countsText,
  doneText,
  kindText,
  warningText,
} from '../planTexts.ts';

/** How far the plan has come when its document is shown; or why it failed and what became of it. */
export type PlanStage = 'planned' | 'applied' | { readonly failure: string };

/** A plan as a Markdown document: what will be, step by step, with all details. */
export function planDocument(plan: DeploymentPlan, stage: PlanStage = 'planned'): string {
  const { target, steps, warnings } = plan;
  const title =
    stage === 'applied'
      ? l10n.t('{0} resizes the images of {1}', target.functionName, target.bucket)
      : l10n.t('Plan: {0} for {1}', target.functionName, target.bucket);
  return [
    `# ${plain(title)}`,
    `**${plain(verdict(plan, stage))}**`,
    ...(stage === 'planned' ? conflictsOf(plan).map(conflictLine) : []),
    plain(promise(target)),
    ...warnings.map(warning => `> ⚠ ${plain(warningText(warning))}`),
    overview(steps, stage),
    ...steps.flatMap(step => section(step, stage)),
    '',
  ].join('\n\n');
}

function verdict(plan: DeploymentPlan, stage: PlanStage): string {
  if (stage === 'applied') return l10n.t('✓ Deployed.');
  if (stage !== 'planned') return l10n.t('✗ Not deployed. {0}', stage.failure);
  if (conflictsOf(plan).length > 0) {
    return l10n.t('✗ This cannot be applied: {0}. Nothing was changed.', countsText(plan.steps));
  }
  if (isDone(plan)) return l10n.t('✓ Nothing to change: all of it is there already.');
  return l10n.t('{0}. Nothing was changed yet.', countsText(plan.steps));
}

/** What keeps a plan from being applied is read before all that it would do. */
function conflictLine(step: DeploymentStep): string {
  return `> ✗ ${plain(kindText(step.kind))} ${code(step.subject)}: **${plain(whyOf(step) ?? '')}**`;
}

function whyOf({ conflict, reason }: DeploymentStep): string | undefined {
  return conflict === undefined ? reason : conflictText(conflict);
}

/** What will happen with an upload, in one sentence. */
function promise({
  bucket,
  prefix,
  suffixes,
  destinationBucket,
  settings,
}: DeploymentTarget): string {
  const from = formatS3Uri({ bucket, key: prefix });
  const to = formatS3Uri({ bucket: destinationBucket, key: settings.keyTemplate });
  const widths = settings.widths.join(', ');
  return suffixes.length === 0
    ? l10n.t('Every image uploaded to {0} is stored as {1}, {2} pixels wide.', from, to, widths)
    : l10n.t(
        'Every image uploaded to {0} whose key ends in {3} is stored as {1}, {2} pixels wide.',
        from,
        to,
        widths,
        suffixes.join(' '),
      );
}

const SIGNS: Readonly<Record<StepAction, string>> = {
  create: plain('+'),
  change: plain('~'),
  keep: plain('='),
  conflict: '✗',
};

function sign({ action }: DeploymentStep, stage: PlanStage): string {
  return stage === 'applied' ? '✓' : SIGNS[action];
}

function overview(steps: readonly DeploymentStep[], stage: PlanStage): string {
  return table(
    ['', l10n.t('Step'), l10n.t('What'), l10n.t('Action')],
    steps.map(step => [
      sign(step, stage),
      plain(kindText(step.kind)),
      code(step.subject),
      stage === 'applied' ? plain(doneText(step.action)) : plain(actionText(step.action)),
    ]),
  );
}

/** What the overview does not say already. */
function section(step: DeploymentStep, stage: PlanStage): string[] {
  const { kind, subject, details } = step;
  if (details.length === 0 && step.action !== 'conflict') return [];
  const heading = `## ${sign(step, stage)} ${plain(kindText(kind))} ${code(subject)}`;
  const why = whyOf(step);
  return [
    heading,
    ...(why === undefined || step.action !== 'conflict' ? [] : [`**${plain(why)}**`]),
    ...detailBlocks(details),
  ];
}
