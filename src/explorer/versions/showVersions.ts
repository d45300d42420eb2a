import { l10n, window, type TreeView } from 'vscode';
import { recoverFrom } from '../../aws/call.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { S3Location } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { neutralizeLinks } from '../../vscode/neutralizeLinks.ts';
import { askLocation, sessionFor, targetsOrAsk, type Explorer } from '../explorer.ts';
import { findRow } from '../tree/findRow.ts';
import { isFoundRow, isLocation, isRow, type LocationRow, type Row } from '../tree/rows.ts';

/** Shows the versions and delete markers below buckets, prefixes and objects, in the tree. */
export async function showVersions(
  explorer: Explorer,
  view: TreeView<Row>,
  target: S3Location | undefined,
  selection: readonly S3Location[] | undefined,
): Promise<void> {
  const session = await sessionFor(explorer, target);
  const title = l10n.t('Show Versions');
  const chosen = await targetsOrAsk(target, selection, () =>
    askLocation(explorer, session, { title, kind: 'any' }),
  );
  const rows = await rowsOf(explorer, session, chosen);
  for (const row of rows) explorer.tree.showVersions(row, true);
  const [first] = rows;
  if (!first) return;
  await view.reveal(first, { select: true, focus: true, expand: true });
  await showVersioning(session, [...new Set(rows.map(({ bucket }) => bucket))]);
}

/** Shows objects only again. */
export async function hideVersions(
  explorer: Explorer,
  view: TreeView<Row>,
  chosen: readonly S3Location[],
): Promise<void> {
  for (const row of chosen) {
    if (isRow(row) && isLocation(row)) explorer.tree.showVersions(row, false);
  }
  const [first] = chosen;
  if (first && isRow(first)) await view.reveal(first, { select: true, focus: true });
}

async function rowsOf(
  explorer: Explorer,
  session: Session,
  chosen: readonly S3Location[],
): Promise<readonly LocationRow[]> {
  const [first] = chosen;
  if (!first) return [];
  const title = l10n.t('Looking for {0}', formatS3Uri(first));
  return await withCancellableProgress({ title }, signal =>
    Promise.all(
      chosen.map(async location =>
        // What was found stands in a list of its own: versions are shown in the tree.
        isRow(location) && isLocation(location) && !isFoundRow(location)
          ? location
          : await findRow(explorer, session, location, signal),
      ),
    ),
  );
}

/** A bucket that keeps no versions shows one of each object: better said than wondered at. */
async function showVersioning(session: Session, buckets: readonly string[]): Promise<void> {
  const { bucketVersioning } = await import('../../aws/objects/objectVersions.ts');
  for (const bucket of buckets) {
    const client = await session.clients.s3ForBucket(bucket);
    const versioning = await recoverFrom(
      ['AccessDenied', 'Unknown', 'InvalidInput'],
      undefined,
      () => bucketVersioning(client, bucket),
    );
    if (versioning === undefined || versioning === 'Enabled') continue;
    const text =
      versioning === 'Off'
        ? l10n.t(
            'Versioning is off in {0}: only the current version of each object is kept.',
            bucket,
          )
        : l10n.t(
            'Versioning is suspended in {0}: older versions are kept, new writes replace the null version.',
            bucket,
          );
    void window.showInformationMessage(neutralizeLinks(text));
  }
}
