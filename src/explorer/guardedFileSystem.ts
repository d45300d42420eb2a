import * as vscode from 'vscode';
import type { Connections, Session } from '../services.ts';
import { DisposableStore } from '../vscode/disposables.ts';
import { OtherConnection, ownerOf, sessionOf } from '../vscode/sessionOwner.ts';
import { showError } from '../vscode/showError.ts';
import { AddressGuard } from './addressGuard.ts';
import { EditorOwners } from './editorOwners.ts';
import { toFileSystemError } from './fileSystemError.ts';
import type { S3Files } from './lazyFileSystem.ts';
import { S3FileSystem } from './s3FileSystem.ts';
import type { UnfinishedUploads } from './unfinishedUploads.ts';

export interface GuardedFileSystemOptions {
  readonly connections: Connections;
  /** Of the workspace. */
  readonly memory: vscode.Memento;
  /** The session that is open, if one is. */
  readonly connected: () => Session | undefined;
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

  constructor({ connections, memory, connected, changed, uploads }: GuardedFileSystemOptions) {
    this.#uploads = uploads;
    this.#connections = connections;
    this.#changed = changed;
    this.#guard = new AddressGuard(connections, memory, connected);
    this.#owners = this.#disposables.add(new EditorOwners(memory));
    this.#disposables.add(connections.onDidChange(() => this.#readAgain()));
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  admit(session: Session, uri: vscode.Uri): void {
    this.#guard.admit(session, uri);
  }

  stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    return this.#on(uri, files => files.stat(uri));
  }

  readDirectory(uri: vscode.Uri): Promise<[string, vscode.FileType][]> {
    return this.#on(uri, files => files.readDirectory(uri));
  }

  readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return this.#on(uri, async (files, session) => {
      const body = await files.readFile(uri);
      this.#owners.wasRead(uri, session);
      return body;
    });
  }

  writeFile(uri: vscode.Uri, content: Uint8Array, options: WriteOptions): Promise<void> {
    return this.#on(uri, async (files, session) => {
      this.#checkOwner(uri, session);
      await files.writeFile(uri, content, options);
    });
  }

  createDirectory(uri: vscode.Uri): Promise<void> {
    return this.#on(uri, files => files.createDirectory(uri));
  }

  delete(uri: vscode.Uri, options: { readonly recursive: boolean }): Promise<void> {
    return this.#on(uri, files => files.delete(uri, options));
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
    await this.#on(from, (_, session) => {
      this.#checkOwner(from, session);
      return Promise.resolve();
    });
    await this.#on(to, async (files, session) => {
      this.#checkOwner(to, session);
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
      const shown = toFileSystemError(error, uri);
      shown.cause ??= error;
      throw shown;
    }
  }

  /** Of a session's connection and account; its calls fail once another is in use. */
  #filesOf(session: Session): S3FileSystem {
    const known = this.#bySession.get(session.key);
    if (known) return known;
    const owner = ownerOf(session);
    const { onDidChange } = this.#connections;
    const connections: Connections = {
      current: session.connection,
      onDidChange,
      session: signal => sessionOf(this.#connections, owner, signal),
    };
    const files = new S3FileSystem(connections, this.#uploads);
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

interface OverwriteOptions {
  readonly overwrite: boolean;
}

interface WriteOptions extends OverwriteOptions {
  readonly create: boolean;
}
