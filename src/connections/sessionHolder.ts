import { raceAbort } from '../aws/call.ts';
import { BrigadeError } from '../aws/errors.ts';
import type { Connection, Session } from '../services.ts';

export type ConnectionState =
  | { readonly kind: 'none' }
  /** Chosen, not used yet. */
  | { readonly kind: 'idle'; readonly connection: Connection }
  | { readonly kind: 'connecting'; readonly connection: Connection }
  | { readonly kind: 'open'; readonly session: Session }
  | { readonly kind: 'failed'; readonly connection: Connection; readonly error: unknown };

/** Of a connection that was chosen. */
export type ShownState = Exclude<ConnectionState, { kind: 'none' }>;

export interface SessionHolderOptions {
  /** Builds clients and asks who we are. */
  readonly open: (connection: Connection, signal: AbortSignal) => Promise<Session>;
  /** Whether a session may be handed out again (a sandbox may have died). */
  readonly isUsable: (session: Session) => boolean;
  readonly onDidChange: () => void;
  readonly onDidChangeState: (state: ConnectionState) => void;
  /** How often replaced sessions are looked at, in milliseconds. */
  readonly retireEvery?: number;
}

interface Opening {
  readonly promise: Promise<Session>;
  readonly controller: AbortController;
}

/**
 * Holds the one session of the current connection: opens it on first use, once for all who ask at
 * the same time, and drops it when something about the connection changes.
 */
export class SessionHolder {
  readonly #options: SessionHolderOptions;
  #connection: Connection | undefined;
  #session: Session | undefined;
  /** Replaced by sessions of the same account, while their transfers may still be under way. */
  #retired: Session[] = [];
  #retiring: NodeJS.Timeout | undefined;
  #opening: Opening | undefined;
  #state: ConnectionState = { kind: 'none' };
  /** Who was last seen on the current connection. */
  #owner: string | undefined;
  /** The last opening failed and others may still show so. */
  #hasFailed = false;

  constructor(options: SessionHolderOptions) {
    this.#options = options;
  }

  get connection(): Connection | undefined {
    return this.#connection;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Uses another connection from now on; nothing is sent before somebody asks for its session. */
  choose(connection: Connection | undefined): void {
    this.#drop();
    this.#connection = connection;
    this.#owner = undefined;
    this.#hasFailed = false;
    this.#setState(connection ? { kind: 'idle', connection } : { kind: 'none' });
    this.#options.onDidChange();
  }

  /** Drops clients and credentials and has everybody read again. */
  restart(): void {
    this.#drop();
    this.#hasFailed = false;
    const connection = this.#connection;
    this.#setState(connection ? { kind: 'idle', connection } : { kind: 'none' });
    this.#options.onDidChange();
  }

  /**
   * New credentials may stand in the files. Where the connection is in use it is opened again;
   * others hear of it only if it is another account now, or if it works again or no more. What
   * continues with the old clients continues unless it is another account: their provider reads the
   * files again too.
   */
  async reidentify(): Promise<void> {
    // An opening under way may have read the old ones, but others wait for it.
    await this.#opening?.promise.catch(() => undefined);
    const before = this.#state.kind;
    if (before === 'none' || before === 'idle') return;
    this.#retire();
    try {
      await this.session();
    } catch {
      // The state holds it; those who show the old data have to hear of it.
      if (before === 'open') this.#options.onDidChange();
    }
  }

  /**
   * @throws BrigadeError `NoConnection`; `Cancelled` when the signal aborts or the connection is
   *   changed while opening; else what opening throws.
   */
  async session(signal?: AbortSignal): Promise<Session> {
    const connection = this.#connection;
    if (!connection) throw new BrigadeError('NoConnection', 'No connection has been chosen');
    if (this.#session && this.#options.isUsable(this.#session)) return this.#session;
    if (this.#session) this.#drop();
    this.#opening ??= this.#open(connection);
    return await raceAbort(this.#opening.promise, signal);
  }

  dispose(): void {
    this.#drop();
    this.#connection = undefined;
  }

  #open(connection: Connection): Opening {
    const controller = new AbortController();
    this.#setState({ kind: 'connecting', connection });
    const promise = this.#options.open(connection, controller.signal).then(
      session => this.#accept(session, controller.signal),
      (error: unknown) => this.#refuse(connection, error, controller.signal),
    );
    // Everybody who waits may have gone; their error is not an unhandled one.
    promise.catch(() => undefined);
    return { promise, controller };
  }

  #accept(session: Session, signal: AbortSignal): Session {
    if (signal.aborted) {
      session.clients.destroy();
      throw changedMeanwhile();
    }
    this.#opening = undefined;
    this.#session = session;
    const owner = ownerOf(session);
    const isOther = this.#owner !== undefined && this.#owner !== owner;
    const isBack = this.#hasFailed;
    if (isOther) this.#destroyRetired();
    this.#owner = owner;
    this.#hasFailed = false;
    this.#setState({ kind: 'open', session });
    if (isOther || isBack) this.#options.onDidChange();
    return session;
  }

  #refuse(connection: Connection, error: unknown, signal: AbortSignal): never {
    if (signal.aborted) throw changedMeanwhile();
    this.#opening = undefined;
    this.#hasFailed = true;
    this.#setState({ kind: 'failed', connection, error });
    throw error;
  }

  #drop(): void {
    this.#opening?.controller.abort();
    this.#opening = undefined;
    this.#session?.clients.destroy();
    this.#session = undefined;
    this.#destroyRetired();
  }

  /** A session that is replaced ends as soon as nothing uses it any more. */
  #retire(): void {
    if (this.#session) this.#retired.push(this.#session);
    this.#session = undefined;
    this.#retiring ??= setInterval(
      () => this.#endUnused(),
      this.#options.retireEvery ?? 5_000,
    ).unref();
  }

  #endUnused(): void {
    const unused = this.#retired.filter(({ clients }) => clients.isUnused());
    this.#retired = this.#retired.filter(session => !unused.includes(session));
    for (const { clients } of unused) clients.destroy();
    if (this.#retired.length === 0) this.#stopRetiring();
  }

  #stopRetiring(): void {
    clearInterval(this.#retiring);
    this.#retiring = undefined;
  }

  #destroyRetired(): void {
    this.#stopRetiring();
    for (const { clients } of this.#retired.splice(0)) clients.destroy();
  }

  #setState(state: ConnectionState): void {
    this.#state = state;
    this.#options.onDidChangeState(state);
  }
}

/** Without an account, who owns the buckets distinguishes two sets of credentials. */
function ownerOf({ identity }: Session): string {
  return identity.accountId || identity.userId;
}

function changedMeanwhile(): BrigadeError {
  return new BrigadeError('Cancelled', 'The connection was changed meanwhile');
}
