import { Position, Range, TextEditorRevealType, window, type Uri } from 'vscode';
import type { Tail } from '../../aws/parts/tail.ts';
import { shownText, type PartialObject } from './partDocument.ts';

/** Bytes of the end that are shown first. */
export const TAIL_BYTES = 256 * 1024;

/** The end as text, from its first whole line on. */
export async function tailText(tail: Tail, object: PartialObject): Promise<string> {
  const { bytes: body, offset, total, eTag } = tail;
  const text = await shownText({ body, offset, total, eTag }, object, Infinity);
  return offset === 0 ? text : text.slice(text.indexOf('\n') + 1);
}

/** Shows the last line of a document that is open. */
export function revealEnd(uri: Uri): void {
  for (const editor of window.visibleTextEditors) {
    if (editor.document.uri.toString() !== uri.toString()) continue;
    const last = new Position(editor.document.lineCount - 1, 0);
    editor.revealRange(new Range(last, last), TextEditorRevealType.Default);
  }
}
