import { l10n } from 'vscode';
import type { CopyCounts, CopyOrder } from '../../aws/copies/copies.ts';
import type { CopyPlan } from '../../aws/copies/planCopies.ts';
import { parentOf } from '../../aws/keySegments.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import { formatCount } from '../../vscode/formats.ts';
import { formatSize } from '../../vscode/sizes.ts';
import { commonPrefix } from '../transfers/commonPrefix.ts';

/** “12 objects (3.4 MB)”. */
export function amountText({ objects, bytes }: Pick<CopyPlan, 'objects' | 'bytes'>): string {
  return objects === 1
    ? l10n.t('1 object ({0})', formatSize(bytes))
    : l10n.t('{0} objects ({1})', formatCount(objects), formatSize(bytes));
}

/** Where all of it goes: the one place, or the prefix that they have in common. */
export function targetUri(orders: readonly CopyOrder[], bucket: string): string {
  return formatS3Uri({ bucket, key: targetKey(orders) });
}

export function targetKey(orders: readonly CopyOrder[]): string {
  const [first] = orders;
  if (orders.length === 1 && first) return first.to;
  return commonPrefix(orders.map(({ to }) => parentOf(to)));
}

/** The names of what is copied, each with its place. */
export function orderTexts(orders: readonly CopyOrder[]): string[] {
  return orders.map(order => `${formatS3Uri(order)} → ${order.to}`);
}

export function runningTitle(moves: boolean, objects: number, to: string): string {
  if (moves) {
    return objects === 1
      ? l10n.t('Moving 1 object to {0}', to)
      : l10n.t('Moving {0} objects to {1}', formatCount(objects), to);
  }
  return objects === 1
    ? l10n.t('Copying 1 object to {0}', to)
    : l10n.t('Copying {0} objects to {1}', formatCount(objects), to);
}

/** How far it is. */
export function progressText(
  { done, skipped, failed, bytes }: CopyCounts,
  plan?: CopyPlan,
): string {
  const ended = formatCount(done + skipped + failed);
  return plan
    ? l10n.t(
        '{0} of {1} objects ({2} of {3})',
        ...[ended, formatCount(plan.objects), formatSize(bytes), formatSize(plan.bytes)],
      )
    : l10n.t('{0} objects ({1})', ended, formatSize(bytes));
}

/** How far it came. */
export function doneText(moves: boolean, { done, skipped, failed }: CopyCounts): string {
  const all = formatCount(done + skipped + failed);
  const text = moves
    ? l10n.t('{0} of {1} objects were moved.', formatCount(done), all)
    : l10n.t('{0} of {1} objects were copied.', formatCount(done), all);
  return skipped === 0 ? text : `${text} ${skippedText(skipped)}`;
}

export function failedText(moves: boolean, { done, skipped, failed }: CopyCounts): string {
  const all = formatCount(done + skipped + failed);
  return moves
    ? l10n.t('{0} of {1} objects weren’t moved.', formatCount(failed), all)
    : l10n.t('{0} of {1} objects weren’t copied.', formatCount(failed), all);
}

/** What is said where all of it went well. */
export function successText(moves: boolean, { done, skipped }: CopyCounts, to: string): string {
  const count = formatCount(done);
  const text = moves
    ? done === 1
      ? l10n.t('Moved 1 object to {0}.', to)
      : l10n.t('Moved {0} objects to {1}.', count, to)
    : done === 1
      ? l10n.t('Copied 1 object to {0}.', to)
      : l10n.t('Copied {0} objects to {1}.', count, to);
  return skipped === 0 ? text : `${text} ${skippedText(skipped)}`;
}

/** What no copy in a bucket without Object Lock can keep. */
export function unlockedText(bucket: string): string {
  return l10n.t(
    'Some of the objects are protected by Object Lock. Their copies in {0} aren’t, because Object Lock isn’t enabled for that bucket.',
    bucket,
  );
}

function skippedText(skipped: number): string {
  return skipped === 1
    ? l10n.t('1 was skipped.')
    : l10n.t('{0} were skipped.', formatCount(skipped));
}
