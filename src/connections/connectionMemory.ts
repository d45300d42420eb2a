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
/** Of a workspace that has several open. */
const OPEN = 'connections.open.1';
const DETAILS = 'connections.details.1';

function isChoice(value: unknown): value is RememberedChoice {
  if (typeof value !== 'object' || value === null) return false;
  const { id, region } = value as Record<string, unknown>;
  return typeof id === 'string' && typeof region === 'string';
}

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

  /** All that were open in this workspace, the default among them, in their order. */
  get open(): readonly RememberedChoice[] {
    const stored = this.#workspace.get<unknown>(OPEN);
    return Array.isArray(stored) ? stored.filter(isChoice) : [];
  }

  /** @param defaultId which of them a new workspace begins with */
  async setOpen(open: readonly RememberedChoice[], defaultId: string | undefined): Promise<void> {
    const choice = open.find(({ id }) => id === defaultId);
    await this.#workspace.update(OPEN, open.length > 1 ? open : undefined);
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
