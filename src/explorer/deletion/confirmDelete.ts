import { l10n, window } from 'vscode';
import type { DeletionCount } from '../../aws/deletion/countForDeletion.ts';
import type { BucketVersioning } from '../../aws/objects/objectVersions.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { Session } from '../../services.ts';
import { cancelled, isCancellation } from '../../vscode/cancellation.ts';
import { detailWithOwner as withAccount } from '../../vscode/ownerLabel.ts';
import { formatCount, formatList } from '../../vscode/formats.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { formatSize } from '../../vscode/sizes.ts';
import { neutralizeLinks } from '../../vscode/neutralizeLinks.ts';
import { isFatal } from '../../aws/interruption.ts';
import { nameList } from '../transfers/confirmOverwrite.ts';
import { bucketsOf, namesOf, type DeletionScope } from './deletionScope.ts';

/** Whether the buckets keep versions; absent where that may not be asked. */
export type VersioningOf = ReadonlyMap<string, BucketVersioning>;

/** Asks, and says what S3 will really do: it depends on whether the bucket keeps versions. */
export async function confirmDelete(
  session: Session,
  scope: DeletionScope,
  { objects, bytes }: Pick<DeletionCount, 'objects' | 'bytes'>,
  versioning: VersioningOf,
): Promise<void> {
  const remove = l10n.t('Delete');
  const warnings = bucketsOf(scope).map(bucket => deletionText(bucket, versioning.get(bucket)));
  const size = objects > 1 && bytes > 0 ? [l10n.t('Total size: {0}', formatSize(bytes))] : [];
  const names = isOneObject(scope) ? [] : [nameList(namesOf(scope)), ''];
  const detail = [...names, ...size, ...new Set(warnings)].join('\n');
  const answer = await window.showWarningMessage(
    neutralizeLinks(question(scope, objects)),
    { modal: true, detail: withAccount(session, detail) },
    remove,
  );
  if (answer !== remove) throw cancelled();
}

function isOneObject({ objects, prefixes }: DeletionScope): boolean {
  return objects.length === 1 && prefixes.length === 0;
}

function question(scope: DeletionScope, count: number): string {
  const [object] = scope.objects;
  const [prefix] = scope.prefixes;
  if (object && isOneObject(scope)) return l10n.t('Delete {0}?', formatS3Uri(object));
  if (prefix && scope.prefixes.length === 1 && scope.objects.length === 0) {
    const place = formatS3Uri(prefix);
    return count === 1
      ? l10n.t('Delete the only object under {0}?', place)
      : l10n.t('Delete all {0} objects under {1}?', formatCount(count), place);
  }
  const buckets = formatList(bucketsOf(scope));
  return count === 1
    ? l10n.t('Delete 1 object from {0}?', buckets)
    : l10n.t('Delete {0} objects from {1}?', formatCount(count), buckets);
}

/** Reads whether buckets keep versions, under a progress. @throws BrigadeError what ends all */
export async function readVersioning(
  session: Session,
  buckets: readonly string[],
): Promise<VersioningOf> {
  const { bucketVersioning } = await import('../../aws/objects/objectVersions.ts');
  const known = new Map<string, BucketVersioning>();
  const title = l10n.t('Checking the versioning of the bucket');
  await withCancellableProgress({ title }, async signal => {
    for (const bucket of buckets) {
      try {
        const client = await session.clients.s3ForBucket(bucket, signal);
        known.set(bucket, await bucketVersioning(client, bucket, { signal }));
      } catch (error) {
        // Many may delete who may not look, and some other services have no versions to ask for.
        if (isCancellation(error) || isFatal(error)) throw error;
      }
    }
  });
  return known;
}

function deletionText(bucket: string, versioning: BucketVersioning | undefined): string {
  switch (versioning) {
    case 'Enabled':
      return l10n.t(
        'Versioning is on in {0}: S3 adds a delete marker and keeps all versions, which are still charged. Undo Delete removes the delete markers again.',
        bucket,
      );
    case 'Suspended':
      return l10n.t(
        'Versioning is suspended in {0}: versions from the time it was on are kept. An object without such versions is deleted permanently.',
        bucket,
      );
    case 'Off':
      return l10n.t('This can’t be undone: versioning is off in {0}.', bucket);
    case undefined:
      return l10n.t(
        'This can’t be undone unless versioning is on in {0}. That couldn’t be checked (s3:GetBucketVersioning).',
        bucket,
      );
  }
}
