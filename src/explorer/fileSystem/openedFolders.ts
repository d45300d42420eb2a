import { l10n, workspace, type Memento, type Uri } from 'vscode';
import { BrigadeError } from '../../aws/errors.ts';
import type { Session } from '../../services.ts';
import { visible } from '../../vscode/visibleText.ts';
import { sessionOfResource } from './s3Resource.ts';

/** A folder that the user opened in this workspace by our command, and whose it is. */
interface OpenedFolder {
  readonly uri: string;
  /** `Session.key`. */
  readonly key: string;
}

/** One that is being opened: another window, or this one after its reload, takes it over. */
interface OpeningFolder extends OpenedFolder {
  /** Milliseconds since 1970. */
  readonly at: number;
}

const FOLDERS = 'explorer.openedFolders';
const OPENING = 'explorer.openingFolders';
/** Milliseconds in which a window that is loaded again must have come back. */
const TIMEOUT_MS = 120_000;

/**
 * The `s3:` folders that the user opened as folders of this workspace. VS Code makes another workspace
 * of it for the first and the second folder, and in a browser leaves behind what it kept for the former
 * one: for these moments they are kept for all windows too. A folder that a workspace brings by itself
 * is none of them.
 */
export class OpenedFolders {
  readonly #memory: Memento;
  readonly #shared: Memento;
  #takenOver: Promise<void> | undefined;

  /**
   * @param memory of the workspace
   * @param shared of all windows
   */
  constructor(memory: Memento, shared: Memento) {
    this.#memory = memory;
    this.#shared = shared;
  }

  /** Notes one that is about to be opened. */
  async add({ key }: Session, uri: Uri): Promise<void> {
    const folder = { uri: uri.toString(), key };
    // VS Code says that the folder is there already, and asks for it, before it leaves this window.
    this.#takenOver ??= Promise.resolve();
    await this.#keep(folder);
    const others = this.#opening().filter(each => !isSame(each, folder));
    await this.#shared.update(OPENING, [...others, { ...folder, at: Date.now() }]);
  }

  /** The keys of the sessions that a folder with this address in it was opened with. */
  async keysOf(uri: Uri): Promise<readonly string[]> {
    await (this.#takenOver ??= this.#takeOver());
    return this.#all()
      .filter(folder => isIn(folder.uri, uri.toString()))
      .map(({ key }) => key);
  }

  /**
   * The folder of the workspace that an address is already.
   *
   * @param known the folders of the workspace
   * @throws BrigadeError `InvalidInput` where a folder of another connection has an address in
   *   common with it: VS Code distinguishes folders by bucket and path alone, and would show one's
   *   files as the other's
   */
  async folderOf(
    { key, connection }: Session,
    uri: Uri,
    known: readonly Uri[],
  ): Promise<Uri | undefined> {
    for (const folder of known) {
      if (folder.scheme !== uri.scheme || !(isBelow(folder, uri) || isBelow(uri, folder))) continue;
      const named = sessionOfResource(folder);
      const owners = named === undefined ? await this.keysOf(folder) : [named];
      if (owners.length > 0 && !owners.includes(key)) throw inTheWay(folder, connection.label);
      if (folder.path === uri.path) return folder;
    }
    return undefined;
  }

  /** What was opened for this workspace before it became another one. */
  async #takeOver(): Promise<void> {
    const here = new Set(workspace.workspaceFolders?.map(({ uri }) => uri.toString()));
    const opening = this.#opening();
    const ours = opening.filter(({ uri }) => here.has(uri));
    if (ours.length === 0) return;
    for (const { uri, key } of ours) await this.#keep({ uri, key });
    await this.#shared.update(
      OPENING,
      opening.filter(({ uri }) => !here.has(uri)),
    );
  }

  async #keep(folder: OpenedFolder): Promise<void> {
    const others = this.#all().filter(each => !isSame(each, folder));
    await this.#memory.update(FOLDERS, [...others, folder]);
  }

  #all(): readonly OpenedFolder[] {
    return this.#memory.get<readonly OpenedFolder[]>(FOLDERS) ?? [];
  }

  #opening(): readonly OpeningFolder[] {
    const all = this.#shared.get<readonly OpeningFolder[]>(OPENING) ?? [];
    return all.filter(({ at }) => Date.now() - at < TIMEOUT_MS);
  }
}

function isSame(one: OpenedFolder, other: OpenedFolder): boolean {
  return one.uri === other.uri && one.key === other.key;
}

/** Addresses below a folder have its query too, which says whose they are. */
function isIn(folder: string, uri: string): boolean {
  const [[own = '', owner], [name = '', ofName]] = [folder.split('?'), uri.split('?')];
  return owner === ofName && (name === own || name.startsWith(withSlash(own)));
}

function isBelow(folder: Uri, uri: Uri): boolean {
  if (folder.authority !== uri.authority) return false;
  return uri.path === folder.path || uri.path.startsWith(withSlash(folder.path));
}

function inTheWay(folder: Uri, label: string): BrigadeError {
  const place = visible(folder.with({ query: '' }).toString(true));
  const sentence = l10n.t(
    '{0} is already a folder of this workspace with another connection. To open it with {1}, use another window.',
    place,
    label,
  );
  return new BrigadeError('InvalidInput', sentence);
}

function withSlash(path: string): string {
  return path.endsWith('/') ? path : `${path}/`;
}
