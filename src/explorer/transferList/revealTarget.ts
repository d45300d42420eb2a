import { commands, env, l10n, UIKind, Uri, workspace } from 'vscode';
import type { Services } from '../../services.ts';
import { runCommandFor } from '../../vscode/runCommand.ts';
import { sessionOf } from '../../vscode/sessionOwner.ts';
import type { Transfer } from './transfer.ts';

/**
 * Shows where a transfer goes to: in the Buckets view, or where files are seen.
 *
 * @throws OtherConnection when it is in a bucket of another account than is connected now
 */
export async function revealTarget(
  connections: Services['connections'],
  { start: { target, owner } }: Transfer,
): Promise<void> {
  if (!target) return;
  if ('uri' in target) {
    const uri = Uri.parse(target.uri, true);
    await commands.executeCommand(revealActionFor(uri)?.command ?? 'vscode.open', uri);
    return;
  }
  const session = await sessionOf(connections, owner);
  await runCommandFor(session, 'bucketBrigade.explorer.reveal', target);
}

/** The object that an upload of one file makes or has made; undefined for any other transfer. */
export function uploadedObject({
  state,
  start: { kind, target, total },
}: Transfer): { readonly bucket: string; readonly key: string } | undefined {
  if (kind !== 'upload' || total?.items !== 1) return undefined;
  if (state === 'failed' || state === 'cancelled') return undefined;
  if (!target || 'uri' in target || target.key === undefined) return undefined;
  return { bucket: target.bucket, key: target.key };
}

/** Follows the object that an upload makes or has made. @throws OtherConnection as `revealTarget` */
export async function followUploaded(
  connections: Services['connections'],
  transfer: Transfer,
): Promise<void> {
  const object = uploadedObject(transfer);
  if (!object) return;
  const session = await sessionOf(connections, transfer.start.owner);
  await runCommandFor(session, 'bucketBrigade.resize.followObject', object);
}

/** The file manager where VS Code runs beside the files, else its own Explorer where it shows them. */
export function revealActionFor(target: Uri): { title: string; command: string } | undefined {
  const isHere = env.uiKind === UIKind.Desktop && env.remoteName === undefined;
  if (isHere && target.scheme === 'file') {
    return { title: l10n.t('Open Folder'), command: 'revealFileInOS' };
  }
  return workspace.getWorkspaceFolder(target)
    ? { title: l10n.t('Reveal in Explorer'), command: 'revealInExplorer' }
    : undefined;
}
