import { l10n, window } from 'vscode';
import { recoverFrom } from '../../aws/call.ts';
import { functionRegion } from '../../aws/functionArn.ts';
import {
  causesLoop,
  overlaps,
  type BucketNotification,
} from '../../aws/notifications/notification.ts';
import {
  MAX_FILTER_BYTES,
  MAX_NOTIFICATIONS,
  isFilterTooLong,
} from '../../aws/notifications/notificationRules.ts';
import { writtenKeys } from '../../aws/resizeFunction/resizeProblems.ts';
import { DESTINATION_VARIABLE } from '../../aws/resizeFunction/resizeSettings.ts';
import type { Session } from '../../services.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { EVERY_KEY, type CompleteDraft, type KeyFilter } from './draft.ts';
import { summary } from './notificationSummary.ts';
import { destinationName, keyPattern } from './notificationText.ts';

function textProblem(text: string): string | undefined {
  if (text.includes('*')) {
    return l10n.t('S3 doesn’t support wildcards within a prefix or suffix.');
  }
  if (isFilterTooLong(text)) {
    return l10n.t('Longer than the {0} bytes that S3 allows after encoding.', MAX_FILTER_BYTES);
  }
  return undefined;
}

/**
 * What S3 would refuse of new entries with these filters.
 *
 * @param others the entries that the bucket keeps
 */
export function filtersProblem(
  filters: readonly KeyFilter[],
  events: readonly string[],
  others: readonly BucketNotification[],
): string | undefined {
  const texts = filters.flatMap(({ prefix, suffix }) => [prefix, suffix]);
  const wrong = texts.map(textProblem).find(problem => problem !== undefined);
  if (wrong !== undefined) return wrong;
  const scopes = (filters.length === 0 ? [EVERY_KEY] : filters).map(each => ({ ...each, events }));
  if (others.length + scopes.length > MAX_NOTIFICATIONS) {
    return l10n.t('A bucket can have up to {0} event notifications.', MAX_NOTIFICATIONS);
  }
  for (const [index, scope] of scopes.entries()) {
    const clash = scopes.slice(index + 1).find(each => overlaps(scope, each));
    if (clash) {
      const names = [keyPattern(scope), keyPattern(clash)];
      return l10n.t('{0} and {1} overlap: a key could match both.', ...names);
    }
    const other = others.find(one => overlaps(one, scope));
    if (other) return overlapText(other);
  }
  return undefined;
}

/** Says which entry is in the way. */
export function overlapText(other: BucketNotification): string {
  return l10n.t(
    'S3 sends an event to one destination only. This overlaps with {0}: {1}',
    destinationName(other),
    summary(other),
  );
}

/**
 * Warns when the function that will be invoked is known to write what would invoke it again.
 * Only what its environment says can be known: `DESTINATION_BUCKET`, and `KEY_TEMPLATE` up to the
 * first placeholder.
 *
 * @throws BrigadeError `Cancelled` when it is not wanted then
 */
export async function warnOfLoop(
  session: Session,
  bucket: string,
  draft: CompleteDraft,
): Promise<void> {
  if (draft.destination.kind !== 'lambda' || !(await isLoop(session, bucket, draft))) return;
  const anyway = l10n.t('Use Anyway');
  const chosen = await window.showWarningMessage(
    l10n.t('{0} writes to {1}.', destinationName(draft), bucket),
    {
      modal: true,
      detail: l10n.t(
        'Its output would invoke it again in an endless loop. Choose another prefix, or another bucket for its output.',
      ),
    },
    anyway,
  );
  if (chosen !== anyway) throw cancelled();
}

async function isLoop(session: Session, bucket: string, draft: CompleteDraft): Promise<boolean> {
  const variables = await environmentOf(session, draft.destination.arn);
  if (variables[DESTINATION_VARIABLE] === undefined) return false;
  const written = writtenKeys(variables, bucket);
  const filters = draft.filters.length === 0 ? [EVERY_KEY] : draft.filters;
  return filters.some(filter => causesLoop({ bucket, ...draft, ...filter }, written));
}

/** Nothing where the function may not be read or is not there: S3 will say so. */
async function environmentOf(session: Session, arn: string): Promise<Record<string, string>> {
  const { getFunctionConfiguration } = await import('../../aws/functions/functions.ts');
  const address = { functionName: arn, region: functionRegion(arn) };
  const title = l10n.t('Checking {0}', arn);
  const found = await recoverFrom(['AccessDenied', 'NotFound'], undefined, () =>
    withCancellableProgress({ title }, signal =>
      getFunctionConfiguration(session.clients, address, { signal }),
    ),
  );
  return found?.environment ?? {};
}
