import type { AwsClients } from '../aws/clients.ts';
import { BrigadeError, isCancelled } from '../aws/errors.ts';
import { toErrorFacts } from '../aws/errorFacts.ts';
import { InterruptedWork, isInterruption } from '../aws/interruption.ts';
import { toBrigadeError } from '../aws/toBrigadeError.ts';
import { Gate } from './gate.ts';
import { folderOf, Journal, removeUnbegun } from './journal.ts';
import {
  LASTING_TASKS,
  type FromWorker,
  type NewTask,
  type TaskName,
  type TaskOrder,
} from './protocol.ts';
import { progressSender } from './progressSender.ts';
import type { Discard, Task, TaskContext } from './task.ts';
import { TaskLock } from './taskLock.ts';
import { DISCARDS, TASKS } from './tasks.ts';

export interface TaskRunnerOptions {
  /** The folder of the journal. */
  readonly root: string;
  readonly send: (message: FromWorker) => void;
  readonly clientsOf: (session: TaskOrder['session']) => AwsClients;
}

/** Any of them: which one belongs to which input is known where it is asked for. */
type AnyTask = Task<keyof typeof TASKS>;
type AnyInput = never;

interface Running {
  readonly controller: AbortController;
  readonly gate: Gate;
}

/** Runs tasks as the host orders them, each with its journal and under its lock. */
export class TaskRunner {
  readonly #options: TaskRunnerOptions;
  readonly #running = new Map<string, Running>();

  constructor(options: TaskRunnerOptions) {
    this.#options = options;
  }

  /** Runs a new task, or continues one of the journal. The outcome is sent; nothing is thrown. */
  async run(order: TaskOrder, task?: NewTask): Promise<void> {
    const { id } = order;
    const running = { controller: new AbortController(), gate: new Gate() };
    this.#running.set(id, running);
    await this.#hold(order, task, async journal => {
      this.#options.send({ kind: 'begun', id });
      const result = await this.#work(order, journal, running);
      return { kind: 'done', id, result };
    });
    this.#running.delete(id);
  }

  cancel(id: string): void {
    const running = this.#running.get(id);
    running?.controller.abort();
    running?.gate.open();
  }

  /** Has a task begin nothing more, or continue. */
  pause(id: string, isPaused: boolean): void {
    const gate = this.#running.get(id)?.gate;
    if (isPaused) gate?.close();
    else gate?.open();
  }

  /** Undoes what a task of the journal left, and forgets it. */
  async discard(order: TaskOrder): Promise<void> {
    await this.#hold(order, undefined, async journal => {
      await this.#discard(order, journal);
      return { kind: 'done', id: order.id, result: undefined };
    });
  }

  /** Takes a task's lock and journal for some work, ends the journal and sends how it went. */
  async #hold(
    { id, session }: TaskOrder,
    task: NewTask | undefined,
    work: (journal: Journal) => Promise<FromWorker>,
  ): Promise<void> {
    const { root, send } = this.#options;
    let lock: TaskLock | undefined;
    let journal: Journal | undefined;
    try {
      lock = takeLock(root, id);
      journal = task
        ? await Journal.begin(root, { id, sessionKey: session.key, ...task })
        : await Journal.read(root, id);
      if (!journal)
        throw new BrigadeError('NotFound', 'The task has ended meanwhile', {
          problem: { kind: 'taskEnded' },
        });
      const outcome = await work(journal);
      await journal.end(lock);
      send(outcome);
    } catch (error) {
      const kept = error instanceof KeptTask;
      if (lock && journal && !kept) await journal.end(lock);
      else lock?.release();
      // Its lock alone made a folder.
      if (lock && !journal) await removeUnbegun(root, id);
      const thrown = kept ? error.cause : error;
      const result = thrown instanceof InterruptedWork ? { result: thrown.result } : {};
      send({ kind: 'failed', id, error: toErrorFacts(thrown), kept, ...result });
    }
  }

  /** @throws KeptTask when it can be continued; else what the task threw, when its traces are gone */
  async #work(order: TaskOrder, journal: Journal, running: Running): Promise<unknown> {
    const { id } = order;
    const { signal } = running.controller;
    const { name, input } = journal.entry;
    const clients = this.#options.clientsOf(order.session);
    const progress = progressSender(value =>
      this.#options.send({ kind: 'progress', id, progress: value }),
    );
    try {
      const ready = (): Promise<void> => running.gate.pass();
      const options = { signal, onProgress: progress.report, ready };
      return await (TASKS[name] as AnyTask)({ clients, journal }, input as AnyInput, options);
    } catch (error) {
      const cancelled = signal.aborted || isCancelled(error);
      if (!cancelled && LASTING_TASKS.has(name) && isInterruption(error)) throw new KeptTask(error);
      await this.#discard(order, journal);
      throw cancelled ? new BrigadeError('Cancelled', 'Cancelled') : error;
    } finally {
      progress.flush();
      clients.destroy();
    }
  }

  /** @throws KeptTask when traces of it are left */
  async #discard({ session }: TaskOrder, journal: Journal): Promise<void> {
    const { name, input } = journal.entry;
    const discard = DISCARDS[name] as Discard<TaskName> | undefined;
    if (!discard) return;
    const clients = this.#options.clientsOf(session);
    const context: TaskContext = { clients, journal };
    try {
      await discard(context, input as AnyInput);
    } catch (error) {
      throw new KeptTask(toBrigadeError(error));
    } finally {
      clients.destroy();
    }
  }
}

/** The task stays in the journal. */
class KeptTask extends Error {
  constructor(cause: unknown) {
    super('The task can be continued', { cause });
  }
}

function takeLock(root: string, id: string): TaskLock {
  const lock = TaskLock.take(folderOf(root, id));
  if (lock) return lock;
  throw new BrigadeError('Conflict', 'Another window works on this task', {
    reason: 'OtherWindow',
  });
}
