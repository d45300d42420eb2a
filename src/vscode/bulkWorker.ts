import { readdir } from 'node:fs/promises';
import { Disposable } from 'vscode';
import type {
  BegunBulkTask,
  BulkTaskOptions,
  BulkTaskPresenter,
  BulkWorker,
  Session,
  TaskUpload,
} from '../services.ts';
import type { TaskName, Tasks } from '../worker/protocol.ts';
import { DisposableStore } from './disposables.ts';
import type {
  ActiveWorker,
  AnyPresenter,
  AnyRunOptions,
  WorkerPlace,
} from './hostedWorker/activeWorker.ts';

/** The worker as features see it: loaded and started with the first task. */
export class LazyBulkWorker extends DisposableStore implements BulkWorker {
  readonly #place: WorkerPlace;
  readonly #presenters = new Map<TaskName, AnyPresenter>();
  #active: Promise<ActiveWorker> | undefined;

  constructor(place: WorkerPlace) {
    super();
    this.#place = place;
  }

  async run<N extends TaskName>(
    session: Session,
    name: N,
    input: Tasks[N]['input'],
    { title, ...options }: BulkTaskOptions<N>,
  ): Promise<Tasks[N]['result']> {
    const active = await this.#load();
    const task = { name, title, input };
    return (await active.run(session, task, options as AnyRunOptions)) as Tasks[N]['result'];
  }

  async continue<N extends TaskName>(
    session: Session,
    id: string,
    task: Omit<BegunBulkTask<N>, 'id' | 'title'> & { readonly name: N },
    { title, ...options }: BulkTaskOptions<N>,
  ): Promise<Tasks[N]['result']> {
    const active = await this.#load();
    const known = { ...task, id, title };
    return (await active.continue(session, known, options as AnyRunOptions)) as Tasks[N]['result'];
  }

  async discard(session: Session, id: string): Promise<void> {
    await (await this.#load()).discard(session, id);
  }

  async resume(session: Session, id: string): Promise<void> {
    await (await this.#load()).resume(session, id);
  }

  async uploads(): Promise<ReadonlyMap<string, TaskUpload>> {
    const { uploadsOfTasks } = await import('./hostedWorker/taskUploads.ts');
    return await uploadsOfTasks(this.#place.root);
  }

  present<N extends TaskName>(name: N, presenter: BulkTaskPresenter<N>): Disposable {
    this.#presenters.set(name, presenter as unknown as AnyPresenter);
    return new Disposable(() => this.#presenters.delete(name));
  }

  /** Offers to continue what was interrupted of a session's tasks; asks for each once in a window. */
  async offerUnfinished(session: Session): Promise<void> {
    // Nearly always there is none, and nothing is loaded.
    const names = await readdir(this.#place.root).catch(() => []);
    if (names.length > 0) await (await this.#load()).offerUnfinished(session);
  }

  async #load(): Promise<ActiveWorker> {
    this.#active ??= import('./hostedWorker/activeWorker.ts').then(({ ActiveWorker: Active }) =>
      this.add(new Active(this.#place, this.#presenters)),
    );
    return await this.#active;
  }
}
