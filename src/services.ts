import type { Event, ExtensionContext, LogOutputChannel, Uri } from 'vscode';
import type { AwsClients, CallerIdentity } from './aws/clients.ts';
import type { ConnectionSettings } from './aws/connection/connectionSettings.ts';

/** Whom we talk to. Nothing outside connections/ may care whether it is AWS or the sandbox. */
export interface Connection {
  /** Stable across windows and restarts: `sandbox`, `environment`, `profile:<name>`. */
  readonly id: string;
  readonly label: string;
  readonly region: string;
  /** Set where the engine is not at AWS's own address. */
  readonly endpoint?: string;
}

/** A connection that has answered: its identity is known and its clients are ready. */
export interface Session {
  /**
   * Whose data this is: stable across windows and restarts, the same for every Region, another for
   * another connection, account or endpoint. Carried by documents, caches and editors; no secrets.
   */
  readonly key: string;
  readonly connection: Connection;
  readonly identity: CallerIdentity;
  readonly clients: AwsClients;
  /** What decided it, with where each value comes from; the sandbox needs none. */
  readonly settings?: ConnectionSettings;
}

export interface Connections {
  /** The connection the user chose, or undefined before the first choice. */
  readonly current: Connection | undefined;
  /** Fires when another connection, account or set of credentials is in use: drop what was shown. */
  readonly onDidChange: Event<void>;
  /**
   * The session of the current connection, opened on first use (a sandbox is started if need be).
   *
   * @throws BrigadeError `NoConnection` when none was chosen, else whatever kept it from opening.
   */
  session(signal?: AbortSignal): Promise<Session>;
}

/** Documents that are made to be read: reports, problems, policies. */
export interface Documents {
  readonly onDidChange: Event<Uri>;
  /**
   * Shows a text: Markdown as it is meant to look, anything else as source.
   *
   * @param folder tells documents of one name apart.
   * @param name the title of the tab; its extension tells the language.
   * @param options.preserveFocus for a document beside a question: a preview that takes the focus when
   *   it has loaded would take it from the question.
   */
  show(
    folder: string,
    name: string,
    text: string,
    options?: { readonly preserveFocus?: boolean },
  ): Promise<Uri>;
}

/** What a feature may ask for. Each takes a `Pick` of it. */
export interface Services {
  readonly context: ExtensionContext;
  readonly log: LogOutputChannel;
  readonly connections: Connections;
  readonly documents: Documents;
}
