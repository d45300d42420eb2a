import { l10n, Uri, window, workspace, type ExtensionContext } from 'vscode';
import { BrigadeError } from '../../aws/errors.ts';
import type { SyncDirection } from '../../aws/sync/syncPlan.ts';
import type { DocumentUri, S3Location } from '../../commands.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import { askLocation, sessionFor, type Explorer } from '../explorer.ts';
import { prefixFor } from '../transfers/uploadCommand.ts';
import { SyncPage } from './syncPage.ts';

/**
 * Shows what a sync of a local folder with a bucket or prefix would do.
 *
 * @param target either end, where the command was called on it; the other is asked for
 */
export async function sync(
  explorer: Explorer,
  context: ExtensionContext,
  direction: SyncDirection,
  target: S3Location | DocumentUri | undefined,
): Promise<void> {
  const location = target && 'bucket' in target ? target : undefined;
  const session = await sessionFor(explorer, location);
  const title = direction === 'up' ? l10n.t('Sync Folder to S3') : l10n.t('Sync from S3 to Folder');
  const chosen = target && 'scheme' in target ? localPath(target) : undefined;
  const [folder, { bucket, key }] =
    location === undefined && direction === 'up'
      ? [
          chosen ?? (await askFolder(title)),
          await askLocation(explorer, session, { title, kind: 'folder' }),
        ]
      : await remoteFirst();
  const place = { direction, bucket, prefix: prefixFor({ bucket, key }), folder };
  await new SyncPage(explorer, context, session, place).open(session);

  async function remoteFirst(): Promise<[string, S3Location]> {
    const at = location ?? (await askLocation(explorer, session, { title, kind: 'folder' }));
    return [chosen ?? (await askFolder(title)), at];
  }
}

/** @throws BrigadeError `InvalidInput` for what is no folder of this machine */
function localPath({ scheme, path }: DocumentUri): string {
  if (scheme === 'file') return Uri.from({ scheme, path }).fsPath;
  throw new BrigadeError('InvalidInput', l10n.t('Only folders on this computer can be synced.'));
}

async function askFolder(title: string): Promise<string> {
  const [folder] =
    (await window.showOpenDialog({
      ...{ title, canSelectFiles: false, canSelectFolders: true },
      defaultUri: workspace.workspaceFolders?.[0]?.uri,
      openLabel: l10n.t('Compare'),
    })) ?? [];
  if (!folder) throw cancelled();
  return localPath(folder);
}
