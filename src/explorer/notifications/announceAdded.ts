import { l10n, window } from 'vscode';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import { runCommand } from '../../vscode/runCommand.ts';
import { withoutLinks } from '../../vscode/withoutLinks.ts';
import type { CompleteDraft } from './draft.ts';
import { destinationName, eventNames } from './notificationText.ts';

/** Says whom a bucket tells of what now, and how to see it; resolves when the message is closed. */
export async function announceAdded(bucket: string, draft: CompleteDraft): Promise<void> {
  const { prefix, events } = draft;
  const text = withoutLinks(
    l10n.t(
      '{0} is told about {1} in {2} from now on.',
      destinationName(draft),
      eventNames(events),
      formatS3Uri({ bucket, key: prefix }),
    ),
  );
  const upload = l10n.t('Upload Files…');
  const isToldOfUploads = events.some(event => /^s3:ObjectCreated:(\*|Put)$/.test(event));
  const chosen = await window.showInformationMessage(text, ...(isToldOfUploads ? [upload] : []));
  if (chosen !== upload) return;
  // A prefix that is no folder is a beginning of names.
  const key = prefix.endsWith('/') ? { key: prefix } : {};
  await runCommand('bucketBrigade.explorer.upload', { bucket, ...key });
}
