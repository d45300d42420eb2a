import { FileSystemError, l10n, workspace, type Memento, type Uri } from 'vscode';
import type { Connection, Connections, Session } from '../../services.ts';
import { OpenedFolders } from './openedFolders.ts';
import {
  connectionIdOf,
  ownerOf,
  ownerOfKey,
  sessionOf,
  type Owner,
} from '../../vscode/sessionOwner.ts';
import { visible } from '../../vscode/visibleText.ts';
import { AddressQuestions } from './addressQuestions.ts';
import { sessionOfResource } from './s3Resource.ts';

/** What was allowed in this workspace: a bucket, for a connection and account. */
interface Allowed {
  readonly connectionId: string;
  /** `Session.key`. */
  readonly key: string;
  readonly bucket: string;
}

const ALLOWED = 'explorer.allowedBuckets';
/** What can be a bucket's name in an address (see `authorityOfBucket`); anything else only looks like text. */
const NAME = /^[\w.~-]{1,255}$/;
/**
 * Decides who may read an `s3:` address, before anything is sent. A workspace can name any: as a
 * folder, a link, a setting, an editor that is restored. What the user opened from our views is read.
 * Anything else is not read at all in a workspace that isn't trusted; in one that is, the user is
 * asked once for each bucket and account.
 */
export class AddressGuard {
  readonly #connections: Connections;
  readonly #memory: Memento;
  readonly #connected: (connectionId: string) => Session | undefined;
  /** Addresses that were opened from a view, with the keys of the sessions they were opened with. */
  readonly #opened = new Map<string, Set<string>>();
  readonly #folders: OpenedFolders;
  readonly #questions: AddressQuestions;

  /**
   * @param memory of the workspace
   * @param connected the session of a connection, if it is open; it is not opened to ask
   * @param shared of all windows
   * @param timeoutMs milliseconds that a call waits for an answer
   */
  constructor(
    connections: Connections,
    memory: Memento,
    connected: (connectionId: string) => Session | undefined,
    shared: Memento = memory,
    timeoutMs?: number,
  ) {
    this.#questions = new AddressQuestions(timeoutMs);
    this.#connections = connections;
    this.#memory = memory;
    this.#connected = connected;
    this.#folders = new OpenedFolders(memory, shared);
  }

  /** Notes that the user opened an address from one of our views. */
  admit(session: Session, uri: Uri): void {
    const name = uri.toString();
    const keys = this.#opened.get(name) ?? new Set();
    keys.delete(session.key);
    this.#opened.set(name, keys.add(session.key));
    if (workspace.isTrusted) void this.#allow(session, uri.authority);
  }

  /** Notes that the user opened a folder of the workspace by our command: all in it may be read. */
  async admitFolder(session: Session, uri: Uri): Promise<void> {
    await this.#folders.add(session, uri);
    if (workspace.isTrusted) await this.#allow(session, uri.authority);
  }

  /** See `OpenedFolders.folderOf`. */
  async folderOf(...given: Parameters<OpenedFolders['folderOf']>): Promise<Uri | undefined> {
    return await this.#folders.folderOf(...given);
  }

  /**
   * The session to reach an address with.
   *
   * @throws FileSystemError `NoPermissions` where it may not be read; else what `session` throws
   */
  async session(uri: Uri): Promise<Session> {
    const named = sessionOfResource(uri);
    const owner = named === undefined ? undefined : ownerOfKey(named, this.#connections);
    const opened = this.#opened.get(uri.toString()) ?? [];
    const folders = await this.#folders.keysOf(uri);
    const keys = [...folders, ...opened].filter(key => this.#isOpen(key));
    // Without an owner in it, an address means what it was opened with last.
    const key = named ?? keys.at(-1);
    if (key !== undefined && keys.includes(key)) {
      const session = await this.#connections.session(undefined, connectionIdOf(key));
      if (keys.includes(session.key) && (named ?? session.key) === session.key) return session;
    }
    if (!workspace.isTrusted) throw notTrusted(uri);
    return await this.#sessionFor(uri.authority, owner);
  }

  #isOpen(key: string): boolean {
    return this.#connections.opened.some(({ id }) => id === connectionIdOf(key));
  }

  /** Which connection is meant by an address that does not say it: one that may read it. */
  #meant(known: readonly Allowed[]): Connection | undefined {
    const { current, opened } = this.#connections;
    const mayRead = (one: Connection): boolean =>
      known.some(({ connectionId }) => connectionId === one.id);
    return current && !mayRead(current) ? (opened.find(mayRead) ?? current) : current;
  }

  async #sessionFor(bucket: string, owner: Owner | undefined): Promise<Session> {
    const allowed = this.#allowed().filter(one => one.bucket === bucket);
    const meant = owner
      ? this.#connections.opened.find(({ id }) => id === owner.connectionId)
      : this.#meant(allowed);
    // Says that none is chosen, or that the owner's is not open.
    if (!meant) {
      return owner ? await sessionOf(this.#connections, owner) : await this.#connections.session();
    }
    const open = async (): Promise<Session> =>
      owner
        ? await sessionOf(this.#connections, owner)
        : await this.#connections.session(undefined, meant.id);
    const known = allowed.filter(one => one.connectionId === meant.id);
    const connected = known.length > 0 ? await open() : this.#connected(meant.id);
    if (connected && known.some(({ key }) => key === connected.key)) return connected;
    await this.#ask(bucket, meant, connected);
    const session = await open();
    if (connected ? session.key !== connected.key : session.connection.id !== meant.id) {
      throw notAllowed([bucket]);
    }
    await this.#allow(session, bucket);
    return session;
  }

  /** Nothing has been sent yet, so the account is named only where it is known already. */
  async #ask(bucket: string, meant: Connection, connected: Session | undefined): Promise<void> {
    if (!NAME.test(bucket)) throw notAllowed([bucket]);
    const who = connected?.key ?? meant.id;
    const name = connected ? ownerOf(connected).name : meant.label;
    const { answer, buckets } = await this.#questions.ask(bucket, who, name);
    if (answer === 'late') throw notAnswered(buckets);
    if (answer === 'no') throw notAllowed(buckets);
  }

  #allowed(): readonly Allowed[] {
    return this.#memory.get<readonly Allowed[]>(ALLOWED) ?? [];
  }

  async #allow({ key, connection }: Session, bucket: string): Promise<void> {
    for (const who of [key, connection.id]) this.#questions.forget(bucket, who);
    const allowed = this.#allowed();
    if (allowed.some(one => one.key === key && one.bucket === bucket)) return;
    await this.#memory.update(ALLOWED, [...allowed, { connectionId: connection.id, key, bucket }]);
  }
}

function notTrusted(uri: Uri): FileSystemError {
  return FileSystemError.NoPermissions(
    l10n.t(
      'This workspace isn’t trusted, so {0} wasn’t read. Open it from the Buckets view.',
      visible(uri.toString(true)),
    ),
  );
}

function notAnswered(buckets: readonly string[]): FileSystemError {
  return FileSystemError.NoPermissions(
    l10n.t(
      'Reading {0} needs your permission. Answer the question in the notifications, then try again.',
      buckets.map(bucket => `s3://${visible(bucket)}`).join(', '),
    ),
  );
}

function notAllowed(buckets: readonly string[]): FileSystemError {
  return FileSystemError.NoPermissions(
    l10n.t(
      'Reading {0} wasn’t allowed. Open the object from the Buckets view.',
      buckets.map(bucket => `s3://${visible(bucket)}`).join(', '),
    ),
  );
}
