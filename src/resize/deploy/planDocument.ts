import { l10n } from 'vscode';
import { conflictsOf } from '../../aws/deployment/step.ts';
import type { DeploymentPlan } from '../../aws/resizeDeployment/deploymentPlan.ts';
import type { DeploymentTarget } from '../../aws/resizeDeployment/target.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import { warningText } from '../../vscode/deployment/planTexts.ts';
import {
  conflictLine,
  stepBlocks,
  verdict,
  type PlanStage,
} from '../../vscode/deployment/stepBlocks.ts';
import { escapeMarkdown } from '../../vscode/markdown.ts';

/** A plan as a Markdown document: what will be, step by step, with all details. */
export function planDocument(plan: DeploymentPlan, stage: PlanStage = 'planned'): string {
  const { target, steps, warnings } = plan;
  const title =
    stage === 'applied'
      ? l10n.t('{0} resizes the images of {1}', target.functionName, target.bucket)
      : l10n.t('Plan: {0} for {1}', target.functionName, target.bucket);
  return [
    `# ${escapeMarkdown(title)}`,
    `**${escapeMarkdown(verdict(plan, stage))}**`,
    ...(stage === 'planned' ? conflictsOf(plan).map(conflictLine) : []),
    escapeMarkdown(promise(target)),
    ...warnings.map(warning => `> ⚠ ${escapeMarkdown(warningText(warning))}`),
    ...stepBlocks(steps, stage),
    '',
  ].join('\n\n');
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
