import {
  TabInputCustom,
  TabInputNotebook,
  TabInputText,
  TabInputTextDiff,
  window,
  workspace,
  type Disposable,
  type Memento,
  type Tab,
  type Uri,
} from 'vscode';
import type { Session } from '../../services.ts';
import { DisposableStore } from '../../vscode/disposables.ts';
import { OtherConnection, ownerOf, type Owner } from '../../vscode/sessionOwner.ts';
import { S3_SCHEME } from './s3Resource.ts';

const UNSAVED = 'explorer.unsavedEditors';
const MAX_READ = 1000;
const MAX_UNSAVED = 200;

/**
 * Whose the open editors of `s3:` addresses are. An address names no account, so after a switch the
 * same one is another object: what was changed is only ever saved where it was read. That holds over
 * a restart too, when VS Code brings unsaved editors back without reading them.
 */
export class EditorOwners implements Disposable {
  readonly #memory: Memento;
  /** Who an address was last read with. */
  readonly #read = new Map<string, Owner>();
  /** Whose text is in an editor with unsaved changes. */
  readonly #unsaved: Map<string, Owner>;
  readonly #dirty = new Set<string>();
  readonly #listeners = new DisposableStore();

  /** @param memory of the workspace */
  constructor(memory: Memento) {
    this.#memory = memory;
    this.#unsaved = new Map(memory.get<[string, Owner][]>(UNSAVED));
    this.#listeners.add(
      workspace.onDidChangeTextDocument(({ document }) =>
        this.#note(document.uri, document.isDirty),
      ),
    );
    this.#listeners.add(
      workspace.onDidOpenTextDocument(({ uri, isDirty }) => {
        if (isDirty) this.#note(uri, true);
      }),
    );
    this.#listeners.add(
      window.tabGroups.onDidChangeTabs(({ changed, opened }) => {
        for (const tab of [...changed, ...opened]) this.#noteTab(tab);
      }),
    );
  }

  dispose(): void {
    this.#listeners.dispose();
  }

  /** Notes whose an address is that was just read. */
  wasRead(uri: Uri, session: Session): void {
    const name = uri.toString();
    this.#read.delete(name);
    this.#read.set(name, ownerOf(session));
    const [oldest] = this.#read.keys();
    if (oldest !== undefined && this.#read.size > MAX_READ) this.#read.delete(oldest);
  }

  /** @throws OtherConnection when unsaved changes were read with another connection or account */
  checkSave(uri: Uri, session: Session): void {
    const owner = this.#unsaved.get(uri.toString());
    if (owner && owner.key !== session.key) throw new OtherConnection(owner, ownerOf(session));
  }

  /** The addresses in editors that have nothing unsaved: they are read again after a switch. */
  unchanged(): Uri[] {
    const uris = [
      ...workspace.textDocuments.map(({ uri }) => uri),
      ...window.tabGroups.all.flatMap(({ tabs }) => tabs.flatMap(urisOf)),
    ].filter(({ scheme }) => scheme === S3_SCHEME);
    const byName = new Map(uris.map(uri => [uri.toString(), uri]));
    return [...byName].flatMap(([name, uri]) => (this.#unsaved.has(name) ? [] : [uri]));
  }

  #noteTab(tab: Tab): void {
    // A text's own events say more, and sooner.
    if (tab.input instanceof TabInputText || tab.input instanceof TabInputTextDiff) return;
    for (const uri of urisOf(tab)) this.#note(uri, tab.isDirty);
  }

  #note(uri: Uri, isDirty: boolean): void {
    if (uri.scheme !== S3_SCHEME) return;
    const name = uri.toString();
    if (isDirty === this.#dirty.has(name)) return;
    if (isDirty) this.#dirty.add(name);
    else this.#dirty.delete(name);
    const owner = isDirty ? (this.#read.get(name) ?? this.#unsaved.get(name)) : undefined;
    if (owner) this.#unsaved.set(name, owner);
    else this.#unsaved.delete(name);
    void this.#memory.update(UNSAVED, [...this.#unsaved].slice(-MAX_UNSAVED));
  }
}

function urisOf({ input }: Tab): Uri[] {
  if (input instanceof TabInputTextDiff) return [input.modified];
  return input instanceof TabInputText ||
    input instanceof TabInputCustom ||
    input instanceof TabInputNotebook
    ? [input.uri]
    : [];
}
