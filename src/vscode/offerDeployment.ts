import { l10n, window } from 'vscode';
import { runCommand } from './runCommand.ts';
import { withoutLinks } from './withoutLinks.ts';

/**
 * Says that a bucket invokes no function, and offers the one that comes with the extension; resolves
 * when the message is closed.
 */
export async function offerDeployment(bucket: string): Promise<void> {
  const deploy = l10n.t('Deploy Resize Function…');
  const add = l10n.t('Add Event Notification…');
  const text = l10n.t('No function is told about new objects of {0}.', bucket);
  const chosen = await window.showInformationMessage(withoutLinks(text), deploy, add);
  if (chosen === deploy) await runCommand('bucketBrigade.resize.deploy', { bucket });
  if (chosen === add) await runCommand('bucketBrigade.notifications.add', { bucket });
}
