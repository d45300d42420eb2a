import { env, l10n } from 'vscode';
import { formatCount } from '../../vscode/formats.ts';
import { formatSize } from '../../vscode/sizes.ts';
import { visible } from '../../vscode/visibleText.ts';
import type { Transfer } from './transfer.ts';

/** The title of a transfer in any state: `Upload to s3://photos/2026/`. */
export function transferLabel({ start }: Transfer): string {
  const { kind, from, to, title } = start;
  const place = kind === 'download' || kind === 'delete' ? from : to;
  if (place === undefined || place === '') return visible(title);
  return visible(labelOf(kind, place));
}

/** What is being done, while it is: `Uploading 3 files to photos`; then what it was. */
export function transferTitle(transfer: Transfer): string {
  return transfer.isOver ? transferLabel(transfer) : visible(transfer.start.title);
}

function labelOf(kind: Transfer['start']['kind'], place: string): string {
  switch (kind) {
    case 'upload':
      return l10n.t('Upload to {0}', place);
    case 'download':
      return l10n.t('Download of {0}', place);
    case 'copy':
      return l10n.t('Copy to {0}', place);
    case 'move':
      return l10n.t('Move to {0}', place);
    case 'delete':
      return l10n.t('Delete of {0}', place);
    case 'sync':
      return l10n.t('Sync to {0}', place);
  }
}

/** How far it is or was, and how fast: `Paused · 3 of 12 · 1.2 MB of 80 MB`. */
export function transferDescription(transfer: Transfer): string {
  const { state } = transfer;
  const parts = [stateText(transfer), countText(transfer), bytesText(transfer)];
  if (state === 'running') parts.push(speedText(transfer), timeLeftText(transfer));
  return parts.filter(part => part !== '').join(' · ');
}

function stateText(transfer: Transfer): string {
  const { end } = transfer;
  const failed = failedCount(transfer);
  switch (transfer.state) {
    case 'running':
      return '';
    case 'paused':
      return l10n.t('Paused');
    case 'cancelled':
      return l10n.t('Cancelled');
    case 'done':
      return l10n.t('Done');
    case 'failed':
      if (failed > 0) return l10n.t('{0} failed', formatCount(failed));
      return end?.left ? l10n.t('Stopped, {0} left', formatCount(end.left)) : l10n.t('Failed');
  }
}

/** Items that failed, those included of which no more is known than that. */
export function failedCount({ end }: Transfer): number {
  return end?.failedCount ?? end?.failed?.length ?? 0;
}

function countText({ progress: { items, totalItems }, state }: Transfer): string {
  if (totalItems === 1) return '';
  if (items === undefined) return totalItems === undefined ? '' : formatCount(totalItems);
  if (totalItems === undefined || (state === 'done' && items === totalItems)) {
    return formatCount(items);
  }
  return l10n.t('{0} of {1}', formatCount(items), formatCount(totalItems));
}

function bytesText({ progress: { bytes = 0, totalBytes = 0 }, state }: Transfer): string {
  if (bytes === 0 && totalBytes === 0) return '';
  return totalBytes > 0 && (state !== 'done' || bytes !== totalBytes)
    ? l10n.t('{0} of {1}', formatSize(bytes), formatSize(totalBytes))
    : formatSize(bytes);
}

function speedText({ speed }: Transfer): string {
  if (!speed) return '';
  if (speed.bytes > 0) return l10n.t('{0}/s', formatSize(Math.round(speed.bytes)));
  return speed.items > 0 ? l10n.t('{0} per second', formatCount(Math.round(speed.items))) : '';
}

function timeLeftText({ speed, progress }: Transfer): string {
  const { bytes = 0, totalBytes = 0, items = 0, totalItems = 0 } = progress;
  const seconds =
    speed && speed.bytes > 0 && totalBytes > 0
      ? (totalBytes - bytes) / speed.bytes
      : speed && speed.items > 0 && totalItems > 0
        ? (totalItems - items) / speed.items
        : 0;
  return seconds > 0 ? l10n.t('{0} left', formatDuration(seconds)) : '';
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** Its two largest units in the user's language: `2 hr 5 min`, `40 sec`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  const first = UNITS.findIndex(([, size]) => whole >= size);
  let rest = whole;
  const parts = UNITS.slice(first, first + 2).flatMap(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest %= size;
    const format = new Intl.NumberFormat(env.language, { style: 'unit', unit });
    return count > 0 ? [format.format(count)] : [];
  });
  return parts.join(' ');
}
