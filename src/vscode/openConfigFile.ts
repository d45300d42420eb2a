import { Range, Uri, window, workspace } from 'vscode';
import { BrigadeError } from '../aws/errors.ts';

export interface FilePlace {
  readonly file: string;
  /** Counted from 1. */
  readonly line?: number;
  /** As it stands between the brackets. */
  readonly section?: string;
}

/**
 * Opens an AWS config or credentials file, at a line or a section.
 *
 * @throws BrigadeError `NotFound` where it can't be opened.
 */
export async function openConfigFile({ file, line, section }: FilePlace): Promise<void> {
  try {
    const document = await workspace.openTextDocument(Uri.file(file));
    const lines = document.getText().split('\n');
    const found = line === undefined ? lines.findIndex(text => isHeader(text, section)) : line - 1;
    const at = Math.max(found, 0);
    await window.showTextDocument(document, { selection: new Range(at, 0, at, 0) });
  } catch (cause) {
    throw new BrigadeError('NotFound', `Cannot open ${file}`, { subject: file, cause });
  }
}

function isHeader(text: string, section: string | undefined): boolean {
  const header = /^\s*\[(.+)\]/.exec(text)?.[1];
  return header !== undefined && (header === section || header === `profile ${section ?? ''}`);
}
