import { l10n } from 'vscode';
import type { Attempt } from '../../aws/objectStory/attempts.ts';
import { formatCount } from '../../vscode/formats.ts';
import { dateFormat, numberFormat, timeFormat } from '../../vscode/formatters.ts';

/** A time of day in the user's language and time zone, to the millisecond. */
export function formatTime(date: Date): string {
  return timeFormat({
    ...{ hour: 'numeric', minute: '2-digit', second: '2-digit' },
    fractionalSecondDigits: 3,
  }).format(date);
}

/** A time of day in the user's language and time zone, to the second: for what is only expected. */
export function formatClock(date: Date): string {
  return timeFormat({ hour: 'numeric', minute: '2-digit', second: '2-digit' }).format(date);
}

/** A date and time to the second, as S3 tells them. */
export function formatSecond(date: Date): string {
  return dateFormat('medium').format(date);
}

/** `812.4 ms`; nothing where it is not known. */
export function formatMs(value: number | undefined): string {
  return value === undefined ? '' : l10n.t('{0} ms', numberFormat(1).format(value));
}

/** `131 of 512 MB`. */
export function memoryText({ report }: Attempt): string {
  const { maxMemoryMegabytes: used, memoryMegabytes: size } = report;
  if (used === undefined || size === undefined) return '';
  return l10n.t('{0} of {1} MB', formatCount(used), formatCount(size));
}

/** `Cold, 313.6 ms to start`, `Warm`; nothing where it is not known yet. */
export function startText({ isCold, report: { initMs } }: Attempt): string {
  if (isCold === undefined) return '';
  if (!isCold) return l10n.t('Warm start');
  return initMs === undefined ? l10n.t('Cold start') : l10n.t('Cold start, {0}', formatMs(initMs));
}

/** What happened to a run, in a word or two. */
export function statusText({ status }: Attempt): string {
  switch (status) {
    case 'running':
      return l10n.t('Running');
    case 'succeeded':
      return l10n.t('Succeeded');
    case 'failed':
      return l10n.t('Failed');
    case 'timedOut':
      return l10n.t('Timed out');
    case 'outOfMemory':
      return l10n.t('Out of memory');
  }
}
