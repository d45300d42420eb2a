import type { Memento } from 'vscode';

/** The connection chosen last, as far as it has to outlive the window. */
export interface RememberedChoice {
  readonly id: string;
  readonly region: string;
  readonly endpoint?: string;
}

/** What the user chose for one connection instead of what its profile says. */
export interface ConnectionDetails {
  readonly region?: string;
  readonly endpoint?: string;
}

const CHOICE = 'connections.choice.1';
const DETAILS = 'connections.details.1';

/**
 * Remembers choices in VS Code's storage, never in settings: a cloned repository must not be able to
 * say where signed requests go. A workspace remembers its own connection; a new one begins with the
 * connection used last.
 */
export class ConnectionMemory {
  readonly #global: Memento;
  readonly #workspace: Memento;

  constructor(global: Memento, workspace: Memento) {
    this.#global = global;
    this.#workspace = workspace;
  }

  get choice(): RememberedChoice | undefined {
    return (
      this.#workspace.get<RememberedChoice>(CHOICE) ?? this.#global.get<RememberedChoice>(CHOICE)
    );
  }

  async setChoice(choice: RememberedChoice): Promise<void> {
    await this.#workspace.update(CHOICE, choice);
    await this.#global.update(CHOICE, choice);
  }

  details(connectionId: string): ConnectionDetails {
    return this.#allDetails[connectionId] ?? {};
  }

  /** Changes what is given; an endpoint of `undefined` goes back to the profile's own or AWS's. */
  async setDetails(connectionId: string, change: ConnectionDetails): Promise<void> {
    await this.#global.update(DETAILS, {
      ...this.#allDetails,
      [connectionId]: { ...this.details(connectionId), ...change },
    });
  }

  get #allDetails(): Readonly<Record<string, ConnectionDetails>> {
    return this.#global.get<Record<string, ConnectionDetails>>(DETAILS) ?? {};
  }
}
