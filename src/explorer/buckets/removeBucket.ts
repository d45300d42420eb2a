import { l10n, window } from 'vscode';
import { bucketLocks, type BucketLocks } from '../../aws/buckets/bucketLocks.ts';
import type { DeletionCount } from '../../aws/deletion/countForDeletion.ts';
import { BrigadeError } from '../../aws/errors.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { S3Location } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import { formatCount } from '../../vscode/formats.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { detailWithOwner as withAccount } from '../../vscode/ownerLabel.ts';
import { askText } from '../../vscode/prompts.ts';
import { formatSize } from '../../vscode/sizes.ts';
import { neutralizeLinks } from '../../vscode/neutralizeLinks.ts';
import { askLocation, sessionFor, type Explorer } from '../explorer.ts';
import { runEmptyBucket, type BucketRemoval } from './runEmptyBucket.ts';

/**
 * Empties a bucket, or deletes it with all that is in it: says first what that is, and wants its name
 * typed.
 */
export async function removeBucket(
  explorer: Explorer,
  target: S3Location | undefined,
  deletesBucket: boolean,
): Promise<void> {
  const session = await sessionFor(explorer, target);
  const bucket = await bucketOrAsk(explorer, session, target, deletesBucket);
  const { count, locks } = await lookInto(explorer, session, bucket);
  if (locks.mfaDelete) {
    const details = { subject: formatS3Uri({ bucket }), reason: 'MfaDelete' as const };
    throw new BrigadeError('AccessDenied', 'MFA delete is on', details);
  }
  const removal = { bucket, deletesBucket, count };
  if (!deletesBucket && isEmpty(count)) {
    void window.showInformationMessage(l10n.t('{0} is empty.', bucket));
    return;
  }
  await confirm(session, removal, locks);
  await askName(removal);
  await runEmptyBucket(explorer, session, removal);
}

/** A prefix that was added to the view stands there like a bucket, and is none. */
async function bucketOrAsk(
  explorer: Explorer,
  session: Session,
  target: S3Location | undefined,
  deletesBucket: boolean,
): Promise<string> {
  if (target && !target.key) return target.bucket;
  const title = deletesBucket ? l10n.t('Delete Bucket') : l10n.t('Empty Bucket');
  return (await askLocation(explorer, session, { title, kind: 'bucket' })).bucket;
}

async function lookInto(
  { worker }: Explorer,
  session: Session,
  bucket: string,
): Promise<{ count: DeletionCount; locks: BucketLocks }> {
  const { everythingIn } = await import('../../aws/deletion/emptyBucket.ts');
  const title = l10n.t('Counting what is in {0}', bucket);
  return await withCancellableProgress({ title }, async (signal, report) => {
    const client = await session.clients.s3ForBucket(bucket, signal);
    const locks = await bucketLocks(client, bucket, { signal });
    const onProgress = (count: DeletionCount): void =>
      report({ message: contents(count).join(', ') });
    const everything = await everythingIn(session.clients, bucket, { signal });
    const input = { selections: [everything], uploadsOf: bucket };
    const options = { title, signal, onProgress };
    return { count: await worker.run(session, 'countForDeletion', input, options), locks };
  });
}

function isEmpty({ objects, versions, markers, uploads = 0 }: DeletionCount): boolean {
  return objects + versions + markers + uploads === 0;
}

/** What is in a bucket, a part for each kind that there is. */
function contents({ objects, versions, markers, bytes, uploads = 0 }: DeletionCount): string[] {
  const parts: [number, string][] = [
    [objects, l10n.t('objects: {0}', formatCount(objects))],
    [versions, l10n.t('noncurrent versions: {0}', formatCount(versions))],
    [markers, l10n.t('delete markers: {0}', formatCount(markers))],
    [uploads, l10n.t('incomplete multipart uploads: {0}', formatCount(uploads))],
    [bytes, l10n.t('total size: {0}', formatSize(bytes))],
  ];
  return parts.flatMap(([count, text]) => (count > 0 ? [text] : []));
}

async function confirm(
  session: Session,
  { bucket, deletesBucket, count }: BucketRemoval,
  locks: BucketLocks,
): Promise<void> {
  const action = deletesBucket ? l10n.t('Delete Bucket…') : l10n.t('Empty Bucket…');
  const answer = await window.showWarningMessage(
    neutralizeLinks(questionOf(bucket, deletesBucket, isEmpty(count))),
    { modal: true, detail: withAccount(session, detailOf(count, locks, deletesBucket)) },
    action,
  );
  if (answer !== action) throw cancelled();
}

function questionOf(bucket: string, deletesBucket: boolean, empty: boolean): string {
  if (!deletesBucket) return l10n.t('Delete everything in {0}?', bucket);
  return empty
    ? l10n.t('Delete the empty bucket {0}?', bucket)
    : l10n.t('Delete {0} and everything in it?', bucket);
}

function detailOf(
  count: DeletionCount,
  { objectLock }: BucketLocks,
  deletesBucket: boolean,
): string {
  const lines = contents(count);
  if (count.uploads === undefined) {
    lines.push(
      l10n.t(
        'Incomplete multipart uploads can’t be listed. Missing permission: s3:ListBucketMultipartUploads.',
      ),
    );
  }
  if (lines.length > 0) lines.push('');
  lines.push(l10n.t('This can’t be undone.'));
  if (objectLock) {
    lines.push(
      l10n.t('Object Lock is on: versions under retention or legal hold can’t be deleted.'),
    );
  }
  if (deletesBucket) {
    lines.push(
      l10n.t('Its policy and settings are deleted too, and anyone can then use its name.'),
    );
  }
  return lines.join('\n');
}

async function askName({ bucket, deletesBucket }: BucketRemoval): Promise<void> {
  await askText({
    title: deletesBucket ? l10n.t('Delete Bucket') : l10n.t('Empty Bucket'),
    prompt: deletesBucket
      ? l10n.t('Type {0} to delete the bucket and everything in it', bucket)
      : l10n.t('Type {0} to delete everything in it', bucket),
    placeholder: bucket,
    validate: typed => (typed === bucket ? undefined : l10n.t('Type {0} to confirm', bucket)),
  });
}
