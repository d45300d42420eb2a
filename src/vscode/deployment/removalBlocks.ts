import { l10n } from 'vscode';
import type { Removal } from '../../aws/deployment/removal.ts';
import { formatCount } from '../formats.ts';
import { escapeMarkdown, table } from '../markdown.ts';
import { code, detailBlocks } from './planMarkdown.ts';
import { actionText, doneText, keptText, kindText, type PartKind } from './planTexts.ts';

type RemovalStep = Removal<PartKind>;

/** What of a removal a document says: what goes, what stays and why. */
export function removalBlocks(
  steps: readonly RemovalStep[],
  stage: 'planned' | 'applied',
): string[] {
  return [
    `**${escapeMarkdown(stage === 'applied' ? l10n.t('✓ Removed.') : verdict(steps))}**`,
    table(
      ['', l10n.t('Step'), l10n.t('Resource'), l10n.t('Action')],
      steps.map(step => [
        escapeMarkdown(step.action === 'delete' ? '−' : '='),
        escapeMarkdown(kindText(step.kind)),
        code(step.subject),
        escapeMarkdown(actionOf(step, stage)),
      ]),
    ),
    ...steps.flatMap(section),
  ];
}

function verdict(steps: readonly RemovalStep[]): string {
  const count = steps.filter(step => step.action === 'delete').length;
  return count === 0
    ? l10n.t('There is nothing to remove.')
    : l10n.t('{0} to delete. Nothing was deleted yet.', formatCount(count));
}

function actionOf({ action, kept }: RemovalStep, stage: 'planned' | 'applied'): string {
  const text = stage === 'applied' ? doneText(action) : actionText(action);
  return kept === undefined ? text : l10n.t('{0}: {1}', text, keptText(kept));
}

function section({ kind, subject, details }: RemovalStep): string[] {
  if (details.length === 0) return [];
  return [`## ${escapeMarkdown(kindText(kind))} ${code(subject)}`, ...detailBlocks(details)];
}
