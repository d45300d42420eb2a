import { env, l10n, window } from 'vscode';
import { cancelled } from '../vscode/cancellation.ts';
import { withCancellableProgress } from '../vscode/progress.ts';
import type { ActiveConnections } from './activeConnections.ts';
import { SANDBOX, SANDBOX_REGION, connectionOf } from './connectionIds.ts';
import { environmentLines } from './environmentLines.ts';
import { sandboxError } from './sandboxError.ts';

const VIEW = { viewId: 'bucketBrigade.buckets' };

/** Starts the sandbox and makes it the default connection. */
export async function start(connections: ActiveConnections): Promise<void> {
  const title = l10n.t('Starting the local sandbox…');
  await withCancellableProgress({ title, location: VIEW }, async signal => {
    await startProcess(connections);
    await connections.choose(connectionOf(SANDBOX, SANDBOX_REGION));
    await connections.session(signal);
  });
}

async function startProcess({ sandbox }: ActiveConnections): Promise<void> {
  await sandbox.start().catch((error: unknown) => {
    throw sandboxError(error, sandbox);
  });
}

/** Stops the sandbox; what it stores stays. */
export async function stop(connections: ActiveConnections): Promise<void> {
  await connections.sandbox.stop();
  if (isOpen(connections)) connections.restart(SANDBOX);
}

function isOpen({ opened }: ActiveConnections): boolean {
  return opened.some(({ id }) => id === SANDBOX);
}

/** Begins with a new sandbox, after asking: the old one is deleted, or kept where it can't be used. */
export async function reset(
  connections: ActiveConnections,
  skipConfirmation: boolean,
): Promise<void> {
  const { sandbox } = connections;
  const keep = sandbox.folderUnusable;
  if (!skipConfirmation) await (keep ? confirmNewFolder : confirmReset)(sandbox.dataDir);
  const title = l10n.t('Resetting the local sandbox…');
  await withCancellableProgress({ title, location: VIEW }, async () => {
    const kept = await (keep ? sandbox.setAside() : sandbox.reset()).catch((error: unknown) => {
      throw sandboxError(error, sandbox);
    });
    if (kept !== undefined) showKept(kept);
    if (!isOpen(connections)) return;
    await startProcess(connections);
    connections.restart(SANDBOX);
  });
}

/** For a folder that can't be used: what is in it may still be worth something to somebody. */
async function confirmNewFolder(dataDir: string): Promise<void> {
  const yes = l10n.t('Keep the Folder and Reset');
  const answer = await window.showWarningMessage(
    l10n.t('Start with a new sandbox?'),
    {
      modal: true,
      detail: l10n.t(
        'Nothing is deleted: the folder {0} is renamed, and a message shows its new name. The sandbox then starts with the lab’s buckets. Your AWS accounts aren’t affected.',
        dataDir,
      ),
    },
    yes,
  );
  if (answer !== yes) throw cancelled();
}

function showKept(folder: string): void {
  void window.showInformationMessage(
    l10n.t('The sandbox was reset. Its old folder is kept as {0}.', folder),
  );
}

async function confirmReset(dataDir: string): Promise<void> {
  const yes = l10n.t('Delete and Reset');
  const answer = await window.showWarningMessage(
    l10n.t('Delete everything in the local sandbox?'),
    {
      modal: true,
      detail: l10n.t(
        'All its buckets, objects, tags, batch jobs and roles are permanently deleted, with the folder {0}. The sandbox then restarts with the lab’s buckets. Your AWS accounts aren’t affected.',
        dataDir,
      ),
    },
    yes,
  );
  if (answer !== yes) throw cancelled();
}

/** Copies the lines that lead other programs to the sandbox. */
export async function copyEnvironment(connections: ActiveConnections): Promise<void> {
  await startProcess(connections);
  const { address } = connections.sandbox;
  if (!address) return;
  await env.clipboard.writeText(environmentLines(address, env.shell));
  window.setStatusBarMessage(l10n.t('Copied. Paste into a terminal.'), 5000);
}
