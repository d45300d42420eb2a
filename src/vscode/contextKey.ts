import { commands } from 'vscode';

/** Every context key we set; package.json's `when` clauses may use these and VS Code's own. */
export interface ContextKeys {
  /** A connection has been chosen. */
  'bucketBrigade:hasConnection': boolean;
  /** The default connection has no endpoint of its own: it is AWS, which has a console. */
  'bucketBrigade:atAws': boolean;
  'bucketBrigade:severalConnections': boolean;
  /** The local sandbox answers. */
  'bucketBrigade:sandboxRunning': boolean;
  /** The sandbox is the connection and has been stopped by the user. */
  'bucketBrigade:sandboxStopped': boolean;
  /** A connection to an account, not to the sandbox, has answered. */
  'bucketBrigade:connected': boolean;
  /** The account has no bucket to show. */
  'bucketBrigade:noBuckets': boolean;
  /** There is a search, ended or not, in the Found Objects view. */
  'bucketBrigade:hasFound': boolean;
  /** It runs. */
  'bucketBrigade:finding': boolean;
  /** How the Buckets view is sorted: `s3`, `name`, `size`, `modified`. */
  'bucketBrigade:sortOrder': string;
  /** The Transfers view shows some that have ended. */
  'bucketBrigade:finishedTransfers': boolean;
  /** The Batch Jobs view has no job to show. */
  'bucketBrigade:noJobs': boolean;
  /** The Batch Jobs view shows some statuses only. */
  'bucketBrigade:jobsFiltered': boolean;
}

/** One context key: remembers its value and tells VS Code only when that changes. */
export class ContextKey<Name extends keyof ContextKeys> {
  readonly #name: Name;
  #value: ContextKeys[Name] | undefined;

  constructor(name: Name) {
    this.#name = name;
  }

  get value(): ContextKeys[Name] | undefined {
    return this.#value;
  }

  set value(value: ContextKeys[Name] | undefined) {
    if (value === this.#value) return;
    this.#value = value;
    void commands.executeCommand('setContext', this.#name, value);
  }
}
