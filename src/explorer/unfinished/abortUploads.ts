import { l10n, window } from 'vscode';
import { abortUpload } from '../../aws/objects/unfinishedUploads.ts';
import type { Session } from '../../services.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import { formatCount, formatDate } from '../../vscode/formats.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { pickMany } from '../../vscode/prompts.ts';
import { ownerOf, sessionOf } from '../../vscode/sessionOwner.ts';
import { formatSize } from '../../vscode/sizes.ts';
import { visibleLabel } from '../../vscode/visibleText.ts';
import { neutralizeLinks } from '../../vscode/neutralizeLinks.ts';
import type { Explorer } from '../explorer.ts';
import { runBatch } from '../../aws/transfers/batch.ts';
import { nameList } from '../transfers/confirmOverwrite.ts';
import { reportFailures } from '../transfers/reportFailures.ts';
import { mayBeWorking, type UploadEntry } from './unfinishedModel.ts';

const ABORTS_AT_A_TIME = 8;

/** Which of them; those that run are not chosen from the start. @throws BrigadeError `Cancelled` */
export async function chooseUploads(
  entries: readonly UploadEntry[],
): Promise<readonly UploadEntry[]> {
  const chosen = await pickMany({
    title: l10n.t('Abort Uploads'),
    placeholder: l10n.t('Select the uploads to abort. Their parts are deleted.'),
    items: entries.map(entry => ({
      label: visibleLabel(entry.upload.key),
      description: [
        ...(entry.bytes === undefined ? [] : [formatSize(entry.bytes)]),
        ...(entry.upload.initiated ? [formatDate(entry.upload.initiated)] : []),
      ].join(' · '),
      ...(entry.isWorking && { detail: l10n.t('Being uploaded now') }),
      entry,
    })),
    picked: ({ entry }) => !entry.isWorking,
  });
  return chosen.map(({ entry }) => entry);
}

/**
 * Asks, and deletes the parts of these uploads.
 *
 * @throws BrigadeError `Cancelled`
 */
export async function abortChosen(
  explorer: Explorer,
  session: Session,
  entries: readonly UploadEntry[],
): Promise<void> {
  if (entries.length === 0) throw cancelled();
  await confirmAbort(entries);
  await abortAll(explorer, session, entries);
}

async function abortAll(
  explorer: Explorer,
  session: Session,
  entries: readonly UploadEntry[],
): Promise<void> {
  const owner = ownerOf(session);
  const journal = explorer.uploads.of(session);
  const total = entries.length;
  const title = l10n.t('Aborting {0} uploads', formatCount(total));
  const outcome = await withCancellableProgress({ title }, (signal, report) => {
    let done = 0;
    return runBatch(entries, ABORTS_AT_A_TIME, signal, async ({ upload }) => {
      const client = await session.clients.s3ForBucket(upload.bucket, signal);
      await abortUpload(client, upload, { signal });
      journal.end(upload);
      done++;
      report({ message: l10n.t('{0} of {1}', done, total), fraction: done / total });
    });
  });
  void reportFailures({
    outcome,
    doneText: l10n.t('{0} of {1} uploads were aborted.', outcome.done.length, total),
    failedText: l10n.t('{0} of {1} uploads weren’t aborted.', outcome.failed.length, total),
    nameOf: ({ upload }) => upload.key,
    again: async rest => abortAll(explorer, await sessionOf(explorer.connections, owner), rest),
  });
}

async function confirmAbort(entries: readonly UploadEntry[]): Promise<void> {
  const [first] = entries;
  const bytes = entries.reduce((sum, entry) => sum + (entry.bytes ?? 0), 0);
  const isExact = entries.every(entry => entry.bytes !== undefined);
  const running = entries.filter(({ isWorking }) => isWorking).length;
  const elsewhere = entries.filter(entry => mayBeWorking(entry, new Date())).length;
  const abort = l10n.t('Abort');
  const bucket = first?.upload.bucket ?? '';
  const question =
    entries.length === 1
      ? l10n.t('Abort the upload of {0} to {1}?', first?.upload.key ?? '', bucket)
      : l10n.t('Abort {0} uploads to {1}?', formatCount(entries.length), bucket);
  const size = formatSize(bytes);
  const detail = [
    ...(entries.length === 1 ? [] : [nameList(entries.map(({ upload }) => upload.key))]),
    isExact
      ? l10n.t('Their parts ({0}) are deleted. This can’t be undone.', size)
      : l10n.t('Their parts ({0} or more) are deleted. This can’t be undone.', size),
    ...(running > 0
      ? [l10n.t('{0} of them are being uploaded now and will fail.', formatCount(running))]
      : []),
    ...(elsewhere > 0
      ? [
          l10n.t(
            '{0} of them started or received a part within the last hour. Another computer or program may be uploading them.',
            formatCount(elsewhere),
          ),
        ]
      : []),
  ];
  const answer = await window.showWarningMessage(
    neutralizeLinks(question),
    { modal: true, detail: detail.join('\n\n') },
    abort,
  );
  if (answer !== abort) throw cancelled();
}
