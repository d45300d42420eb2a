import { l10n, Range, Selection, window, type TextDocument } from 'vscode';
import { BrigadeError } from '../../aws/errors.ts';
import type { ReadRequest, RequestProblem } from '../../aws/batchJobs/request/readRequest.ts';
import { requestProblemText } from './problemText.ts';

export type JobRequestDocument = Pick<ReadRequest, 'request'>;

/**
 * Reads the request that a document holds.
 *
 * @throws BrigadeError `InvalidInput` with the first thing that is wrong, which is selected
 */
export async function readDocument(document: TextDocument): Promise<JobRequestDocument> {
  const json = parsed(document);
  const { readRequest } = await import('../../aws/batchJobs/request/readRequest.ts');
  const { request, problems } = readRequest(json);
  const [first] = problems;
  if (first === undefined) return { request };
  select(document, first);
  const more = problems.length - 1;
  const text = requestProblemText(first);
  const sentence = more === 0 ? text : l10n.t('{0} And {1} more.', text, more);
  throw new BrigadeError('InvalidInput', sentence, { subject: lastSegment(document) });
}

function parsed(document: TextDocument): unknown {
  try {
    return JSON.parse(document.getText()) as unknown;
  } catch (error) {
    const why = error instanceof Error ? error.message : '';
    throw new BrigadeError('InvalidInput', l10n.t('This isn’t JSON: {0}', why), {
      subject: lastSegment(document),
      cause: error,
    });
  }
}

function lastSegment({ uri }: TextDocument): string {
  return uri.path.slice(uri.path.lastIndexOf('/') + 1);
}

/** The member by its name: the first that is called so after the members that it stands in. */
function select(document: TextDocument, { path }: RequestProblem): void {
  const text = document.getText();
  let at = 0;
  for (const name of path) {
    const found = text.indexOf(JSON.stringify(name), at);
    if (found >= 0) at = found;
  }
  const name = path.at(-1);
  const editor = window.visibleTextEditors.find(each => each.document === document);
  if (editor === undefined || name === undefined) return;
  const length = text.startsWith(JSON.stringify(name), at) ? JSON.stringify(name).length : 0;
  const range = new Range(document.positionAt(at), document.positionAt(at + length));
  editor.selection = new Selection(range.start, range.end);
  editor.revealRange(range);
}
