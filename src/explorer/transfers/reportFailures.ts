import { l10n, window } from 'vscode';
import type { BrigadeError } from '../../aws/errors.ts';
import { describeError } from '../../vscode/describeError.ts';
import { errorForLog } from '../../vscode/errorLog.ts';
import { log } from '../../vscode/log.ts';
import { runCommand } from '../../vscode/runCommand.ts';
import { showError } from '../../vscode/showError.ts';
import { visibleLabel } from '../../vscode/visibleText.ts';
import { neutralizeLinks } from '../../vscode/neutralizeLinks.ts';
import type { BatchOutcome, Failure } from '../../aws/transfers/batch.ts';

export interface BatchReport<T> {
  readonly outcome: BatchOutcome<T>;
  /** How far it came, in one sentence: “9 of 12 files were uploaded.” */
  readonly doneText: string;
  /** What happened to those that failed: “3 of 12 files were not uploaded.” */
  readonly failedText: string;
  readonly nameOf: (item: T) => string;
  /** Retries some of them. Look up the session again: its credentials may have changed by then. */
  readonly again: (items: readonly T[]) => Promise<void>;
  /** Deletes what is kept of those that are left; see `BatchOutcome.kept`. */
  readonly discard?: () => Promise<void>;
}

/**
 * Shows one message at the end of an incomplete batch: one that was cancelled, stopped by an error that
 * every other item would meet, or in which items failed. Its buttons continue or retry what is left.
 * Resolves when the message is closed, so callers do not await it.
 */
export async function reportFailures<T>(report: BatchReport<T>): Promise<void> {
  const { outcome, nameOf } = report;
  for (const { item, error } of outcome.failed) {
    log.error(`${nameOf(item)}: ${errorForLog(error)}`);
  }
  try {
    const items = await askForMore(report);
    if (items && items.length > 0) await report.again(items);
  } catch (error) {
    void showError(error);
  }
}

async function askForMore<T>(report: BatchReport<T>): Promise<readonly T[] | undefined> {
  const { failed, left, stoppedBy, isCancelled } = report.outcome;
  const rest = [...left, ...failed.map(({ item }) => item)];
  if (stoppedBy !== undefined) return (await showStopped(report, stoppedBy)) ? rest : undefined;
  if (isCancelled) {
    const resume = l10n.t('Continue');
    const text = l10n.t('Cancelled. {0}', report.doneText);
    return (await window.showInformationMessage(neutralizeLinks(text), resume)) === resume
      ? rest
      : undefined;
  }
  return failed.length > 0 ? await showFailed(report) : undefined;
}

/** Asks whether to continue with what is left, once the cause of the stop is resolved. */
async function showStopped<T>(report: BatchReport<T>, error: BrigadeError): Promise<boolean> {
  log.error(`stopped: ${errorForLog(error)}`);
  const resume = l10n.t('Continue');
  const isCredentials = error.code.startsWith('Credentials');
  const signIn = l10n.t('Sign In…');
  const { discard } = report;
  const kept = discard ? ` ${l10n.t('The completed parts of the others are kept.')}` : '';
  const discardIt = l10n.t('Discard');
  const answer = await window.showErrorMessage(
    neutralizeLinks(`${report.doneText} ${describeError(error)}${kept}`),
    ...(isCredentials ? [signIn, resume] : [resume]),
    ...(discard ? [discardIt] : []),
  );
  if (answer === discardIt) await discard?.();
  if (answer !== signIn) return answer === resume;
  await runCommand('bucketBrigade.connections.signIn');
  const left = report.outcome.left.length;
  const text =
    left === 1
      ? l10n.t('After you sign in, continue with the remaining one.')
      : l10n.t('After you sign in, continue with the remaining {0}.', left);
  return (await window.showInformationMessage(text, resume)) === resume;
}

async function showFailed<T>(report: BatchReport<T>): Promise<readonly T[] | undefined> {
  const { failed } = report.outcome;
  const retry = l10n.t('Retry');
  const show = l10n.t('Show Failures…');
  const [first] = failed;
  const answer = await (failed.length === 1
    ? window.showErrorMessage(
        neutralizeLinks(`${report.failedText} ${describeError(first?.error)}`),
        retry,
      )
    : window.showErrorMessage(neutralizeLinks(report.failedText), retry, show));
  if (answer === undefined) return undefined;
  return answer === show
    ? await chooseFailures(report.failedText, failed, report.nameOf)
    : failed.map(({ item }) => item);
}

/** Each with what went wrong; the ones left checked are tried again. */
async function chooseFailures<T>(
  title: string,
  failed: readonly Failure<T>[],
  nameOf: (item: T) => string,
): Promise<readonly T[] | undefined> {
  const chosen = await window.showQuickPick(
    failed.map(({ item, error }) => ({
      label: visibleLabel(nameOf(item)),
      detail: describeError(error),
      picked: true,
      item,
    })),
    {
      title,
      placeHolder: l10n.t('Select what to retry'),
      canPickMany: true,
      matchOnDetail: true,
      ignoreFocusOut: true,
    },
  );
  return chosen?.map(({ item }) => item);
}
