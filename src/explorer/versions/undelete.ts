import { l10n, window } from 'vscode';
import { BrigadeError } from '../../aws/errors.ts';
import type { S3Location, VersionLocation } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { ownerOf, sessionOf } from '../../vscode/sessionOwner.ts';
import { sessionFor, type Explorer } from '../explorer.ts';
import { reportFailures } from '../transfers/reportFailures.ts';
import { isRow } from '../tree/rows.ts';
import { deleteInRequests } from './deleteVersions.ts';
import { refreshVersions } from './restoreVersions.ts';

/** How long a success stays in the status bar, in milliseconds. */
const SUCCESS_SHOWN = 5000;

/** Brings deleted objects back, by deleting the delete markers that hide them. */
export async function undelete(explorer: Explorer, chosen: readonly S3Location[]): Promise<void> {
  const markers = chosen.flatMap(markerOf);
  if (markers.length === 0) {
    throw new BrigadeError(
      'InvalidInput',
      l10n.t('Select deleted objects or their delete markers.'),
    );
  }
  await undeleteAll(explorer, await sessionFor(explorer, chosen[0]), markers);
}

/** The marker on top of an object; nothing for any other row. */
function markerOf(location: S3Location): VersionLocation[] {
  if (!isRow(location)) return [];
  if (location.kind === 'deleted') {
    const { bucket, key, summary } = location;
    return [{ bucket, key, versionId: summary.versionId }];
  }
  if (location.kind !== 'version') return [];
  const { bucket, key, versionId, summary } = location;
  return summary.isDeleteMarker && summary.isLatest ? [{ bucket, key, versionId }] : [];
}

async function undeleteAll(
  explorer: Explorer,
  session: Session,
  markers: readonly VersionLocation[],
): Promise<void> {
  const owner = ownerOf(session);
  const title =
    markers.length === 1
      ? l10n.t('Undeleting 1 object')
      : l10n.t('Undeleting {0} objects', markers.length);
  const outcome = await withCancellableProgress({ title }, signal =>
    deleteInRequests(session, markers, signal),
  );
  refreshVersions(explorer, markers);
  const { done, failed } = outcome;
  if (done.length === markers.length) {
    const text =
      done.length === 1
        ? l10n.t('Undeleted 1 object.')
        : l10n.t('Undeleted {0} objects.', done.length);
    window.setStatusBarMessage(`$(history) ${text}`, SUCCESS_SHOWN);
  }
  void reportFailures({
    outcome,
    doneText: l10n.t('{0} of {1} objects were undeleted.', done.length, markers.length),
    failedText: l10n.t('{0} of {1} objects weren’t undeleted.', failed.length, markers.length),
    nameOf: ({ key }) => key,
    again: async rest => undeleteAll(explorer, await sessionOf(explorer.connections, owner), rest),
  });
}
