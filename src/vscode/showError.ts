import { l10n, window } from 'vscode';
import { BrigadeError, type ErrorCode } from '../aws/errors.ts';
import { isCancellation } from './cancellation.ts';
import type { ConfigFault } from '../aws/connection/configProblem.ts';
import type { Connection } from '../services.ts';
import { shownConnection } from './ownerLabel.ts';
import { describeError } from './describeError.ts';
import { errorForLog } from './errorLog.ts';
import { log } from './log.ts';
import type { FilePlace } from './openConfigFile.ts';
import { runCommand } from './runCommand.ts';
import { OtherConnection } from './sessionOwner.ts';
import { neutralizeLinks } from './neutralizeLinks.ts';

export interface ShowErrorOptions {
  /** What was running, for the log: a command's id. */
  readonly doing?: string;
  /** Does it again; adds a Retry button. */
  readonly retry?: () => unknown;
}

interface Button {
  readonly title: string;
  readonly run: () => unknown;
  /** Acts on the connection that is selected when the message is shown. */
  readonly ofConnection?: boolean;
  readonly signsIn?: boolean;
}

/**
 * Logs an error and shows it once, with what can be done about it. Cancelling is silent. Resolves
 * when the message is closed, so callers do not await it.
 */
export async function showError(error: unknown, options: ShowErrorOptions = {}): Promise<void> {
  if (isCancellation(error)) return;
  log.error(`${options.doing ?? 'failed'}: ${errorForLog(error)}`);
  const buttons = buttonsFor(error, options);
  const about = shownConnection();
  const chosen = await window.showErrorMessage(
    neutralizeLinks(describeError(error)),
    ...buttons.map(button => button.title),
  );
  const button = buttons.find(({ title }) => title === chosen);
  if (!button) return;
  const now = shownConnection();
  if (about?.id === now?.id || !button.ofConnection) await button.run();
  else if (button.signsIn && about) await runCommand('bucketBrigade.connections.signIn', about.id);
  else showOutdated(about, now);
}

/** An old message must not act on a connection that it was not about. */
function showOutdated(about: Connection | undefined, now: Connection | undefined): void {
  const [old = '', current = ''] = [about?.label, now?.label];
  void window.showInformationMessage(
    l10n.t('Nothing was done: the message was about {0}, and {1} is selected now.', old, current),
  );
}

/** Trying again can't help against these: the input or the permissions have to change first. */
const FINAL: ReadonlySet<ErrorCode> = new Set(['InvalidInput', 'NoConnection']);

function buttonsFor(error: unknown, { retry }: ShowErrorOptions): Button[] {
  if (error instanceof OtherConnection) return [switchBack(retry)];
  const code = error instanceof BrigadeError ? error.code : 'Unknown';
  const buttons: Button[] = [];
  const { file, ...place } = placeOf(error);
  if (file !== undefined) {
    buttons.push({ title: l10n.t('Open File'), run: () => openFile({ file, ...place }) });
  }
  if (code === 'CredentialsExpired') {
    buttons.push({
      title: l10n.t('Sign In…'),
      run: () => runCommand('bucketBrigade.connections.signIn'),
      ...{ ofConnection: true, signsIn: true },
    });
  }
  if (code === 'SandboxFolder') {
    buttons.push({
      title: l10n.t('Reset Sandbox…'),
      run: () => runCommand('bucketBrigade.sandbox.reset'),
    });
  }
  if (retry && !FINAL.has(code)) {
    const run = (): unknown => reconnectAnd(retry, code);
    buttons.push({ title: l10n.t('Retry'), run, ofConnection: true });
  }
  if (code === 'NoConnection' || code === 'CredentialsMissing' || code === 'Misconfigured') {
    buttons.push({
      title: l10n.t('Select Connection…'),
      run: () => runCommand('bucketBrigade.connections.select'),
    });
  }
  if (code !== 'NoConnection') {
    buttons.push({ title: l10n.t('Show Log'), run: () => log.show() });
  }
  return buttons;
}

/** The file and line where it can be fixed. */
function placeOf(error: unknown): Partial<FilePlace> {
  const isConfig = error instanceof BrigadeError && error.code === 'Misconfigured';
  return isConfig ? ((error.cause as ConfigFault | undefined)?.problem ?? {}) : {};
}

async function openFile(place: FilePlace): Promise<void> {
  const { openConfigFile } = await import('./openConfigFile.ts');
  await openConfigFile(place);
}

function switchBack(retry?: () => unknown): Button {
  return {
    title: l10n.t('Select Connection…'),
    run: async () => {
      await runCommand('bucketBrigade.connections.select');
      await retry?.();
    },
  };
}

/** Expired credentials sit in the clients; only a new session reads them again. */
async function reconnectAnd(retry: () => unknown, code: ErrorCode): Promise<void> {
  if (code === 'CredentialsExpired' || code === 'CredentialsMissing') {
    await runCommand('bucketBrigade.connections.retry');
  }
  await retry();
}
