import { randomUUID } from 'node:crypto';
import { l10n, Uri, window } from 'vscode';
import type { DeletionCount } from '../../aws/deletion/countForDeletion.ts';
import type {
  EmptyBucketInput,
  EmptyBucketProgress,
  EmptyBucketResult,
} from '../../aws/deletion/emptyBucket.ts';
import { fromErrorFacts } from '../../aws/errorFacts.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { Session } from '../../services.ts';
import { describeError } from '../../vscode/describeError.ts';
import { formatCount } from '../../vscode/formats.ts';
import { ownerOf, sessionOf } from '../../vscode/sessionOwner.ts';
import { showError } from '../../vscode/showError.ts';
import { neutralizeLinks } from '../../vscode/neutralizeLinks.ts';
import { progressText } from '../deletion/deletionTexts.ts';
import { idOfFolder, DeleteHistory } from '../deletion/deleteHistory.ts';
import type { Explorer } from '../explorer.ts';
import type { RunningTransfer, TransferEnd } from '../transferList/transfer.ts';

/** A confirmed removal: all objects of a bucket, and the bucket itself if `deletesBucket`. */
export interface BucketRemoval {
  readonly bucket: string;
  readonly deletesBucket: boolean;
  readonly count: DeletionCount;
}

/** Empties a bucket, and deletes it if that was confirmed, as a row of Transfers. @throws BrigadeError */
export async function runEmptyBucket(
  explorer: Explorer,
  session: Session,
  removal: BucketRemoval,
): Promise<void> {
  const { bucket, deletesBucket, count } = removal;
  const owner = ownerOf(session);
  const pasts = new DeleteHistory(explorer.storage);
  const id = randomUUID();
  const items = count.objects + count.versions + count.markers;
  const agreedAt = new Date().toISOString();
  const place = formatS3Uri({ bucket });
  await pasts.begin(id, { owner, place, shown: [], agreedAt, objects: items });
  const title = deletesBucket ? l10n.t('Deleting {0}', bucket) : l10n.t('Emptying {0}', bucket);
  const input = { bucket, deletesBucket, folder: pasts.folderOf(id) };
  const again = async (): Promise<void> => {
    const now = await sessionOf(explorer.connections, owner);
    await runEmptyBucket(explorer, now, removal);
  };
  const run = async ({ signal, report }: RunningTransfer): Promise<EmptyBucketResult> => {
    const onProgress = (progress: EmptyBucketProgress): void =>
      report({ message: progressText(progress), items: progress.deleted + progress.failed });
    return await explorer.worker.run(session, 'emptyBucket', input, { title, signal, onProgress });
  };
  const start = { kind: 'delete' as const, title, owner, from: place };
  const total = { items, bytes: count.bytes };
  const result = await explorer.transfers.track({ ...start, total }, run, ended =>
    endOf(ended, again),
  );
  void showResult(explorer, session, { id, bucket, deletesBucket, result, again });
}

function endOf(result: EmptyBucketResult, again: () => Promise<void>): TransferEnd {
  const { failures, failed, cancelled, refilled } = result;
  return {
    failed: failures.map(({ key, error }) => ({ name: key, error: fromErrorFacts(error) })),
    ...{ failedCount: failed, isCancelled: cancelled },
    ...((cancelled || refilled || failed > 0) && { retry: again }),
  };
}

interface Ended {
  readonly id: string;
  readonly bucket: string;
  readonly deletesBucket: boolean;
  readonly result: EmptyBucketResult;
  /** Absent where nobody waits for it any more. */
  readonly again?: () => Promise<void>;
}

/** Shows the result of one that ended while nothing waited for it. */
export async function presentEndedEmptying(
  explorer: Explorer,
  session: Session,
  { bucket, deletesBucket, folder }: EmptyBucketInput,
  result: EmptyBucketResult,
): Promise<void> {
  await showResult(explorer, session, { id: idOfFolder(folder), bucket, deletesBucket, result });
}

async function showResult(explorer: Explorer, session: Session, ended: Ended): Promise<void> {
  try {
    const { id, bucket, result, again } = ended;
    await new DeleteHistory(explorer.storage).end(id, { markers: 0, failed: result.failed });
    if (result.bucketDeleted) {
      session.clients.rememberRegion(bucket, undefined);
      await explorer.pins.remove(session, { bucket });
      explorer.tree.refresh();
    } else {
      explorer.tree.refresh({ bucket });
    }
    const { text, button } = outcomeOf(ended);
    const list = l10n.t('Open List');
    const { failuresFile } = result;
    if (button === undefined || !again) {
      void window.showInformationMessage(neutralizeLinks(text));
      return;
    }
    const buttons = failuresFile === undefined ? [button] : [button, list];
    const answer = await window.showWarningMessage(neutralizeLinks(text), ...buttons);
    if (answer === button) await again();
    if (answer === list && failuresFile) await window.showTextDocument(Uri.file(failuresFile));
  } catch (error) {
    void showError(error);
  }
}

/** What happened to it, and what continues it where it is not done. */
function outcomeOf({ bucket, deletesBucket, result }: Ended): { text: string; button?: string } {
  const { bucketDeleted, cancelled, failed, refilled, deleted, failures } = result;
  const done = l10n.t(
    '{0} objects, versions and delete markers were deleted from {1}.',
    formatCount(deleted),
    bucket,
  );
  const left = deletesBucket ? ` ${l10n.t('The bucket itself wasn’t deleted.')}` : '';
  const denied = result.uploadsDenied
    ? ` ${l10n.t('Incomplete multipart uploads couldn’t be aborted. Missing permission: s3:ListBucketMultipartUploads or s3:AbortMultipartUpload.')}`
    : '';
  const retry = l10n.t('Retry');
  if (bucketDeleted) return { text: l10n.t('Deleted the bucket {0}.', bucket) };
  if (cancelled) {
    return { text: l10n.t('Cancelled. {0}', done + left), button: l10n.t('Continue') };
  }
  if (failed > 0) {
    const [first] = failures;
    const why = first ? describeError(fromErrorFacts(first.error)) : '';
    const count = l10n.t('{0} couldn’t be deleted.', formatCount(failed));
    return { text: `${done} ${count}${left} ${why}`, button: retry };
  }
  if (refilled) {
    const text = l10n.t('Something is writing to {0} while it is being emptied.', bucket);
    return { text: `${text} ${done}${left}`, button: retry };
  }
  return { text: done + denied };
}
