import { l10n, window } from 'vscode';
import { describeError } from '../vscode/describeError.ts';
import { errorForLog } from '../vscode/errorLog.ts';
import { log } from '../vscode/log.ts';
import { showError } from '../vscode/showError.ts';
import { visibleLabel } from '../vscode/visibleText.ts';
import type { Failure } from './batch.ts';
import { withoutLinks } from '../vscode/withoutLinks.ts';

export interface FailureReport<T> {
  /** What happened to all of them, in one sentence. */
  readonly summary: string;
  readonly failed: readonly Failure<T>[];
  readonly nameOf: (item: T) => string;
  /** Does some of them again. */
  readonly retry: (items: readonly T[]) => Promise<void>;
}

/**
 * Tells of items that failed, one by one, and lets the user retry those. Resolves when the message
 * is closed, so callers do not await it.
 */
export async function reportFailures<T>(report: FailureReport<T>): Promise<void> {
  const { failed, nameOf, summary } = report;
  const [first] = failed;
  if (!first) return;
  for (const { item, error } of failed) log.error(`${nameOf(item)}: ${errorForLog(error)}`);
  const retry = l10n.t('Retry');
  const show = l10n.t('Show Failures…');
  const isOne = failed.length === 1;
  const answer = await (isOne
    ? window.showErrorMessage(withoutLinks(`${summary} ${describeError(first.error)}`), retry)
    : window.showErrorMessage(withoutLinks(summary), retry, show));
  if (answer === undefined) return;
  const items = answer === show ? await chooseFailures(report) : failed.map(({ item }) => item);
  if (!items || items.length === 0) return;
  try {
    await report.retry(items);
  } catch (error) {
    void showError(error);
  }
}

/** Each with what went wrong; the ones left checked are tried again. */
async function chooseFailures<T>({
  summary,
  failed,
  nameOf,
}: FailureReport<T>): Promise<readonly T[] | undefined> {
  const chosen = await window.showQuickPick(
    failed.map(({ item, error }) => ({
      label: visibleLabel(nameOf(item)),
      detail: describeError(error),
      picked: true,
      item,
    })),
    {
      title: summary,
      placeHolder: l10n.t('Choose which to retry'),
      canPickMany: true,
      matchOnDetail: true,
      ignoreFocusOut: true,
    },
  );
  return chosen?.map(({ item }) => item);
}
