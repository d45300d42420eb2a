import { EventEmitter, type Disposable } from 'vscode';
import type { JobStatus } from '../aws/batchJobs/jobStatus.ts';
import type { ConnectionTarget, JobTarget, Owned } from '../commands.ts';
import type { ConnectionChange, Connections } from '../services.ts';
import { connectionIdOf, oneConnection } from '../vscode/sessionOwner.ts';
import { JobList } from './jobList.ts';
import type { JobRegions } from './jobRegions.ts';

/** The jobs of one list whose rows changed; undefined when rows came, went or moved. */
export interface ListChange {
  readonly list: JobList;
  readonly jobs: readonly JobTarget[] | undefined;
}

/** The jobs of each connection that is open, a list each. */
export class JobLists implements Disposable {
  readonly #connections: Connections;
  readonly #regions: Pick<JobRegions, 'of'>;
  readonly #lists = new Map<string, JobList>();
  readonly #onDidChange = new EventEmitter<ListChange | undefined>();
  readonly #subscription: Disposable;
  #statuses: readonly JobStatus[];

  /** Undefined: the connections that are open, or which of them is the default. */
  readonly onDidChange = this.#onDidChange.event;

  constructor(
    connections: Connections,
    statuses: readonly JobStatus[],
    regions: Pick<JobRegions, 'of'>,
  ) {
    this.#connections = connections;
    this.#statuses = statuses;
    this.#regions = regions;
    this.#subscription = connections.onDidChangeAny(change => this.#follow(change));
    this.#sync();
  }

  /** In the order in which their connections were opened, by the ids of these. */
  get all(): ReadonlyMap<string, JobList> {
    return this.#lists;
  }

  /** Shown statuses; empty for all. */
  get statuses(): readonly JobStatus[] {
    return this.#statuses;
  }

  /** The list of whose something is, by default the default connection's. */
  of({ session }: Owned): JobList {
    const owner = session === undefined ? undefined : { connectionId: connectionIdOf(session) };
    const list = this.ofConnection(owner);
    // Closed meanwhile: what still is done with it is kept nowhere.
    return list ?? new JobList(this.#connections, this.#statuses, this.#regions);
  }

  /** The list of a connection, by default of the default one; undefined where it isn't open. */
  ofConnection(target?: ConnectionTarget): JobList | undefined {
    const { current } = this.#connections;
    return this.#lists.get(target?.connectionId ?? current?.id ?? '');
  }

  filter(statuses: readonly JobStatus[]): void {
    this.#statuses = statuses;
    for (const list of this.#lists.values()) list.filter(statuses);
  }

  /** Has all be read again by whoever shows them. */
  invalidate(): void {
    for (const list of this.#lists.values()) list.invalidate();
  }

  #follow({ id }: ConnectionChange): void {
    const known = this.#lists.get(id ?? '');
    this.#sync();
    if (id === undefined) this.#onDidChange.fire(undefined);
    else known?.clear();
  }

  #sync(): void {
    const { opened } = this.#connections;
    for (const [id, list] of this.#lists) {
      if (opened.some(one => one.id === id)) continue;
      this.#lists.delete(id);
      list.dispose();
    }
    for (const { id } of opened) {
      if (this.#lists.has(id)) continue;
      const list = new JobList(oneConnection(this.#connections, id), this.#statuses, this.#regions);
      list.onDidChange(jobs => this.#onDidChange.fire({ list, jobs }));
      this.#lists.set(id, list);
    }
  }

  dispose(): void {
    this.#subscription.dispose();
    for (const list of this.#lists.values()) list.dispose();
    this.#onDidChange.dispose();
  }
}
