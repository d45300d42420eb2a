import { l10n } from 'vscode';
import type { NotificationDetail, StepDetail } from '../../aws/deployment/step.ts';
import { eventLabel } from '../eventText.ts';
import { formatList } from '../formats.ts';

/** A line of the details of a step; what is in AWS's own terms stays as it is. */
export function detailText(detail: StepDetail): string {
  if (typeof detail === 'string') return detail;
  switch (detail.kind) {
    case 'region':
      return l10n.t('Region: {0}', detail.region);
    case 'tag':
      return l10n.t('Tag: {0} = {1}', detail.key, detail.value);
    case 'sourceBucket':
      return l10n.t('Also the source bucket');
    case 'allContents':
      return l10n.t('All objects, versions and incomplete multipart uploads in it');
    case 'defaultBefore':
      return l10n.t('{0}: {1} (default) → {2}', detail.name, detail.before, detail.after);
    case 'defaultAfter':
      return l10n.t('{0}: {1} → {2} (default)', detail.name, detail.before, detail.after);
    case 'notification': {
      const text = notificationText(detail);
      return detail.isRemoved ? l10n.t('Removed: {0}', text) : text;
    }
  }
}

function notificationText({ id, events, prefix, suffix, arn }: NotificationDetail): string {
  const what = formatList(events.map(eventLabel));
  if (prefix !== '' && suffix !== '') {
    return l10n.t('{0}: {1} (prefix {2}, suffix {3}) → {4}', id, what, prefix, suffix, arn);
  }
  if (prefix !== '') return l10n.t('{0}: {1} (prefix {2}) → {3}', id, what, prefix, arn);
  if (suffix !== '') return l10n.t('{0}: {1} (suffix {2}) → {3}', id, what, suffix, arn);
  return `${id}: ${what} → ${arn}`;
}
