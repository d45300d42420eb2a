import { commands, l10n, window, workspace } from 'vscode';
import { formatS3Uri } from '../aws/s3Uri.ts';
import type { S3Location } from '../commands.ts';
import { cancelled } from '../vscode/cancellation.ts';
import { titleWithOwner } from '../vscode/ownerLabel.ts';
import { ownerOf } from '../vscode/sessionOwner.ts';
import { visible } from '../vscode/visibleText.ts';
import { askLocation, namedFor, sessionFor, type Explorer } from './explorer.ts';
import { folderResource } from './fileSystem/s3Resource.ts';

/**
 * Adds a bucket or prefix to the folders of the workspace, so that it is shown, edited and opened by
 * other extensions' viewers as a folder is. Says first what of it works, and what doesn't.
 */
export async function openAsFolder(
  explorer: Explorer,
  target: S3Location | undefined,
): Promise<void> {
  const session = await sessionFor(explorer, target);
  const title = l10n.t('Open as Workspace Folder');
  const { bucket, key = '' } =
    target ?? (await askLocation(explorer, session, { title, kind: 'folder' }));
  const folders = workspace.workspaceFolders ?? [];
  const known = folders.map(folder => folder.uri);
  const address = folderResource(bucket, key, namedFor(explorer, session));
  const uri = (await explorer.folderOf(session, address, known)) ?? address;
  // It may have come with a file of the workspace: from now on it is the user's own.
  await explorer.admitFolder(session, uri);
  if (known.includes(uri)) {
    await commands.executeCommand('revealInExplorer', uri);
    return;
  }
  const name = titleWithOwner(session, visible(formatS3Uri({ bucket, key })));
  await confirm(name, ownerOf(session).name, folders.length < 2);
  if (workspace.updateWorkspaceFolders(folders.length, 0, { uri, name })) return;
  throw new Error(l10n.t('VS Code didn’t add {0} to the workspace.', name));
}

/** @param restarts VS Code starts its extensions again for the first and the second folder */
async function confirm(name: string, owner: string, restarts: boolean): Promise<void> {
  const open = l10n.t('Open');
  const notes = [
    l10n.t('It is read and written with the connection {0}.', owner),
    l10n.t(
      'You can edit, rename and copy files of up to 200 MB, and use other extensions’ viewers. Search and Go to File don’t work, because VS Code searches only folders on disk. Use Find Objects… instead.',
    ),
    ...(restarts ? [l10n.t('VS Code restarts its extensions to do this.')] : []),
  ];
  const answer = await window.showInformationMessage(
    l10n.t('Open {0} as a folder of this workspace?', name),
    { modal: true, detail: notes.join('\n\n') },
    open,
  );
  if (answer !== open) throw cancelled();
}
