import { FileSystemError, l10n, window } from 'vscode';
import type { AwsClients } from '../../aws/clients.ts';
import type { UploadJournal } from '../../aws/objects/multipartUploads.ts';
import type {
  MoveRequest,
  MoveOutcome,
  UnmovedObject,
} from '../../aws/objects/rewrite/moveObjects.ts';
import type { Place } from '../../aws/objects/rewrite/place.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import { describeError } from '../../vscode/describeError.ts';
import { errorForLog } from '../../vscode/errorLog.ts';
import { log } from '../../vscode/log.ts';

/** Names of what failed in one message; the log has all of them. */
const MAX_NAMED = 5;
/** How long a remark stays in the status bar, in milliseconds. */
const REMARK_SHOWN = 10_000;

/** Copies an object or all below a prefix. @throws FileSystemError naming what was not copied */
export async function copyFiles(
  clients: AwsClients,
  journey: MoveRequest,
  journal: UploadJournal,
): Promise<void> {
  const { copyObjects } = await import('../../aws/objects/rewrite/moveObjects.ts');
  const { done, stayed } = await copyObjects(clients, journey, { journal });
  if (stayed.length === 0) return;
  throw failureOf(
    stayed,
    journey.from.isPrefix
      ? l10n.t('{0} of {1} objects weren’t copied.', stayed.length, done.length + stayed.length)
      : l10n.t('{0} wasn’t copied.', formatS3Uri(journey.from)),
  );
}

/**
 * Moves an object or all below a prefix.
 *
 * @throws FileSystemError naming what was not moved, which is then still where it was
 */
export async function moveFiles(
  clients: AwsClients,
  journey: MoveRequest,
  journal: UploadJournal,
): Promise<void> {
  const { moveObjects } = await import('../../aws/objects/rewrite/moveObjects.ts');
  const outcome = await moveObjects(clients, journey, { journal });
  if (outcome.stayed.length > 0) throw failureOf(outcome.stayed, moveSummary(journey, outcome));
  if (!outcome.hasVersions) return;
  const remark = l10n.t('Moved. Older versions stay at {0}.', formatS3Uri(journey.from));
  window.setStatusBarMessage(`$(history) ${remark}`, REMARK_SHOWN);
}

function moveSummary({ from, to }: MoveRequest, { done, leftCopies }: MoveOutcome): string {
  const where = formatS3Uri(from);
  const what =
    done.length === 0
      ? l10n.t('Nothing was moved from {0}.', where)
      : l10n.t('{0} objects were moved, the rest is still in {1}.', done.length, where);
  if (leftCopies.length === 0) return what;
  const copies = leftCopies.map(key => formatS3Uri({ bucket: to.bucket, key }));
  return l10n.t('{0} Copies weren’t deleted: {1}.', what, named(copies));
}

/** Deletes objects as they were listed. @throws FileSystemError naming what was not deleted */
export async function deleteFiles(clients: AwsClients, place: Place): Promise<void> {
  const { deleteUnchanged } = await import('../../aws/objects/rewrite/deleteUnchanged.ts');
  const { listPlace } = await import('../../aws/objects/rewrite/place.ts');
  const { bucket } = place;
  const client = await clients.s3ForBucket(bucket);
  const objects = await listPlace(client, place);
  const { deleted, failed } = await deleteUnchanged(client, { bucket, objects });
  if (failed.length === 0) return;
  throw failureOf(
    failed,
    l10n.t('{0} of {1} objects weren’t deleted.', failed.length, deleted.length + failed.length),
  );
}

/** One error for all of them: the file system can throw only one. */
function failureOf(failed: readonly UnmovedObject[], summary: string): FileSystemError {
  for (const { key, error } of failed) log.error(`${key}: ${errorForLog(error)}`);
  const error = FileSystemError.Unavailable(
    `${summary} ${named(failed.map(each => describeError(each.error)))}`,
  );
  error.cause = failed[0]?.error;
  return error;
}

function named(texts: readonly string[]): string {
  const shown = [...new Set(texts)].slice(0, MAX_NAMED);
  const more = new Set(texts).size - shown.length;
  const list = shown.join(' ');
  return more > 0 ? l10n.t('{0} … and {1} more; see the log for all.', list, more) : list;
}
