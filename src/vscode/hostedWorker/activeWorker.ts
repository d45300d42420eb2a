import { l10n, window } from 'vscode';
import { BrigadeError } from '../../aws/errors.ts';
import type { BulkTaskPresenter, Connections, KeptBulkTask, Session } from '../../services.ts';
import { readEntries, removeEnded, type TaskEntry } from '../../worker/journal.ts';
import { LASTING_TASKS, type NewTask, type TaskName } from '../../worker/protocol.ts';
import { isLocked } from '../../worker/taskLock.ts';
import { log } from '../log.ts';
import { withCancellableProgress } from '../progress.ts';
import { OtherConnection, ownerOf, sessionOf } from '../sessionOwner.ts';
import { runAndShow } from '../registerCommand.ts';
import { showError } from '../showError.ts';
import { neutralizeLinks } from '../neutralizeLinks.ts';
import { networkEnvironment } from './networkEnvironment.ts';
import { InterruptedTask, WorkerHost, type RunOptions } from './workerHost.ts';

/** Any of them; which one belongs to which task is known where it is registered. */
export type AnyPresenter = BulkTaskPresenter<TaskName>;

export interface AnyRunOptions extends RunOptions {
  readonly onDidKeep?: (kept: KeptBulkTask<TaskName>) => void;
}

type Offered = Omit<TaskEntry, 'createdAt' | 'sessionKey'>;

export interface WorkerPlace {
  /** `dist/worker.js`. */
  readonly program: string;
  /** The folder of the journal. */
  readonly root: string;
  /** For the session of now: a sandbox that was started again has another port. */
  readonly connections: Connections;
}

/** The worker in use, and what is asked of the user about its unfinished tasks. */
export class ActiveWorker {
  readonly #host: WorkerHost;
  readonly #root: string;
  readonly #connections: Connections;
  readonly #presenters: ReadonlyMap<TaskName, AnyPresenter>;
  /** What was asked about in this window already. */
  readonly #offered = new Set<string>();

  constructor(place: WorkerPlace, presenters: ReadonlyMap<TaskName, AnyPresenter>) {
    this.#host = new WorkerHost({
      ...{ program: place.program, root: place.root, env: () => networkEnvironment() },
      onLog: line => log.info(`[worker] ${line}`),
    });
    this.#root = place.root;
    this.#connections = place.connections;
    this.#presenters = presenters;
  }

  /** @throws BrigadeError; an interrupted task is offered to be continued. */
  async run(session: Session, task: NewTask, options: AnyRunOptions): Promise<unknown> {
    return await this.#keeping(session, task, options, () =>
      this.#host.run(session, task, options),
    );
  }

  /** @throws BrigadeError, as `run` */
  async continue(session: Session, task: Offered, options: AnyRunOptions): Promise<unknown> {
    this.#offered.add(task.id);
    return await this.#keeping(session, task, options, () =>
      this.#host.continue(session, task.id, options),
    );
  }

  /** @throws BrigadeError `NotFound` when it has ended meanwhile … */
  async resume(session: Session, id: string): Promise<void> {
    const task = (await readEntries(this.#root)).find(entry => entry.id === id);
    if (!task)
      throw new BrigadeError('NotFound', 'The task has ended meanwhile', {
        problem: { kind: 'taskEnded' },
      });
    this.#offered.add(id);
    await this.#continue(session, task);
  }

  async discard(session: Session, id: string): Promise<void> {
    await this.#host.discard(session, id);
  }

  async #keeping(
    session: Session,
    task: NewTask,
    { onDidKeep }: AnyRunOptions,
    work: () => Promise<unknown>,
  ): Promise<unknown> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof InterruptedTask)) throw error;
      const { id, result } = error;
      // Whoever is told offers it, in this window.
      this.#offered.add(id);
      if (onDidKeep) onDidKeep({ id, result: result as KeptBulkTask<TaskName>['result'] });
      else void this.#offer(session, { ...task, id });
      throw error.cause;
    }
  }

  async offerUnfinished(session: Session): Promise<void> {
    for (const entry of await readEntries(this.#root)) {
      const { id, name, sessionKey } = entry;
      if (this.#host.isRunning(id) || this.#offered.has(id)) continue;
      if (isLocked(this.#root, id)) continue;
      if (!LASTING_TASKS.has(name)) await removeEnded(this.#root, id);
      else if (sessionKey === session.key) void this.#offer(session, entry);
    }
  }

  dispose(): void {
    this.#host.dispose();
  }

  async #offer(session: Session, task: Offered): Promise<void> {
    this.#offered.add(task.id);
    const resume = l10n.t('Continue');
    const discard = l10n.t('Discard');
    const chosen = await window.showInformationMessage(
      neutralizeLinks(l10n.t('“{0}” was interrupted.', task.title)),
      resume,
      discard,
    );
    // Closed: it is offered again by the next window.
    if (chosen === undefined) return;
    try {
      const now = await sessionOf(this.#connections, ownerOf(session));
      await (chosen === resume ? this.#continue(now, task) : this.#discard(now, task));
    } catch (error) {
      const interrupted = error instanceof InterruptedTask;
      void showError(interrupted ? error.cause : error, { doing: task.name });
      if (interrupted) void this.#offer(session, task);
      // It is asked about again when its own connection is in use.
      else if (error instanceof OtherConnection) this.#offered.delete(task.id);
    }
  }

  async #continue(session: Session, { id, name, title, input }: Offered): Promise<void> {
    const presenter = this.#presenters.get(name);
    if (presenter?.resume) {
      // Its row in the Transfers view says how it goes.
      void runAndShow(name, () =>
        presenter.resume?.(session, { id, title, input: input as never }),
      );
      return;
    }
    const result = await withCancellableProgress({ title }, async (signal, report) => {
      const onProgress = (progress: unknown): void =>
        report({ message: presenter?.progress(progress as never) });
      return await this.#host.continue(session, id, { signal, onProgress });
    });
    if (presenter) await presenter.done(result as never, input as never, session);
    else void window.showInformationMessage(neutralizeLinks(l10n.t('“{0}” is done.', title)));
  }

  async #discard(session: Session, { id, title }: Offered): Promise<void> {
    await withCancellableProgress({ title: l10n.t('Discarding “{0}”', title) }, () =>
      this.#host.discard(session, id),
    );
  }
}
