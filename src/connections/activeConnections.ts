import { EventEmitter, type Memento } from 'vscode';
import type { Connection, ConnectionChange, Connections, Session } from '../services.ts';
import { isSandboxStopped } from '../vscode/cancellation.ts';
import { setShownConnections } from '../vscode/ownerLabel.ts';
import { ContextKey } from '../vscode/contextKey.ts';
import { DisposableStore } from '../vscode/disposables.ts';
import { SANDBOX, SANDBOX_REGION, connectionOf, isConnectionId } from './connectionIds.ts';
import { ConnectionMemory } from './connectionMemory.ts';
import { watchCredentialFiles } from './credentialFiles.ts';
import { LocalSandbox, type LocalSandboxOptions } from './localSandbox.ts';
import { OpenConnections } from './openConnections.ts';
import type { SandboxAddress } from './sandboxProcess.ts';
import { ConnectionStatusBar } from './statusBar.ts';

interface Storage {
  readonly global: Memento;
  readonly workspace: Memento;
}

type SandboxPlace = Pick<LocalSandboxOptions, 'program' | 'dataDir' | 'settings' | 'onLog'>;

/** Puts the parts together: memory, sandbox, session, and what the window shows of them. */
export class ActiveConnections extends DisposableStore implements Connections {
  readonly memory: ConnectionMemory;
  readonly sandbox: LocalSandbox;
  readonly onDidChange;
  readonly onDidChangeAny;
  /** A session was opened: the connection is in use. */
  readonly onDidOpen;
  readonly #openOnes: OpenConnections;
  readonly #didChange = this.add(new EventEmitter<void>());
  readonly #didChangeAny = this.add(new EventEmitter<ConnectionChange>());
  readonly #didOpen = this.add(new EventEmitter<Session>());
  readonly #statusBar = this.add(new ConnectionStatusBar());
  readonly #hasConnection = new ContextKey('bucketBrigade:hasConnection');
  readonly #isAtAws = new ContextKey('bucketBrigade:atAws');
  readonly #several = new ContextKey('bucketBrigade:severalConnections');
  readonly #sandboxRunning = new ContextKey('bucketBrigade:sandboxRunning');
  readonly #sandboxStopped = new ContextKey('bucketBrigade:sandboxStopped');
  readonly #connected = new ContextKey('bucketBrigade:connected');
  readonly #sandboxOf = new WeakMap<Session, SandboxAddress>();
  #watchesFiles = false;

  constructor(storage: Storage, sandbox: SandboxPlace) {
    super();
    this.onDidChange = this.#didChange.event;
    this.onDidChangeAny = this.#didChangeAny.event;
    this.onDidOpen = this.#didOpen.event;
    this.memory = new ConnectionMemory(storage.global, storage.workspace);
    this.sandbox = new LocalSandbox({
      ...sandbox,
      lab: true,
      identify: async address => (await import('./openSession.ts')).identifySandbox(address),
      onDidChangeState: () => this.#show(),
      onDidChangeFaults: () => this.#show(),
    });
    this.add(this.sandbox);
    this.#openOnes = new OpenConnections({
      open: async (connection, signal) => await this.#openSession(connection, signal),
      isUsable: session => this.#isUsable(session),
      onDidChange: () => this.#didChange.fire(),
      onDidChangeAny: id => {
        this.#show();
        this.#didChangeAny.fire(id === undefined ? {} : { id });
      },
      onDidChangeState: state => {
        this.#show();
        if (state.kind === 'open') this.#didOpen.fire(state.session);
      },
    });
    this.add(this.#openOnes);
    this.#recall();
  }

  get current(): Connection | undefined {
    return this.#openOnes.current;
  }

  get opened(): readonly Connection[] {
    return this.#openOnes.opened;
  }

  /** The session of a connection, if it is open now; of the default one by default. */
  openSession(id?: string): Session | undefined {
    const state = this.#openOnes.state(id);
    return state.kind === 'open' ? state.session : undefined;
  }

  async session(signal?: AbortSignal, connectionId?: string): Promise<Session> {
    return await this.#openOnes.session(signal, connectionId);
  }

  /** Makes a connection the default, and remembers it: see OpenConnections.choose. */
  async choose(connection: Connection): Promise<void> {
    this.#openOnes.choose(connection);
    await this.#remember();
  }

  /** Opens and remembers a connection beside the others. */
  async openAnother(connection: Connection): Promise<void> {
    this.#openOnes.add(connection);
    await this.#remember();
  }

  /** Closes a connection; nothing of it is asked for any more. */
  async close(id: string): Promise<void> {
    this.#openOnes.close(id);
    await this.#remember();
  }

  /** Drops clients and credentials of one connection, or of all; views read again. */
  restart(id?: string): void {
    this.#openOnes.restart(id);
  }

  async #remember(): Promise<void> {
    const { current, opened } = this;
    await this.memory.setOpen(
      opened.map(({ id, region, endpoint }) => ({ id, region, endpoint })),
      current?.id,
    );
  }

  /** The connections of last time, or the one the environment asks for; nothing is sent yet. */
  #recall(): void {
    const { choice, open } = this.memory;
    for (const { id, region, endpoint } of open) {
      if (isConnectionId(id)) this.#openOnes.add(connectionOf(id, region, endpoint));
    }
    if (choice && isConnectionId(choice.id)) {
      this.#openOnes.choose(connectionOf(choice.id, choice.region, choice.endpoint));
    } else if (process.env['BUCKET_BRIGADE_CONNECTION'] === SANDBOX) {
      this.#openOnes.choose(connectionOf(SANDBOX, SANDBOX_REGION));
    }
  }

  async #openSession(connection: Connection, signal: AbortSignal): Promise<Session> {
    if (connection.id !== SANDBOX && !this.#watchesFiles) {
      this.#watchesFiles = true;
      this.add(
        watchCredentialFiles(() => void this.#openOnes.reidentify(({ id }) => id !== SANDBOX)),
      );
    }
    const { openSession } = await import('./openSession.ts');
    const session = await openSession(connection, this, signal);
    const { address } = this.sandbox;
    if (connection.id === SANDBOX && address) this.#sandboxOf.set(session, address);
    return session;
  }

  /** Each start of the sandbox has an address object of its own: it may have died or been reset. */
  #isUsable(session: Session): boolean {
    return this.#sandboxOf.get(session) === this.sandbox.address || !this.#sandboxOf.has(session);
  }

  #show(): void {
    const sandbox = this.sandbox.state;
    const state = this.#openOnes.state();
    setShownConnections(this.current, this.opened);
    this.#sandboxStopped.value = state.kind === 'failed' && isSandboxStopped(state.error);
    this.#connected.value = state.kind === 'open' && state.session.connection.id !== SANDBOX;
    const { current } = this;
    this.#several.value = this.opened.length > 1;
    this.#hasConnection.value = current !== undefined;
    this.#isAtAws.value = current !== undefined && current.endpoint === undefined;
    this.#sandboxRunning.value = sandbox === 'running';
    this.#statusBar.show(state, sandbox, {
      faults: this.sandbox.faults,
      others: this.opened.filter(({ id }) => id !== this.current?.id),
    });
  }
}
