import type { Connection, Session } from '../services.ts';
import { SessionHolder, type ConnectionState, type SessionHolderOptions } from './sessionHolder.ts';

/** What is announced of a change. */
export interface OpenConnectionsOptions extends Pick<
  SessionHolderOptions,
  'open' | 'isUsable' | 'retireEvery'
> {
  /** Another connection, account or set of credentials is the default. */
  readonly onDidChange: () => void;
  /** Whose account or credentials are others now; undefined where the list or the default changed. */
  readonly onDidChangeAny: (id: string | undefined) => void;
  /** Of any of them. */
  readonly onDidChangeState: (state: ConnectionState) => void;
}

/**
 * The connections that are open in this window, each with a session of its own. One of them is the
 * default. Nothing is sent before somebody asks for a session.
 */
export class OpenConnections {
  readonly #options: OpenConnectionsOptions;
  #holders: SessionHolder[] = [];
  #default: SessionHolder | undefined;

  constructor(options: OpenConnectionsOptions) {
    this.#options = options;
  }

  get current(): Connection | undefined {
    return this.#default?.connection;
  }

  /** In the order in which they were opened. */
  get opened(): readonly Connection[] {
    return this.#holders.flatMap(({ connection }) => connection ?? []);
  }

  /** How a connection is doing; the default one by default. */
  state(id?: string): ConnectionState {
    const holder = id === undefined ? this.#default : this.#find(id);
    return holder?.state ?? { kind: 'none' };
  }

  /**
   * @param id the default when absent
   * @throws BrigadeError `NoConnection` when it is not open; else as SessionHolder.session does
   */
  async session(signal?: AbortSignal, id?: string): Promise<Session> {
    const holder = id === undefined ? this.#default : this.#find(id);
    return await (holder ?? this.#newHolder()).session(signal);
  }

  /**
   * Makes a connection the default: in the place of the one that was, unless it is open already.
   * Given with another Region or endpoint, it starts again.
   */
  choose(connection: Connection): void {
    const known = this.#find(connection.id);
    if (known === undefined) {
      this.#default ??= this.#added();
      this.#default.choose(connection);
    } else if (known === this.#default) {
      known.choose(connection);
    } else {
      this.#default = known;
      if (isOther(known.connection, connection)) known.choose(connection);
      else this.#options.onDidChangeState(known.state);
      this.#options.onDidChange();
    }
    this.#options.onDidChangeAny(undefined);
  }

  /** Opens a connection beside the others. */
  add(connection: Connection): void {
    if (this.#find(connection.id)) return;
    const holder = this.#added();
    this.#default ??= holder;
    holder.choose(connection);
    this.#options.onDidChangeAny(undefined);
  }

  /** Closes a connection; where it was the default, the one opened first is the default then. */
  close(id: string): void {
    const holder = this.#find(id);
    if (holder === undefined) return;
    this.#holders = this.#holders.filter(other => other !== holder);
    holder.dispose();
    if (holder === this.#default) {
      this.#default = this.#holders[0];
      this.#options.onDidChangeState(this.state());
      this.#options.onDidChange();
    }
    this.#options.onDidChangeAny(undefined);
  }

  /** Drops clients and credentials, of one or all; views read again. */
  restart(id?: string): void {
    for (const holder of id === undefined ? this.#holders : [this.#find(id)]) holder?.restart();
  }

  /** New credentials may stand in the files: see SessionHolder.reidentify. */
  async reidentify(isMeant: (connection: Connection) => boolean): Promise<void> {
    const meant = this.#holders.filter(({ connection }) => connection && isMeant(connection));
    await Promise.all(meant.map(async holder => holder.reidentify()));
  }

  dispose(): void {
    for (const holder of this.#holders.splice(0)) holder.dispose();
    this.#default = undefined;
  }

  #find(id: string): SessionHolder | undefined {
    return this.#holders.find(({ connection }) => connection?.id === id);
  }

  #added(): SessionHolder {
    const holder = this.#newHolder();
    this.#holders.push(holder);
    return holder;
  }

  #newHolder(): SessionHolder {
    const { onDidChange, onDidChangeAny, onDidChangeState, ...options } = this.#options;
    const holder: SessionHolder = new SessionHolder({
      ...options,
      onDidChange: () => {
        if (holder === this.#default) onDidChange();
        if (holder.connection) onDidChangeAny(holder.connection.id);
      },
      onDidChangeState,
    });
    return holder;
  }
}

function isOther(one: Connection | undefined, other: Connection): boolean {
  return one?.region !== other.region || one.endpoint !== other.endpoint;
}
