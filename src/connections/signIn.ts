import { homedir } from 'node:os';
import { Uri, l10n, window, workspace } from 'vscode';
import { BrigadeError } from '../aws/errors.ts';
import { runCommand } from '../vscode/runCommand.ts';
import type { ActiveConnections } from './activeConnections.ts';
import { profileId, profileOf } from './connectionIds.ts';
import { credentialFiles } from './credentialFiles.ts';
import { listSources } from './connectionSources.ts';

/**
 * Helps the user to fresh credentials in the way their connection needs. When they arrive, the
 * credential files change and the connection opens again.
 */
export async function signIn(connections: ActiveConnections): Promise<void> {
  const { current } = connections;
  if (!current) throw new BrigadeError('NoConnection', 'No connection has been chosen');
  const profile = profileOf(current.id);
  if (profile === undefined) {
    await runCommand('bucketBrigade.connections.retry');
    return;
  }
  const source = (await listSources()).find(({ id }) => id === profileId(profile));
  if (source?.sso) signInBySso(profile);
  else await openCredentialsFile(profile);
}

/**
 * The aws CLI is the terminal's program itself: no shell is there to misread a profile's name.
 */
function signInBySso(profile: string): void {
  const terminal = window.createTerminal({
    name: l10n.t('Sign in to AWS: {0}', profile),
    shellPath: 'aws',
    shellArgs: ['sso', 'login', '--profile', profile],
    // Not the workspace's folder: where no aws CLI is on the path, a program there must not pass for it.
    cwd: homedir(),
  });
  terminal.show();
  const closed = window.onDidCloseTerminal(ended => {
    if (ended !== terminal) return;
    closed.dispose();
    if (ended.exitStatus?.code === 0) void runCommand('bucketBrigade.connections.retry');
  });
}

async function openCredentialsFile(profile: string): Promise<void> {
  const file = Uri.file(credentialFiles().credentials);
  try {
    await window.showTextDocument(await workspace.openTextDocument(file));
  } catch (error) {
    throw new BrigadeError(
      'CredentialsMissing',
      `Cannot open the credentials file for profile ${profile}`,
      { subject: file.fsPath, cause: error },
    );
  }
}
