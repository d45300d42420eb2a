import { l10n, window } from 'vscode';
import { runCommand } from '../../vscode/runCommand.ts';
import { withoutLinks } from '../../vscode/withoutLinks.ts';
import type { CompleteDraft } from './draft.ts';
import { formatFilters } from './keyFilters.ts';
import { destinationName, eventNames } from './notificationText.ts';

/** Says what a bucket now notifies, and how to see it; resolves when the message is closed. */
export async function announceAdded(bucket: string, draft: CompleteDraft): Promise<void> {
  const { filters, events } = draft;
  const keys = formatFilters(filters);
  const name = destinationName(draft);
  const text = withoutLinks(
    keys === ''
      ? l10n.t('{0} now gets {1} events of {2}.', name, eventNames(events), bucket)
      : l10n.t('{0} now gets {1} events of {2}: {3}', name, eventNames(events), bucket, keys),
  );
  const upload = l10n.t('Upload Files…');
  const isToldOfUploads = events.some(event => /^s3:ObjectCreated:(\*|Put)$/.test(event));
  const chosen = await window.showInformationMessage(text, ...(isToldOfUploads ? [upload] : []));
  if (chosen !== upload) return;
  const [{ prefix } = { prefix: '' }] = filters;
  // A prefix that is no folder is a beginning of names.
  const key = prefix.endsWith('/') ? { key: prefix } : {};
  await runCommand('bucketBrigade.explorer.upload', { bucket, ...key });
}
