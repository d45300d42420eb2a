import * as vscode from 'vscode';
import { BrigadeError } from '../../aws/errors.ts';
import type { Connections, Session } from '../../services.ts';
import { changedOnS3, toFileSystemError, tooBig } from './fileSystemError.ts';
import type { MoveRequest } from '../../aws/objects/rewrite/moveObjects.ts';
import type { Place } from '../../aws/objects/rewrite/place.ts';
import { listFolder, lookUp, readBody, writeBody } from './fileSystemCalls.ts';
import { copyFiles, deleteFiles, moveFiles } from './copyAndMove.ts';
import { keyOfPath, nameInFolder, prefixOfPath } from './s3Paths.ts';
import { bucketOf, MAX_READ_SIZE } from './s3Resource.ts';
import type { UnfinishedUploads } from './unfinishedUploads.ts';
import { StatCache, type ObjectStat, type Stat } from './statCache.ts';

/** How many files' read state is kept for the conflict guard. */
const MAX_READ_STATES = 1000;
/** Changes are announced together, after this many milliseconds. */
const EVENT_DELAY = 5;

/**
 * Objects as files: `s3://bucket/path`, see s3Paths.ts for keys that are no paths. A save is sent
 * with If-Match, so what someone else wrote meanwhile is never overwritten unseen, and keeps the
 * object's tags, metadata and headers.
 */
export class S3FileSystem implements vscode.FileSystemProvider, vscode.Disposable {
  readonly #connections: Connections;
  readonly #uploads: UnfinishedUploads;
  readonly #most: number;
  readonly #stats = new StatCache();
  readonly #read = new Map<string, ObjectStat>();
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly #subscription: vscode.Disposable;
  #events: vscode.FileChangeEvent[] = [];

  readonly onDidChangeFile = this.#changed.event;

  /** @param most bytes that are read */
  constructor(connections: Connections, uploads: UnfinishedUploads, most = MAX_READ_SIZE) {
    this.#most = most;
    this.#connections = connections;
    this.#uploads = uploads;
    this.#subscription = connections.onDidChange(() => this.#stats.clear());
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }

