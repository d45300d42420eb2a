import * as vscode from 'vscode';
import type { Connections, Session } from '../../services.ts';
import { DisposableStore } from '../../vscode/disposables.ts';
import { connectionsOf, OtherConnection, ownerOf } from '../../vscode/sessionOwner.ts';
import { showError } from '../../vscode/showError.ts';
import { AddressGuard } from './addressGuard.ts';
import { EditorOwners } from './editorOwners.ts';
import { toFileSystemError } from './fileSystemError.ts';
import type { S3Files } from './lazyFileSystem.ts';
import { S3FileSystem } from './s3FileSystem.ts';
import { versionOf } from './s3Resource.ts';
import type { UnfinishedUploads } from './unfinishedUploads.ts';
import { readVersion, refuseVersion, statVersion } from './versionFiles.ts';

export interface GuardedFileSystemOptions {
  readonly connections: Connections;
  /** Of the workspace. */
  readonly memory: vscode.Memento;
  /** Of all windows. */
  readonly shared: vscode.Memento;
  /** The session of a connection, if it is open. */
  readonly connected: (connectionId: string) => Session | undefined;
  readonly changed: vscode.EventEmitter<vscode.FileChangeEvent[]>;
  readonly uploads: UnfinishedUploads;
}

/**
 * The `s3:` file system for whoever is connected: an address is reached only if the guard lets it be,
 * each connection and account has caches of its own, and an editor's changes are saved only where its
 * text was read.
 */
export class GuardedFileSystem implements S3Files, vscode.Disposable {
  readonly #connections: Connections;
  readonly #changed: vscode.EventEmitter<vscode.FileChangeEvent[]>;
  readonly #uploads: UnfinishedUploads;
  readonly #guard: AddressGuard;
  readonly #owners: EditorOwners;
  readonly #disposables = new DisposableStore();
  readonly #bySession = new Map<string, S3FileSystem>();
  #isRefusalShown = false;

  constructor({
    connections,
    memory,
    shared,
    connected,
    changed,
    uploads,
  }: GuardedFileSystemOptions) {
    this.#uploads = uploads;
    this.#connections = connections;
    this.#changed = changed;
    this.#guard = new AddressGuard(connections, memory, connected, shared);
    this.#owners = this.#disposables.add(new EditorOwners(memory));
    this.#disposables.add(connections.onDidChange(() => this.#readAgain()));
    this.#disposables.add(
      connections.onDidChangeAny(({ id }) => {
        if (id !== undefined && id !== connections.current?.id) this.#readAgain();
      }),
    );
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  admit(session: Session, uri: vscode.Uri): void {
    this.#guard.admit(session, uri);
  }

  async admitFolder(session: Session, uri: vscode.Uri): Promise<void> {
    await this.#guard.admitFolder(session, uri);
  }

  /** See `OpenedFolders.folderOf`. */
  async folderOf(...given: Parameters<AddressGuard['folderOf']>): Promise<vscode.Uri | undefined> {
    return await this.#guard.folderOf(...given);
  }

  stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    return this.#on(uri, (files, session) =>
      versionOf(uri) === undefined ? files.stat(uri) : statVersion(session, uri),
    );
  }

  readDirectory(uri: vscode.Uri): Promise<[string, vscode.FileType][]> {
    return this.#on(uri, files => files.readDirectory(uri));
  }

  readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return this.#on(uri, async (files, session) => {
      if (versionOf(uri) !== undefined) return await readVersion(session, uri);
      const body = await files.readFile(uri);
      this.#owners.wasRead(uri, session);
      return body;
    });
  }

  writeFile(uri: vscode.Uri, content: Uint8Array, options: WriteOptions): Promise<void> {
    return this.#on(uri, async (files, session) => {
      refuseVersion(uri);
      this.#checkOwner(uri, session);
      await files.writeFile(uri, content, options);
    });
  }

  createDirectory(uri: vscode.Uri): Promise<void> {
    return this.#on(uri, files => {
      refuseVersion(uri);
      return files.createDirectory(uri);
    });
  }

  delete(uri: vscode.Uri, options: { readonly recursive: boolean }): Promise<void> {
    return this.#on(uri, files => {
      refuseVersion(uri);
      return files.delete(uri, options);
    });
  }

  rename(from: vscode.Uri, to: vscode.Uri, options: OverwriteOptions): Promise<void> {
    return this.#onBoth(from, to, files => files.rename(from, to, options));
  }

  copy(from: vscode.Uri, to: vscode.Uri, options: OverwriteOptions): Promise<void> {
    return this.#onBoth(from, to, files => files.copy(from, to, options));
  }

  async #onBoth(
    from: vscode.Uri,
    to: vscode.Uri,
    run: (files: S3FileSystem) => Promise<void>,
  ): Promise<void> {
    const source = await this.#on(from, (_, session) => {
      refuseVersion(from, to);
      this.#checkOwner(from, session);
      return Promise.resolve(session);
    });
    await this.#on(to, async (files, session) => {
      this.#checkOwner(to, session);
      if (session.key !== source.key) throw betweenAccounts(source, session);
      await run(files);
    });
  }

  async #on<T>(
    uri: vscode.Uri,
    run: (files: S3FileSystem, session: Session) => Promise<T>,
  ): Promise<T> {
    try {
      const session = await this.#guard.session(uri);
      return await run(this.#filesOf(session), session);
    } catch (error) {
      throw toFileSystemError(error, uri);
    }
  }

  /** Of a session's connection and account; its calls fail once another is in use. */
  #filesOf(session: Session): S3FileSystem {
    const known = this.#bySession.get(session.key);
    if (known) return known;
    const owner = ownerOf(session);
    const files = new S3FileSystem(connectionsOf(this.#connections, owner), this.#uploads);
    this.#disposables.add(files);
    this.#disposables.add(files.onDidChangeFile(events => this.#changed.fire(events)));
    this.#bySession.set(session.key, files);
    return files;
  }

  /** VS Code shows the refusal of a save without our buttons, and auto save repeats it. */
  #checkOwner(uri: vscode.Uri, session: Session): void {
    try {
      this.#owners.checkSave(uri, session);
    } catch (error) {
      if (error instanceof OtherConnection && !this.#isRefusalShown) {
        this.#isRefusalShown = true;
        void showError(error, { doing: `save ${uri.toString()}` }).finally(() => {
          this.#isRefusalShown = false;
        });
      }
      throw error;
    }
  }

  /** The same addresses are other objects now. */
  #readAgain(): void {
    const type = vscode.FileChangeType.Changed;
    const events = this.#owners.unchanged().map(uri => ({ type, uri }));
    if (events.length > 0) this.#changed.fire(events);
  }
}

function betweenAccounts(from: Session, to: Session): vscode.FileSystemError {
  return vscode.FileSystemError.NoPermissions(
    vscode.l10n.t(
      'Nothing was copied: the source belongs to {0}, the destination to {1}. To copy between accounts, download, then upload.',
      ownerOf(from).name,
      ownerOf(to).name,
    ),
  );
}

interface OverwriteOptions {
  readonly overwrite: boolean;
}

interface WriteOptions extends OverwriteOptions {
  readonly create: boolean;
}
