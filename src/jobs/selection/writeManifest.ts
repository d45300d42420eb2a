import { l10n } from 'vscode';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { CreatedManifest } from '../../aws/selection/manifestTask.ts';
import type { ObjectSelection } from '../../aws/selection/selection.ts';
import type { ObjectLocation } from '../../commands.ts';
import type { Services, Session } from '../../services.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { runCommand } from '../../vscode/runCommand.ts';
import { manifestProgress } from './manifestProgress.ts';

/**
 * Has the worker write a manifest of a selection. Cancel leaves nothing behind.
 *
 * @throws BrigadeError `NotFound` with the reason `NoObjects`, `Conflict` where the object is there …
 */
export async function writeManifest(
  { worker }: Pick<Services, 'worker'>,
  session: Session,
  selection: ObjectSelection,
  to: ObjectLocation,
): Promise<CreatedManifest> {
  const title = l10n.t('Writing the manifest {0}', formatS3Uri(to));
  const written = await withCancellableProgress({ title }, (signal, report) =>
    worker.run(
      session,
      'createManifest',
      { selection, ...to },
      {
        title,
        signal,
        onProgress: progress => report({ message: manifestProgress(progress) }),
      },
    ),
  );
  void runCommand('bucketBrigade.explorer.refresh', { bucket: to.bucket, keys: [to.key] });
  return written;
}
