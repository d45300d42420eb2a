import type { Disposable, Event, ExtensionContext, LogOutputChannel, Uri } from 'vscode';
import type { AwsClients, CallerIdentity } from './aws/clients.ts';
import type { ConnectionSettings } from './aws/connection/connectionSettings.ts';
import type { TaskName, Tasks } from './worker/protocol.ts';

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

/** What has changed about the connections that are open. */
export interface ConnectionChange {
  /** Whose account or set of credentials is another now; absent where the list or the default changed. */
  readonly id?: string;
}

export interface Connections {
  /**
   * The default connection: what is done with it where nothing says otherwise. Undefined before the
   * first choice.
   */
  readonly current: Connection | undefined;
  /** All that are open, in the order in which they were opened; the default is one of them. */
  readonly opened: readonly Connection[];
  /** Fires when another connection, account or set of credentials is the default: drop what was shown. */
  readonly onDidChange: Event<void>;
  /** Fires for every one that is open, for the list of them, and when another is the default. */
  readonly onDidChangeAny: Event<ConnectionChange>;
  /**
   * The session of an open connection, opened on first use (a sandbox is started if need be).
   *
   * @param connectionId the default when absent
   * @throws BrigadeError `NoConnection` when it is not open, else whatever kept it from opening.
   */
  session(signal?: AbortSignal, connectionId?: string): Promise<Session>;
}

/** Documents that are made to be read: reports, problems, policies. */
export interface Documents {
  readonly onDidChange: Event<Uri>;
  /**
   * Shows a text: Markdown as it is meant to look, anything else as source.
   *
   * @param folder distinguishes documents of the same name.
   * @param name the title of the tab; its extension tells the language.
   * @param options.preserveFocus for a document beside a question: a preview that takes the focus
   *   when it has loaded would take it from the question.
   * @param options.inMemory for what nobody expects on disk: it is not there again after a reload.
   */
  show(
    folder: string,
    name: string,
    text: string,
    options?: { readonly preserveFocus?: boolean; readonly inMemory?: boolean },
  ): Promise<Uri>;
  /** Puts another text in place of one that was shown in memory; false where it was closed since. */
  replace(uri: Uri, text: string): Promise<boolean>;
}

export interface BulkTaskOptions<N extends TaskName> {
  /** What the user called for; said of it should it be interrupted: `Create manifest s3://…`. */
  readonly title: string;
  readonly signal?: AbortSignal;
  /** Ten times a second at most. */
  readonly onProgress?: (progress: Tasks[N]['progress']) => void;
  /** True: to begin nothing more until it is false again. For tasks that can wait. */
  readonly onDidPause?: Event<boolean>;
  /**
   * Called before `run` throws what has interrupted it: the task is still in the journal. Who takes it
   * offers to continue it; without it, that is done by a message.
   */
  readonly onDidKeep?: (kept: KeptBulkTask<N>) => void;
}

/** A task that was interrupted and can be continued. */
export interface KeptBulkTask<N extends TaskName> {
  readonly id: string;
  /** How far it came, where the task tells. */
  readonly result?: Tasks[N]['result'];
}

/** A task of the journal, as it was begun. */
export interface BegunBulkTask<N extends TaskName> {
  readonly id: string;
  readonly title: string;
  readonly input: Tasks[N]['input'];
}

/** An upload in parts that a task has begun. */
export interface TaskUpload {
  readonly taskId: string;
  /** Of the task. */
  readonly title: string;
  /** A process works on the task just now, of this window or another one. */
  readonly isRunning: boolean;
  /** The URI of the local file. */
  readonly source?: string;
}

/** How a task is shown that continues after its window was closed: nobody waits for it any more. */
export interface BulkTaskPresenter<N extends TaskName> {
  /** How far it is, in a few words. */
  readonly progress: (progress: Tasks[N]['progress']) => string;
  readonly done: (
    result: Tasks[N]['result'],
    input: Tasks[N]['input'],
    session: Session,
  ) => void | Promise<void>;
  /** Continues it and shows how it goes; without it, that is a notification. */
  readonly resume?: (session: Session, task: BegunBulkTask<N>) => Promise<void>;
}

/** A process of its own for what takes long or much: the extension host always answers. */
export interface BulkWorker {
  /**
   * Has the worker do a task (`src/worker/tasks.ts`). When the worker dies it is started again and
   * the task continues. One of `LASTING_TASKS` that is interrupted (no network, the window closed
   * …) is offered to be continued or discarded.
   *
   * @throws BrigadeError what the task throws; `Cancelled` when the signal aborts, then nothing of
   *   it is left
   */
  run<N extends TaskName>(
    session: Session,
    name: N,
    input: Tasks[N]['input'],
    options: BulkTaskOptions<N>,
  ): Promise<Tasks[N]['result']>;
  /**
   * Continues a task of the journal.
   *
   * @throws BrigadeError as `run`; `NotFound` when another window has ended it, `Conflict`
   *   (`OtherWindow`) while one works on it
   */
  continue<N extends TaskName>(
    session: Session,
    id: string,
    task: Omit<BegunBulkTask<N>, 'id' | 'title'> & { readonly name: N },
    options: BulkTaskOptions<N>,
  ): Promise<Tasks[N]['result']>;
  /** Undoes what a task of the journal has left, and forgets it. @throws BrigadeError */
  discard(session: Session, id: string): Promise<void>;
  /** Continues a task of the journal as its presenter does. @throws BrigadeError `NotFound` … */
  resume(session: Session, id: string): Promise<void>;
  /** The uploads in parts that tasks of any window work on, or left to be continued, by their ids. */
  uploads(): Promise<ReadonlyMap<string, TaskUpload>>;
  /** Says how continued tasks of this name are shown; without it, that they have ended. */
  present<N extends TaskName>(name: N, presenter: BulkTaskPresenter<N>): Disposable;
}

/** What a feature may ask for. Each takes a `Pick` of it. */
export interface Services {
  readonly context: ExtensionContext;
  readonly log: LogOutputChannel;
  readonly connections: Connections;
  readonly documents: Documents;
  readonly worker: BulkWorker;
}
