import { Uri, window, workspace, WorkspaceEdit, Position, type TextDocument } from 'vscode';
import type { Owned } from '../../commands.ts';
import type { Session } from '../../services.ts';

/** What package.json's JSON schema and title buttons go by. */
const EXTENSION = '.s3job.json';

/**
 * Opens a request of CreateJob as a JSON document to be edited and saved where one likes; VS Code
 * completes and validates it by the schema of `*.s3job.json`.
 *
 * @param name the beginning of the file's name
 * @param session whose job it is, as long as it isn't saved elsewhere
 */
export async function openRequest(
  name: string,
  request: object,
  session: Session,
): Promise<TextDocument> {
  const document = await workspace.openTextDocument(unusedUri(name));
  owners.set(document.uri.toString(), session.key);
  const edit = new WorkspaceEdit();
  edit.insert(document.uri, new Position(0, 0), `${JSON.stringify(request, undefined, 2)}\n`);
  await workspace.applyEdit(edit);
  await window.showTextDocument(document);
  return document;
}

/** `Session.key` by the URI of a document that was opened here. */
const owners = new Map<string, string>();

/** Whom a job is for that a document asks for: of the account it was made of, or the default one. */
export function ownerOfRequest({ uri }: Pick<TextDocument, 'uri'>): Owned {
  const session = owners.get(uri.toString());
  return session === undefined ? {} : { session };
}

/** A document of the same name that is open is someone's work. */
function unusedUri(name: string): Uri {
  const plain = name.replace(/[^\p{L}\p{N}_-]+/gu, '-').replace(/^-+|-+$/g, '') || 'job';
  const open = new Set(workspace.textDocuments.map(({ uri }) => uri.toString()));
  for (let number = 1; ; number++) {
    const path = `${plain}${number === 1 ? '' : `-${number}`}${EXTENSION}`;
    const uri = Uri.from({ scheme: 'untitled', path });
    if (!open.has(uri.toString())) return uri;
  }
}

/** Whether a document is a request of CreateJob, by its name. */
export function isRequestDocument(document: Pick<TextDocument, 'uri'>): boolean {
  return document.uri.path.endsWith(EXTENSION);
}
