import { l10n, window } from 'vscode';
import { lastLink, type CredentialSource } from '../aws/connection/credentialSource.ts';
import type { Origin } from '../aws/connection/setting.ts';
import { BrigadeError } from '../aws/errors.ts';
import { configPaths } from '../aws/connection/configPaths.ts';
import { openConfigFile } from '../vscode/openConfigFile.ts';
import { runCommand } from '../vscode/runCommand.ts';
import type { ActiveConnections } from './activeConnections.ts';
import { SANDBOX, isConnectionId, labelOf } from './connectionIds.ts';
import { settingsOf } from './connectionSources.ts';
import { openLoginTerminal } from './loginTerminal.ts';

/**
 * Helps the user to fresh credentials where the connection's come from: at the end of its chain of
 * profiles. When they arrive, the credential files change and the connection opens again.
 *
 * @param connectionId of a message that was about another connection than the current one.
 */
export async function signIn(connections: ActiveConnections, connectionId?: string): Promise<void> {
  const id = isConnectionId(connectionId) ? connectionId : connections.current?.id;
  if (id === undefined) throw new BrigadeError('NoConnection', 'No connection has been chosen');
  const retry = (): unknown =>
    connections.opened.some(one => one.id === id)
      ? runCommand('bucketBrigade.connections.retry', id)
      : undefined;
  if (id === SANDBOX) {
    await retry();
    return;
  }
  const { credentials } = await settingsOf(id, connections.memory.details(id));
  await renew(lastLink(credentials), labelOf(id), retry);
}

async function renew(link: CredentialSource, label: string, retry: () => unknown): Promise<void> {
  switch (link.kind) {
    case 'sso':
      openLoginTerminal(label, ['sso', 'login', '--profile', link.profile], retry);
      return;
    case 'login':
      openLoginTerminal(label, ['login', '--profile', link.profile], retry);
      return;
    case 'keys':
      await openKeys(link.origin, label, retry);
      return;
    case 'none':
      await openConfigFile({ file: configPaths().credentials });
      return;
    default:
      // A program, a token file or this machine: nobody can sign in there but they themselves.
      await retry();
  }
}

/** Keys are renewed where they stand. */
async function openKeys(origin: Origin, label: string, retry: () => unknown): Promise<void> {
  if (origin.kind === 'file') {
    await openConfigFile({ file: origin.file, section: origin.section });
    return;
  }
  const again = l10n.t('Retry');
  const said = l10n.t(
    '{0} uses keys from VS Code’s environment variables. Set new ones in the terminal that VS Code is started from, then restart VS Code.',
    label,
  );
  if ((await window.showInformationMessage(said, again)) === again) await retry();
}
