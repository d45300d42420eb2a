import { l10n } from 'vscode';
import { conflictsOf } from '../../aws/deployment/step.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { TaggerPlan, TaggerRemoval } from '../../aws/taggerDeployment/tagger.ts';
import type { ReportPlace } from '../../aws/taggerFunction/taggerRolePolicy.ts';
import { removalBlocks } from '../../vscode/deployment/removalBlocks.ts';
import {
  conflictLine,
  stepBlocks,
  verdict,
  type PlanStage,
} from '../../vscode/deployment/stepBlocks.ts';
import { escapeMarkdown } from '../../vscode/markdown.ts';
import { formatList } from '../../vscode/formats.ts';

/** The plan of a tagger as a Markdown document: what it is for, and step by step what will be. */
export function taggerDocument(plan: TaggerPlan, stage: PlanStage = 'planned'): string {
  const { region, buckets, reports } = plan.target;
  const title =
    stage === 'applied' ? l10n.t('Tagger in {0}', region) : l10n.t('Plan: tagger in {0}', region);
  const purpose = l10n.t(
    'Batch jobs invoke this function to change some tags and keep the others. Their reports have the previous tags, so that the change can be undone.',
  );
  const scope = l10n.t(
    'It can change the tags of all objects in {0}, and save the previous tags next to the reports in {1}. Access to other buckets is denied.',
    formatList(buckets),
    formatList(reports.map(placeText)),
  );
  return [
    `# ${escapeMarkdown(title)}`,
    `**${escapeMarkdown(verdict(plan, stage))}**`,
    ...(stage === 'planned' ? conflictsOf(plan).map(conflictLine) : []),
    escapeMarkdown(purpose),
    escapeMarkdown(scope),
    ...stepBlocks(plan.steps, stage),
    '',
  ].join('\n\n');
}

function placeText({ bucket, prefix = '' }: ReportPlace): string {
  return formatS3Uri({ bucket, key: prefix === '' ? '' : `${prefix.replace(/\/+$/, '')}/` });
}

/** The removal of a tagger as a Markdown document: what goes, what stays and why. */
export function taggerRemovalDocument(
  { target, steps, unfinishedJobs }: TaggerRemoval,
  stage: 'planned' | 'applied' = 'planned',
): string {
  const title =
    stage === 'applied'
      ? l10n.t('{0} no longer has a tagger', target.region)
      : l10n.t('Remove the tagger in {0}', target.region);
  const jobs = l10n.t(
    'These jobs haven’t ended, and their remaining tasks will fail: {0}',
    formatList(unfinishedJobs),
  );
  const stays = l10n.t(
    'Reports and the previous tags saved with them are kept, so a new tagger can still undo their jobs.',
  );
  return [
    `# ${escapeMarkdown(title)}`,
    ...(stage === 'planned' && unfinishedJobs.length > 0 ? [`> ⚠ ${escapeMarkdown(jobs)}`] : []),
    ...removalBlocks(steps, stage),
    escapeMarkdown(stays),
    '',
  ].join('\n\n');
}
