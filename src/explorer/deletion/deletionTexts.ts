import { l10n } from 'vscode';
import type { DeletionProgress } from '../../aws/deletion/deletionRun.ts';
import type { UndoDeleteProgress } from '../../aws/deletion/undoDelete.ts';
import { formatCount } from '../../vscode/formats.ts';

/** How far a delete is, in a few words. */
export function progressText({ deleted, failed, perSecond }: DeletionProgress): string {
  const done = l10n.t('{0} deleted', formatCount(deleted));
  const refused = failed === 0 ? [] : [l10n.t('{0} failed', formatCount(failed))];
  const speed = perSecond === 0 ? [] : [l10n.t('{0}/s', formatCount(perSecond))];
  return [done, ...refused, ...speed].join(' · ');
}

/** How far an undoing is, in a few words. */
export function undoProgressText({ restored }: UndoDeleteProgress): string {
  return l10n.t('{0} restored', formatCount(restored));
}
