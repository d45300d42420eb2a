import { l10n, window } from 'vscode';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { CreatedManifest } from '../../aws/selection/manifestTask.ts';
import type { Session } from '../../services.ts';
import { neutralizeLinks } from '../../vscode/neutralizeLinks.ts';
import type { Jobs } from '../jobs.ts';
import { formatObjects } from '../../vscode/formats.ts';
import { runFor } from '../runFor.ts';

/** Says where a manifest was written, and what can be done with it. */
export async function showManifestWritten(
  jobs: Pick<Jobs, 'connections'>,
  session: Session,
  { bucket, key, rows }: CreatedManifest,
): Promise<void> {
  const create = l10n.t('Create Job…');
  const open = l10n.t('Open');
  const text = l10n.t('{0} written to {1}', formatObjects(rows), formatS3Uri({ bucket, key }));
  const chosen = await window.showInformationMessage(neutralizeLinks(text), create, open);
  const place = { bucket, key };
  if (chosen === create) await runFor(jobs, session, 'bucketBrigade.jobs.create', place);
  if (chosen === open) await runFor(jobs, session, 'bucketBrigade.explorer.openObject', place);
}
