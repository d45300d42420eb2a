import * as vscode from 'vscode';
import { BrigadeError } from '../../aws/errors.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { VersionLocation } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { MAX_FILE_SIZE, versionResource } from '../fileSystem/s3Resource.ts';
import { namedFor, sessionFor, type Explorer } from '../explorer.ts';
import { isRow } from '../tree/rows.ts';
import { visible } from '../../vscode/visibleText.ts';
import { momentOf } from './versionUri.ts';

/** Opens versions in editors, to be read. */
export async function openVersions(
  explorer: Explorer,
  versions: readonly VersionLocation[],
): Promise<void> {
  const session = await sessionFor(explorer, versions[0]);
  for (const version of versions.filter(one => !isMarker(one))) {
    const resource = await openable(explorer, session, version);
    const options = { preview: versions.length === 1 };
    await vscode.commands.executeCommand('vscode.open', resource, options, titleOf(version));
  }
}

/**
 * The address of a version that an editor can show, which may be read from now on.
 *
 * @throws BrigadeError `InvalidInput` for one that is archived or too big
 */
export async function openable(
  explorer: Explorer,
  session: Session,
  version: VersionLocation,
): Promise<vscode.Uri> {
  const { bucket, key, versionId } = version;
  const subject = formatS3Uri({ bucket, key });
  const title = vscode.l10n.t('Opening {0}', subject);
  const { size, archive, storageClass } = await withCancellableProgress({ title }, async signal => {
    const { headObject } = await import('../../aws/objects/listing.ts');
    const client = await session.clients.s3ForBucket(bucket, signal);
    return await headObject(client, { bucket, key, versionId }, { signal });
  });
  if (archive !== 'readable') {
    const said = `Archived (${storageClass ?? ''})`;
    throw new BrigadeError('InvalidInput', said, { subject, reason: 'Archived' });
  }
  if (size > MAX_FILE_SIZE) {
    throw new BrigadeError('InvalidInput', 'Too big', { subject, reason: 'TooBig' });
  }
  const resource = versionResource(bucket, key, versionId, namedFor(explorer, session));
  await explorer.admit(session, resource);
  return resource;
}

/** Whether a version is known to be a delete marker, which has nothing to read. */
export function isMarker(version: VersionLocation): boolean {
  return isRow(version) && version.summary.isDeleteMarker;
}

/** `report.txt (Nov 30, 2026, 9:20 AM)` */
function titleOf(version: VersionLocation): string {
  return vscode.l10n.t('{0} ({1})', lastName(version.key), momentOf(version));
}

/** The name of a key as a tab has it. */
export function lastName(key: string): string {
  return visible(key.slice(key.lastIndexOf('/') + 1) || key);
}
