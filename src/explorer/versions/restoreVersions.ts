import { l10n, window } from 'vscode';
import { recoverFrom } from '../../aws/call.ts';
import { BrigadeError } from '../../aws/errors.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { VersionLocation } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import { formatCount } from '../../vscode/formats.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { ownerOf, sessionOf } from '../../vscode/sessionOwner.ts';
import { neutralizeLinks } from '../../vscode/neutralizeLinks.ts';
import { sessionFor, type Explorer } from '../explorer.ts';
import { transferConcurrency } from '../settings.ts';
import { runBatch } from '../../aws/transfers/batch.ts';
import { nameList } from '../transfers/confirmOverwrite.ts';
import { reportFailures } from '../transfers/reportFailures.ts';
import { isMarker } from './openVersions.ts';
import { versionName } from './versionUri.ts';

/** How long a success stays in the status bar, in milliseconds. */
const SUCCESS_SHOWN = 5000;

/** Makes versions current again by copying each over the current one. */
export async function restoreVersions(
  explorer: Explorer,
  selected: readonly VersionLocation[],
): Promise<void> {
  const versions = selected.filter(one => !isMarker(one));
  const objects = new Set(versions.map(formatS3Uri));
  if (objects.size < versions.length) {
    throw new BrigadeError('InvalidInput', l10n.t('Select one version of each object to restore.'));
  }
  if (versions.length === 0) return;
  const session = await sessionFor(explorer, versions[0]);
  await confirmRestore(session, versions);
  await restoreAll(explorer, session, versions);
}

/** Asks for confirmation where something could be lost, or where many objects are written. */
async function confirmRestore(
  session: Session,
  versions: readonly VersionLocation[],
): Promise<void> {
  const replacing = await bucketsThatReplace(session, versions);
  if (versions.length === 1 && replacing.length === 0) return;
  const restore = l10n.t('Restore');
  const question =
    versions.length === 1
      ? l10n.t('Restore {0}?', versions.map(versionName).join())
      : l10n.t('Restore a version of {0} objects?', formatCount(versions.length));
  const warning = replacing.map(bucket =>
    l10n.t(
      'Versioning is off or suspended in {0}: the copy replaces the null version. If that is the current version, this can’t be undone.',
      bucket,
    ),
  );
  const names = versions.length === 1 ? [] : [nameList(versions.map(versionName))];
  const detail = [...names, ...warning].join('\n\n');
  const answer = await window.showWarningMessage(
    neutralizeLinks(question),
    { modal: true, detail },
    restore,
  );
  if (answer !== restore) throw cancelled();
}

async function bucketsThatReplace(
  session: Session,
  versions: readonly VersionLocation[],
): Promise<readonly string[]> {
  const { bucketVersioning } = await import('../../aws/objects/objectVersions.ts');
  const title = l10n.t('Checking the versioning of the bucket');
  return await withCancellableProgress({ title }, async signal => {
    const buckets = [...new Set(versions.map(({ bucket }) => bucket))];
    const answers = await Promise.all(
      buckets.map(async bucket => {
        const client = await session.clients.s3ForBucket(bucket, signal);
        return await recoverFrom(['AccessDenied'], undefined, () =>
          bucketVersioning(client, bucket, { signal }),
        );
      }),
    );
    return buckets.filter((_, index) => answers[index] !== 'Enabled');
  });
}

async function restoreAll(
  explorer: Explorer,
  session: Session,
  versions: readonly VersionLocation[],
): Promise<void> {
  const owner = ownerOf(session);
  const { restoreVersion } = await import('../../aws/objects/versions/restoreVersion.ts');
  const journal = explorer.uploads.of(session);
  const title =
    versions.length === 1
      ? l10n.t('Restoring {0}', versions.map(versionName).join())
      : l10n.t('Restoring {0} versions', formatCount(versions.length));
  const outcome = await withCancellableProgress({ title }, (signal, report) => {
    let done = 0;
    return runBatch(
      versions,
      transferConcurrency(),
      signal,
      async version => {
        await restoreVersion(session.clients, version, { signal, journal });
        report({ fraction: ++done / versions.length });
      },
      ({ bucket }) => bucket,
    );
  });
  refreshVersions(explorer, versions);
  const count = outcome.done.length;
  if (count === versions.length) {
    const text =
      count === 1 ? l10n.t('Restored 1 version.') : l10n.t('Restored {0} versions.', count);
    window.setStatusBarMessage(`$(history) ${text}`, SUCCESS_SHOWN);
  }
  void reportFailures({
    outcome,
    doneText: l10n.t('{0} of {1} versions were restored.', count, versions.length),
    failedText: l10n.t(
      '{0} of {1} versions weren’t restored.',
      outcome.failed.length,
      versions.length,
    ),
    nameOf: versionName,
    again: async rest => restoreAll(explorer, await sessionOf(explorer.connections, owner), rest),
  });
}

/** Refreshes the rows of these objects and their versions. */
export function refreshVersions(
  { tree }: Explorer,
  versions: readonly { readonly bucket: string; readonly key: string }[],
): void {
  for (const [bucket, own] of Map.groupBy(versions, version => version.bucket)) {
    void tree.refreshKeys(
      bucket,
      own.map(({ key }) => key),
    );
  }
}
