import { l10n } from 'vscode';
import type { RemovalPlan } from '../../aws/resizeDeployment/removalPlan.ts';
import { removalBlocks } from '../../vscode/deployment/removalBlocks.ts';
import { escapeMarkdown } from '../../vscode/markdown.ts';

/** A removal as a Markdown document: what goes, what stays and why. */
export function removalDocument(
  { target, steps }: RemovalPlan,
  stage: 'planned' | 'applied' = 'planned',
): string {
  const title =
    stage === 'applied'
      ? l10n.t('Images of {0} are no longer resized', target.bucket)
      : l10n.t('Remove the resize function of {0}', target.bucket);
  return [`# ${escapeMarkdown(title)}`, ...removalBlocks(steps, stage), ''].join('\n\n');
}