  /** S3 has no way to wait for changes; the views' refresh asks again. */
  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const stat = await this.#stat(uri);
    if (stat.kind === 'none') throw vscode.FileSystemError.FileNotFound(uri);
    return stat.kind === 'folder'
      ? { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 }
      : { type: vscode.FileType.File, ctime: stat.mtime, mtime: stat.mtime, size: stat.size };
  }

  async readDirectory(uri: vscode.Uri): Promise<[string, vscode.FileType][]> {
    const prefix = prefixOfPath(uri.path);
    const listed = await this.#call(uri, clients => listFolder(clients, bucketOf(uri), prefix));
    if (!listed) throw vscode.FileSystemError.FileNotFound(uri);
    const names = new Map<string, vscode.FileType>();
    for (const child of listed.prefixes) {
      names.set(nameInFolder(prefix, child), vscode.FileType.Directory);
    }
    for (const [key, stat] of listed.objects) {
      // The marker that makes an empty folder of a prefix is no file of its own.
      if (key === prefix && stat.size === 0) continue;
      const name = nameInFolder(prefix, key);
      names.set(name, vscode.FileType.File);
      this.#stats.set(cacheKey(vscode.Uri.joinPath(uri, name)), stat);
    }
    return [...names];
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const stat = await this.#object(uri);
    if (stat.size > this.#most) throw tooBig(uri, stat.size, this.#most);
    const { body, eTag } = await this.#call(uri, clients =>
      readBody(clients, bucketOf(uri), keyOf(uri), this.#most),
    );
    if (eTag !== stat.eTag) this.#stats.clear();
    this.#remember(uri, { ...stat, eTag, size: body.length });
    return body;
  }

  async writeFile(
    uri: vscode.Uri,
    content: Uint8Array,
    options: { readonly create: boolean; readonly overwrite: boolean },
  ): Promise<void> {
    const now = await this.#stat(uri);
    if (now.kind === 'folder') throw vscode.FileSystemError.FileIsADirectory(uri);
    if (now.kind === 'none' && !options.create) throw vscode.FileSystemError.FileNotFound(uri);
    if (now.kind === 'object') {
      if (options.create && !options.overwrite) throw vscode.FileSystemError.FileExists(uri);
      this.#refuseUnseen(uri, now);
    }
    const over = now.kind === 'object' ? now : undefined;
    try {
      await this.#call(uri, clients =>
        writeBody(clients, { bucket: bucketOf(uri), key: keyOf(uri), content, over }),
      );
    } catch (error) {
      throw await this.#explainWrite(error, uri, over !== undefined);
    } finally {
      this.#stats.clear();
    }
    const stat = await this.#stat(uri);
    if (stat.kind === 'object') this.#remember(uri, stat);
    this.#fire(uri, over ? vscode.FileChangeType.Changed : vscode.FileChangeType.Created);
  }

  /**
   * VS Code compares times before it saves, but S3's are whole seconds: what changed within the
   * second of our reading it would not see.
   */
  #refuseUnseen(uri: vscode.Uri, now: ObjectStat): void {
    const read = this.#read.get(cacheKey(uri));
    if (!read || read.eTag === now.eTag || now.mtime > read.mtime) return;
    this.#read.delete(cacheKey(uri));
    throw changedOnS3(uri);
  }

  async #explainWrite(error: unknown, uri: vscode.Uri, existed: boolean): Promise<unknown> {
    const cause = error instanceof vscode.FileSystemError ? (error.cause ?? error) : error;
    if (!(cause instanceof BrigadeError) || cause.code !== 'Conflict') return error;
    if (!existed) return vscode.FileSystemError.FileExists(uri);
    this.#stats.clear();
    const now = await this.#stat(uri);
    const read = this.#read.get(cacheKey(uri));
    // The next save is VS Code's to judge where it can see the change, else it goes through.
    if (now.kind !== 'object' || (read && now.mtime <= read.mtime))
      this.#read.delete(cacheKey(uri));
    return changedOnS3(uri);
  }

  /** Makes the zero-byte object whose key is the prefix, as the console's "Create folder" does. */
  async createDirectory(uri: vscode.Uri): Promise<void> {
    const stat = await this.#stat(uri);
    if (stat.kind !== 'none') throw vscode.FileSystemError.FileExists(uri);
    await this.#call(uri, clients =>
      writeBody(clients, {
        bucket: bucketOf(uri),
        key: prefixOfPath(uri.path),
        content: new Uint8Array(),
      }),
    );
    this.#stats.clear();
    this.#fire(uri, vscode.FileChangeType.Created);
  }

  async delete(uri: vscode.Uri, options: { readonly recursive: boolean }): Promise<void> {
    const stat = await this.#stat(uri);
    if (stat.kind === 'none') throw vscode.FileSystemError.FileNotFound(uri);
    const whole = stat.kind === 'folder';
    if (whole && prefixOfPath(uri.path) === '') {
      throw vscode.FileSystemError.NoPermissions(
        vscode.l10n.t('A bucket can’t be deleted as a folder.'),
      );
    }
    if (whole && !options.recursive && (await this.readDirectory(uri)).length > 0) {
      throw vscode.FileSystemError.Unavailable(vscode.l10n.t('The folder isn’t empty.'));
    }
    await this.#changing([[uri, vscode.FileChangeType.Deleted]], () =>
      this.#call(uri, clients => deleteFiles(clients, placeOf(uri, whole))),
    );
  }

  /** S3 cannot rename: copies, then a delete of what was copied once all of it is. */
  async rename(
    from: vscode.Uri,
    to: vscode.Uri,
    options: { readonly overwrite: boolean },
  ): Promise<void> {
    const { journey, change } = await this.#plan(from, to, options);
    const changes = [
      [to, change],
      [from, vscode.FileChangeType.Deleted],
    ] as const;
    await this.#changing(changes, () =>
      this.#call(to, (clients, session) => moveFiles(clients, journey, this.#uploads.of(session))),
    );
  }

  async copy(
    from: vscode.Uri,
    to: vscode.Uri,
    options: { readonly overwrite: boolean },
  ): Promise<void> {
    const { journey, change } = await this.#plan(from, to, options);
    await this.#changing([[to, change]], () =>
      this.#call(to, (clients, session) => copyFiles(clients, journey, this.#uploads.of(session))),
    );
  }

  /** What fails may be half done: then all that is known is that something may have changed. */
  async #changing(
    changes: readonly (readonly [vscode.Uri, vscode.FileChangeType])[],
    run: () => Promise<void>,
  ): Promise<void> {
    try {
      await run();
      for (const [uri, type] of changes) this.#fire(uri, type);
    } catch (error) {
      for (const [uri] of changes) this.#fire(uri, vscode.FileChangeType.Changed);
      throw error;
    } finally {
      this.#stats.clear();
    }
  }

  async #plan(
    from: vscode.Uri,
    to: vscode.Uri,
    options: { readonly overwrite: boolean },
  ): Promise<{ journey: MoveRequest; change: vscode.FileChangeType }> {
    const [was, there] = [await this.#stat(from), await this.#stat(to)];
    if (was.kind === 'none') throw vscode.FileSystemError.FileNotFound(from);
    if (there.kind !== 'none' && !options.overwrite) throw vscode.FileSystemError.FileExists(to);
    if (there.kind === 'folder' && was.kind === 'object') {
      throw vscode.FileSystemError.FileIsADirectory(to);
    }
    const whole = was.kind === 'folder';
    const [source, target] = [placeOf(from, whole), placeOf(to, whole)];
    if (whole && source.bucket === target.bucket && target.key.startsWith(source.key)) {
      throw vscode.FileSystemError.NoPermissions(
        vscode.l10n.t('A folder can’t be copied into itself.'),
      );
    }
    const over = there.kind === 'object' && !whole ? there.eTag : undefined;
    const { Created, Changed } = vscode.FileChangeType;
    return {
      journey: { from: source, to: target, over },
      change: there.kind === 'none' ? Created : Changed,
    };
  }

  async #object(uri: vscode.Uri): Promise<ObjectStat> {
    const stat = await this.#stat(uri);
    if (stat.kind === 'none') throw vscode.FileSystemError.FileNotFound(uri);
    if (stat.kind === 'folder') throw vscode.FileSystemError.FileIsADirectory(uri);
    return stat;
  }

  async #stat(uri: vscode.Uri): Promise<Stat> {
    return await this.#stats.get(cacheKey(uri), () =>
      this.#call(uri, clients => lookUp(clients, bucketOf(uri), keyOfPath(uri.path))),
    );
  }

  async #call<T>(
    uri: vscode.Uri,
    run: (clients: Session['clients'], session: Session) => Promise<T>,
  ): Promise<T> {
    try {
      const session = await this.#connections.session();
      return await run(session.clients, session);
    } catch (error) {
      throw toFileSystemError(error, uri);
    }
  }

  #remember(uri: vscode.Uri, stat: ObjectStat): void {
    const [oldest] = this.#read.keys();
    if (oldest !== undefined && this.#read.size >= MAX_READ_STATES) this.#read.delete(oldest);
    this.#read.set(cacheKey(uri), stat);
  }

  #fire(uri: vscode.Uri, type: vscode.FileChangeType): void {
    if (this.#events.length === 0) {
      setTimeout(() => {
        const events = this.#events;
        this.#events = [];
        this.#changed.fire(events);
      }, EVENT_DELAY);
    }
    this.#events.push({ uri, type });
  }
}

function cacheKey(uri: vscode.Uri): string {
  return `${uri.authority}${uri.path}`;
}

/** @throws FileIsADirectory for the bucket itself. */
function keyOf(uri: vscode.Uri): string {
  const key = keyOfPath(uri.path);
  if (key === undefined) throw vscode.FileSystemError.FileIsADirectory(uri);
  return key;
}

/** An object, or everything below a prefix. */
function placeOf(uri: vscode.Uri, isPrefix: boolean): Place {
  const key = isPrefix ? prefixOfPath(uri.path) : keyOf(uri);
  return { bucket: bucketOf(uri), key, isPrefix };
}
