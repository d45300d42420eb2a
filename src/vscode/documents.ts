import {
  commands,
  EventEmitter,
  l10n,
  Uri,
  window,
  workspace,
  type Disposable,
  type TextDocument,
  type TextDocumentContentProvider,
} from 'vscode';
import type { Documents } from '../services.ts';
import { DisposableStore } from './disposables.ts';
import { KeptTexts } from './keptTexts.ts';

/** package.json's menus ask for it too. */
export const DOCUMENT_SCHEME = 'bucket-brigade';

/** VS Code's own preview as an editor: it shows our document, so its title bar can have our buttons. */
const MARKDOWN_PREVIEW = 'vscode.markdown.preview.editor';

/**
 * Shows documents that are made to be read. They are kept until they are closed, a reload of the window
 * in between. Log lines are not: nobody expects a function's secrets on disk.
 */
export class DocumentProvider implements Documents, TextDocumentContentProvider, Disposable {
  readonly #texts = new Map<string, string>();
  readonly #kept: KeptTexts;
  readonly #onDidChange = new EventEmitter<Uri>();
  readonly #disposables = new DisposableStore();

  readonly onDidChange = this.#onDidChange.event;

  /** @param folder where texts are kept; made when it is needed. */
  constructor(folder: string) {
    this.#kept = new KeptTexts(folder);
    this.#disposables.add(this.#onDidChange);
    this.#disposables.add(workspace.registerTextDocumentContentProvider(DOCUMENT_SCHEME, this));
    this.#disposables.add(
      workspace.onDidCloseTextDocument(document => {
        if (document.uri.scheme !== DOCUMENT_SCHEME) return;
        this.#texts.delete(document.uri.path);
        this.#kept.forget(document.uri.path);
      }),
    );
  }

  async provideTextDocumentContent({ path }: Uri): Promise<string> {
    const text = this.#texts.get(path) ?? (await this.#kept.read(path));
    if (text !== undefined) return text;
    return isLog(path)
      ? l10n.t('Log lines aren’t kept. Read them again with Show Function Logs.')
      : l10n.t('This document was closed. Open it again from its view.');
  }

  async show(
    folder: string,
    name: string,
    text: string,
    {
      preserveFocus = false,
      inMemory = isLog(name),
    }: { readonly preserveFocus?: boolean; readonly inMemory?: boolean } = {},
  ): Promise<Uri> {
    const uri = Uri.from({ scheme: DOCUMENT_SCHEME, path: `/${folder}/${name}` });
    this.#texts.set(uri.path, text);
    if (!inMemory) this.#kept.keep(uri.path, text);
    const updated = textShown(uri, text);
    this.#onDidChange.fire(uri);
    await updated;
    // Opened first, so that the preview finds a document and not a file.
    const document = await workspace.openTextDocument(uri);
    if (name.endsWith('.md')) {
      await commands.executeCommand('vscode.openWith', uri, MARKDOWN_PREVIEW, { preserveFocus });
    } else {
      await window.showTextDocument(document, { preview: true, preserveFocus });
    }
    return uri;
  }

  async replace(uri: Uri, text: string): Promise<boolean> {
    if (!this.#texts.has(uri.path)) return false;
    this.#texts.set(uri.path, text);
    const updated = textShown(uri, text);
    this.#onDidChange.fire(uri);
    await updated;
    return true;
  }

  dispose(): void {
    this.#disposables.dispose();
  }
}

/** Longest that VS Code is waited for, in milliseconds, to take over a text. */
const TIMEOUT_MS = 2_000;

/**
 * Resolves when an open document shows another text: VS Code takes it over some time after it was
 * told, and whoever acts on the document meanwhile acts on the old one.
 */
async function textShown({ path }: Uri, text: string): Promise<void> {
  const isThatDocument = ({ uri }: TextDocument): boolean =>
    uri.scheme === DOCUMENT_SCHEME && uri.path === path;
  const open = workspace.textDocuments.find(isThatDocument);
  if (!open || inOneStyle(open.getText()) === inOneStyle(text)) return;
  const ended = new DisposableStore();
  await new Promise<void>(resolve => {
    ended.add(
      workspace.onDidChangeTextDocument(({ document }) => isThatDocument(document) && resolve()),
    );
    ended.add(workspace.onDidCloseTextDocument(document => isThatDocument(document) && resolve()));
    const timer = setTimeout(resolve, TIMEOUT_MS);
    ended.add({ dispose: () => clearTimeout(timer) });
  });
  ended.dispose();
}

/** A document has line ends of one kind. */
function inOneStyle(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

function isLog(path: string): boolean {
  return path.endsWith('.log');
}
