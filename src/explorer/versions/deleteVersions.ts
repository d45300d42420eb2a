import { l10n, window } from 'vscode';
import type { VersionLocation } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import { detailWithOwner as withAccount } from '../../vscode/ownerLabel.ts';
import { formatCount } from '../../vscode/formats.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { ownerOf, sessionOf } from '../../vscode/sessionOwner.ts';
import { neutralizeLinks } from '../../vscode/neutralizeLinks.ts';
import { sessionFor, type Explorer } from '../explorer.ts';
import { runBatch, type BatchOutcome, type Failure } from '../../aws/transfers/batch.ts';
import { nameList } from '../transfers/confirmOverwrite.ts';
import { reportFailures } from '../transfers/reportFailures.ts';
import { isMarker } from './openVersions.ts';
import { refreshVersions } from './restoreVersions.ts';
import { versionName } from './versionUri.ts';

/** A request has as many at most; those of later ones are left when it is called off. */
const REQUEST_SIZE = 1000;
/** How long a success stays in the status bar, in milliseconds. */
const SUCCESS_SHOWN = 5000;

/** Deletes versions and delete markers, which can't be undone: asks, naming each. */
export async function deleteVersionsPermanently(
  explorer: Explorer,
  versions: readonly (VersionLocation & { readonly skipConfirmation?: boolean })[],
): Promise<void> {
  if (versions.length === 0) return;
  const session = await sessionFor(explorer, versions[0]);
  if (!versions.every(({ skipConfirmation }) => skipConfirmation)) {
    await confirmDelete(session, versions);
  }
  await deleteAll(explorer, session, versions);
}

async function confirmDelete(
  session: Session,
  versions: readonly VersionLocation[],
): Promise<void> {
  const remove = l10n.t('Delete Permanently');
  const [first] = versions;
  const question =
    versions.length === 1 && first
      ? l10n.t('Delete {0} permanently?', versionName(first))
      : l10n.t('Delete {0} versions permanently?', formatCount(versions.length));
  const answer = await window.showWarningMessage(
    neutralizeLinks(question),
    { modal: true, detail: withAccount(session, detailOf(versions)) },
    remove,
  );
  if (answer !== remove) throw cancelled();
}

function detailOf(versions: readonly VersionLocation[]): string {
  const markers = versions.filter(isMarker).length;
  return [
    ...(versions.length === 1 ? [] : [nameList(versions.map(versionName))]),
    ...(markers < versions.length ? [l10n.t('This can’t be undone.')] : []),
    ...(markers > 0
      ? [l10n.t('If the newest version is a delete marker, the version before it becomes current.')]
      : []),
  ].join('\n\n');
}

async function deleteAll(
  explorer: Explorer,
  session: Session,
  versions: readonly VersionLocation[],
): Promise<void> {
  const owner = ownerOf(session);
  const title =
    versions.length === 1
      ? l10n.t('Deleting 1 version')
      : l10n.t('Deleting {0} versions', formatCount(versions.length));
  const outcome = await withCancellableProgress({ title }, signal =>
    deleteInRequests(session, versions, signal),
  );
  refreshVersions(explorer, versions);
  const { done, failed } = outcome;
  if (done.length === versions.length) {
    const text =
      done.length === 1
        ? l10n.t('Deleted 1 version permanently.')
        : l10n.t('Deleted {0} versions permanently.', formatCount(done.length));
    window.setStatusBarMessage(`$(trash) ${text}`, SUCCESS_SHOWN);
  }
  void reportFailures({
    outcome,
    doneText: l10n.t('{0} of {1} versions were deleted.', done.length, versions.length),
    failedText: l10n.t('{0} of {1} versions weren’t deleted.', failed.length, versions.length),
    nameOf: versionName,
    again: async rest => deleteAll(explorer, await sessionOf(explorer.connections, owner), rest),
  });
}

/**
 * Deletes versions by the thousand; each ends up in the outcome by itself. Never rejects.
 *
 * @param versions of any buckets
 */
export async function deleteInRequests<T extends VersionLocation>(
  session: Session,
  versions: readonly T[],
  signal: AbortSignal,
): Promise<BatchOutcome<T>> {
  const requests = [...Map.groupBy(versions, ({ bucket }) => bucket).values()].flatMap(inRequests);
  const failed: Failure<T>[] = [];
  const outcome = await runBatch(
    requests,
    1,
    signal,
    async request => {
      const [{ deleteBatch }, { Pace }] = await Promise.all([
        import('../../aws/deletion/deleteBatch.ts'),
        import('../../aws/pace.ts'),
      ]);
      const bucket = request[0]?.bucket ?? '';
      const client = await session.clients.s3ForBucket(bucket, signal);
      const pace = new Pace({ most: 1 });
      const result = await deleteBatch(client, { bucket, items: request }, { signal, pace });
      const errors = new Map(result.failed.map(({ item, error }) => [item, error]));
      for (const item of request) {
        const error = errors.get(item);
        if (error) failed.push({ item, error });
      }
    },
    ([first]) => first?.bucket ?? '',
  );
  for (const { item, error } of outcome.failed)
    failed.push(...item.map(one => ({ item: one, error })));
  const refused = new Set(failed.map(({ item }) => item));
  const done = outcome.done.flat().filter(item => !refused.has(item));
  return { ...outcome, done, failed, left: outcome.left.flat() };
}

function inRequests<T>(items: readonly T[]): (readonly T[])[] {
  const count = Math.ceil(items.length / REQUEST_SIZE);
  return Array.from({ length: count }, (_, index) =>
    items.slice(index * REQUEST_SIZE, (index + 1) * REQUEST_SIZE),
  );
}
