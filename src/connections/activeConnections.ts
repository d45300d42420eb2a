import { EventEmitter, type Memento } from 'vscode';
import type { Connection, Connections, Session } from '../services.ts';
import { isSandboxStopped } from '../vscode/cancellation.ts';
import { setConnectionOnScreen } from '../vscode/connectionOnScreen.ts';
import { ContextKey } from '../vscode/contextKey.ts';
import { DisposableStore } from '../vscode/disposables.ts';
import { SANDBOX, SANDBOX_REGION, connectionOf, isConnectionId } from './connectionIds.ts';
import { ConnectionMemory } from './connectionMemory.ts';
import { watchCredentialFiles } from './credentialFiles.ts';
import { LocalSandbox, type LocalSandboxOptions } from './localSandbox.ts';
import type { SandboxAddress } from './sandboxProcess.ts';
import { SessionHolder } from './sessionHolder.ts';
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
  readonly #holder: SessionHolder;
  readonly #didChange = this.add(new EventEmitter<void>());
  readonly #statusBar = this.add(new ConnectionStatusBar());
  readonly #hasConnection = new ContextKey('bucketBrigade:hasConnection');
  readonly #sandboxRunning = new ContextKey('bucketBrigade:sandboxRunning');
  readonly #sandboxStopped = new ContextKey('bucketBrigade:sandboxStopped');
  readonly #connected = new ContextKey('bucketBrigade:connected');
  readonly #sandboxOf = new WeakMap<Session, SandboxAddress>();
  #watchesFiles = false;

  constructor(storage: Storage, sandbox: SandboxPlace) {
    super();
    this.onDidChange = this.#didChange.event;
    this.memory = new ConnectionMemory(storage.global, storage.workspace);
    this.sandbox = new LocalSandbox({
      ...sandbox,
      lab: true,
      identify: async address => (await import('./openSession.ts')).identifySandbox(address),
      onDidChangeState: () => this.#show(),
      onDidChangeFaults: () => this.#show(),
    });
    this.add(this.sandbox);
    this.#holder = new SessionHolder({
      open: async (connection, signal) => await this.#open(connection, signal),
      isUsable: session => this.#isUsable(session),
      onDidChange: () => this.#didChange.fire(),
      onDidChangeState: () => this.#show(),
    });
    this.add(this.#holder);
    this.#recall();
  }

  get current(): Connection | undefined {
    return this.#holder.connection;
  }

  /** The session, if it is open now. */
  get openSession(): Session | undefined {
    const { state } = this.#holder;
    return state.kind === 'open' ? state.session : undefined;
  }

  async session(signal?: AbortSignal): Promise<Session> {
    return await this.#holder.session(signal);
  }

  /** Uses and remembers a connection. */
  async choose(connection: Connection): Promise<void> {
    const { id, region, endpoint } = connection;
    this.#holder.choose(connection);
    await this.memory.setChoice({ id, region, endpoint });
  }

  /** Drops clients and credentials; views read again. */
  restart(): void {
    this.#holder.restart();
  }

  /** The connection of last time, or the one the environment asks for; nothing is sent yet. */
  #recall(): void {
    const remembered = this.memory.choice;
    if (remembered && isConnectionId(remembered.id)) {
      this.#holder.choose(connectionOf(remembered.id, remembered.region, remembered.endpoint));
    } else if (process.env['BUCKET_BRIGADE_CONNECTION'] === SANDBOX) {
      this.#holder.choose(connectionOf(SANDBOX, SANDBOX_REGION));
    }
  }

  async #open(connection: Connection, signal: AbortSignal): Promise<Session> {
    if (connection.id !== SANDBOX && !this.#watchesFiles) {
      this.#watchesFiles = true;
      this.add(watchCredentialFiles(() => void this.#holder.reidentify()));
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
    const { state } = this.#holder;
    setConnectionOnScreen(this.current);
    this.#sandboxStopped.value = state.kind === 'failed' && isSandboxStopped(state.error);
    this.#connected.value = state.kind === 'open' && state.session.connection.id !== SANDBOX;
    this.#hasConnection.value = this.current !== undefined;
    this.#sandboxRunning.value = sandbox === 'running';
    this.#statusBar.show(state, sandbox, this.sandbox.faults);
  }
}
