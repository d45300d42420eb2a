import { l10n } from 'vscode';
import type { CreateManifestProgress } from '../../aws/selection/manifestTask.ts';
import { formatCount, formatObjects } from '../../vscode/formats.ts';

/** `12,000 objects · 8,500 keys per second`. */
export function manifestProgress({ seen, rows, seconds }: CreateManifestProgress): string {
  const speed = seconds < 1 ? undefined : Math.round(seen / seconds);
  return [
    formatObjects(rows),
    ...(seen > rows ? [l10n.t('of {0} scanned', formatCount(seen))] : []),
    ...(speed === undefined ? [] : [l10n.t('{0} keys per second', formatCount(speed))]),
  ].join(' · ');
}
