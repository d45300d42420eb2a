import { l10n, Uri, window } from 'vscode';
import type { DeleteObjectsResult } from '../../aws/deletion/deleteObjects.ts';
import { fromErrorFacts } from '../../aws/errorFacts.ts';
import type { ObjectRef } from '../../aws/selection/selection.ts';
import { describeError } from '../../vscode/describeError.ts';
import { formatCount } from '../../vscode/formats.ts';
import { showError } from '../../vscode/showError.ts';
import { neutralizeLinks } from '../../vscode/neutralizeLinks.ts';
import type { Explorer } from '../explorer.ts';
import { reportFailures } from '../transfers/reportFailures.ts';
import type { DeletionScope } from './deletionScope.ts';
import { DeleteHistory, type PastDelete } from './deleteHistory.ts';
import { undoPastDelete } from './undoDelete.ts';

/** How long a success stays in the status bar, in milliseconds. */
const SUCCESS_SHOWN = 5000;

export interface EndedDelete {
  readonly id: string;
  readonly past: PastDelete;
  readonly result: DeleteObjectsResult;
  readonly scope: DeletionScope;
  /** Deletes again what is left; absent where nobody waits for it any more. */
  readonly again?: (scope: DeletionScope) => Promise<void>;
}

/**
 * The one message at the end of a delete: what is gone, with a button that brings it back where S3 has
 * kept it; or what is not gone, and why. Resolves when it is closed.
 */
export async function showDeleteResult(explorer: Explorer, ended: EndedDelete): Promise<void> {
  try {
    await new DeleteHistory(explorer.storage).end(ended.id, ended.result);
    const { failed, failures, cancelled } = ended.result;
    if (cancelled) await showCancelled(explorer, ended);
    else if (failed > failures.length) await showManyFailed(explorer, ended);
    else if (failed > 0) await showFailed(ended);
    else await showDeleted(explorer, ended);
  } catch (error) {
    void showError(error);
  }
}

async function showDeleted(explorer: Explorer, ended: EndedDelete): Promise<void> {
  const { deleted, markers } = ended.result;
  const text =
    deleted === 1
      ? l10n.t('Deleted 1 object.')
      : l10n.t('Deleted {0} objects.', formatCount(deleted));
  if (markers > 0) {
    const kept = l10n.t('The bucket still has their versions.');
    await offer(explorer, ended, `${text} ${kept}`, window.showInformationMessage);
  } else if (deleted === 1) {
    window.setStatusBarMessage(`$(trash) ${text}`, SUCCESS_SHOWN);
  } else {
    void window.showInformationMessage(text);
  }
}

async function showCancelled(explorer: Explorer, ended: EndedDelete): Promise<void> {
  const { result, past, scope, again } = ended;
  const done = l10n.t(
    '{0} of {1} objects were deleted.',
    formatCount(result.deleted),
    formatCount(past.objects),
  );
  const resume = l10n.t('Continue');
  const text = l10n.t('Cancelled. {0}', done);
  const buttons = again ? [resume] : [];
  const answer = await offer(explorer, ended, text, window.showInformationMessage, buttons);
  if (answer === resume) await again?.(scope);
}

/** More than are named here: they are in a file. */
async function showManyFailed(explorer: Explorer, ended: EndedDelete): Promise<void> {
  const { result, scope, again } = ended;
  const [first] = result.failures;
  const why = first ? describeError(fromErrorFacts(first.error)) : '';
  const retry = l10n.t('Retry');
  const list = l10n.t('Open List');
  const buttons = [...(again ? [retry] : []), ...(result.failuresFile ? [list] : [])];
  const text = `${failedText(ended)} ${why}`;
  const answer = await offer(explorer, ended, text, window.showErrorMessage, buttons);
  if (answer === list && result.failuresFile) {
    await window.showTextDocument(Uri.file(result.failuresFile));
  }
  if (answer === retry) await again?.(scope);
}

async function showFailed({ result, past, scope, again }: EndedDelete): Promise<void> {
  const failed = result.failures.map(({ bucket, key, error }) => ({
    item: { bucket, key } satisfies ObjectRef,
    error: fromErrorFacts(error),
  }));
  await reportFailures<ObjectRef>({
    outcome: { done: [], failed, left: [], isCancelled: false },
    doneText: '',
    failedText: failedText({ result, past, scope, id: '' }),
    nameOf: item => item.key,
    again: async rest => again?.({ objects: rest, prefixes: [] }),
  });
}

function failedText({ result, past }: EndedDelete): string {
  return l10n.t(
    '{0} of {1} objects weren’t deleted.',
    formatCount(result.failed),
    formatCount(past.objects),
  );
}

/** A message that offers to undo what can be undone. */
async function offer(
  explorer: Explorer,
  { id, result }: EndedDelete,
  text: string,
  show: (message: string, ...buttons: string[]) => Thenable<string | undefined>,
  buttons: readonly string[] = [],
): Promise<string | undefined> {
  const undo = l10n.t('Undo');
  const all = result.markers > 0 ? [undo, ...buttons] : buttons;
  const answer = await show(neutralizeLinks(text), ...all);
  if (answer !== undo) return answer;
  await undoPastDelete(explorer, id);
  return undefined;
}
