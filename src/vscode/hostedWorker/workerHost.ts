import { randomUUID } from 'node:crypto';
import type { Credentials } from '../../aws/clients.ts';
import { fromErrorFacts, toErrorFacts } from '../../aws/errorFacts.ts';
import { BrigadeError } from '../../aws/errors.ts';
import type { Session } from '../../services.ts';
import type {
  FromWorker,
  NewTask,
  PlainCredentials,
  ToWorker,
  WorkerSession,
} from '../../worker/protocol.ts';
import { WorkerProcess } from './workerProcess.ts';

export interface WorkerHostOptions {
  /** `dist/worker.js`. */
  readonly program: string;
  /** The folder of the journal. */
  readonly root: string;
  readonly onLog: (line: string) => void;
  /** Asked at each start of the process; see `WorkerProcessOptions.env`. */
  readonly env?: () => NodeJS.ProcessEnv;
  /** Milliseconds without a task after which the process ends; a minute by default. */
  readonly idleTime?: number;
}

export interface RunOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: unknown) => void;
  /** True: to begin nothing more until it is false again. */
  readonly onDidPause?: (listener: (isPaused: boolean) => void) => { dispose(): void };
}

/** What ended a task that can be continued. */
export class InterruptedTask extends Error {
  readonly id: string;
  /** How far it came, where it says so: as the result of a task of its name. */
  readonly result: unknown;

  constructor(id: string, cause: BrigadeError, result?: unknown) {
    super(cause.message, { cause });
    this.id = id;
    this.result = result;
  }
}

/** A task that the worker was asked for and that has not ended. */
interface Waiting {
  order: ToWorker & { readonly id: string };
  readonly options: RunOptions;
  readonly outcome: PromiseWithResolvers<unknown>;
  /** It begins nothing new until it is resumed, by whatever process works on it. */
  isPaused: boolean;
  /** How often the process died since the task last reported something. */
  deaths: number;
}

/** A task that kills its process so often, without a word in between, will do so again. */
const MAX_DEATHS = 3;
const IDLE_MS = 60_000;

/**
 * The host's side of the worker. The process is started when a task needs it, and again when it
 * dies: its tasks then continue as their journal says.
 */
export class WorkerHost {
  readonly #options: WorkerHostOptions;
  readonly #waiting = new Map<string, Waiting>();
  readonly #providers = new Map<number, Credentials>();
  #process: WorkerProcess | undefined;
  #idle: NodeJS.Timeout | undefined;
  #sessions = 0;
  #disposed = false;

  constructor(options: WorkerHostOptions) {
    this.#options = options;
  }

  /** The worker's process id, while there is one. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Whether this window works on a task. */
  isRunning(id: string): boolean {
    return this.#waiting.has(id);
  }

  /** Runs a new task. @throws BrigadeError, or InterruptedTask when it is still in the journal */
  async run(session: Session, task: NewTask, options: RunOptions = {}): Promise<unknown> {
    const id = randomUUID();
    return await this.#order({ kind: 'run', id, task, session: this.#register(session) }, options);
  }

  /** Continues a task of the journal. @throws as run */
  async continue(session: Session, id: string, options: RunOptions = {}): Promise<unknown> {
    return await this.#order({ kind: 'run', id, session: this.#register(session) }, options);
  }

  /** Undoes what a task of the journal left, and forgets it. @throws BrigadeError, InterruptedTask */
  async discard(session: Session, id: string): Promise<void> {
    await this.#order({ kind: 'discard', id, session: this.#register(session) }, {});
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#idle);
    this.#process?.stop();
    this.#process = undefined;
    for (const { outcome } of this.#waiting.values()) {
      outcome.reject(new BrigadeError('Cancelled', 'The window is closing'));
    }
    this.#waiting.clear();
  }

  async #order(order: Waiting['order'], options: RunOptions): Promise<unknown> {
    const { id } = order;
    const outcome = Promise.withResolvers<unknown>();
    const waiting: Waiting = { order, options, outcome, isPaused: false, deaths: 0 };
    if (options.signal?.aborted) throw new BrigadeError('Cancelled', 'Cancelled');
    const cancel = (): void => this.#process?.send({ kind: 'cancel', id });
    this.#waiting.set(id, waiting);
    options.signal?.addEventListener('abort', cancel, { once: true });
    const pausing = options.onDidPause?.(isPaused => {
      waiting.isPaused = isPaused;
      this.#process?.send({ kind: 'pause', id, isPaused });
    });
    try {
      this.#send(waiting);
      return await outcome.promise;
    } finally {
      options.signal?.removeEventListener('abort', cancel);
      pausing?.dispose();
      this.#waiting.delete(id);
      if (order.kind !== 'cancel' && 'session' in order) this.#providers.delete(order.session.id);
      this.#rest();
    }
  }

  /** The process, started if need be. */
  #running(): WorkerProcess {
    if (this.#disposed) throw new BrigadeError('Cancelled', 'The window is closing');
    clearTimeout(this.#idle);
    return (this.#process ??= this.#start());
  }

  #start(): WorkerProcess {
    const { program, root, onLog, env } = this.#options;
    const started: WorkerProcess = new WorkerProcess({
      ...{ program, root, onLog, env: env?.() },
      onMessage: message => this.#receive(message, started),
      onExit: why => {
        if (this.#process !== started) return;
        this.#process = undefined;
        this.#restart(why);
      },
    });
    return started;
  }

  /** The process has died: its tasks continue in another one. */
  #restart(why: string): void {
    if (this.#waiting.size === 0) return;
    this.#options.onLog(`The worker has ended unexpectedly (${why}) and is started again.`);
    for (const waiting of this.#waiting.values()) {
      waiting.deaths += 1;
      if (waiting.deaths > MAX_DEATHS) {
        waiting.outcome.reject(
          new BrigadeError('Unknown', `The worker ends again and again: ${why}`, {
            problem: { kind: 'workerEnds', why },
          }),
        );
      } else {
        this.#send(waiting);
      }
    }
  }

  /** What the process has to know of a task: also that it was paused or cancelled meanwhile. */
  #send({ order, options, isPaused }: Waiting): void {
    const process = this.#running();
    process.send(order);
    if (isPaused) process.send({ kind: 'pause', id: order.id, isPaused });
    if (options.signal?.aborted) process.send({ kind: 'cancel', id: order.id });
  }

  #receive(message: FromWorker, from: WorkerProcess): void {
    if (message.kind === 'credentials') {
      void giveCredentials(from, message.request, this.#providers.get(message.session));
      return;
    }
    const waiting = this.#waiting.get(message.id);
    if (!waiting) return;
    switch (message.kind) {
      case 'begun':
        // Were it not in the journal any more, another window has done it.
        if (waiting.order.kind === 'run') waiting.order = { ...waiting.order, task: undefined };
        break;
      case 'progress':
        waiting.deaths = 0;
        waiting.options.onProgress?.(message.progress);
        break;
      case 'done':
        waiting.outcome.resolve(message.result);
        break;
      case 'failed': {
        const error = fromErrorFacts(message.error);
        const { kept, result } = message;
        waiting.outcome.reject(kept ? new InterruptedTask(message.id, error, result) : error);
      }
    }
  }

  #register({ key, clients, identity }: Session): WorkerSession {
    const { region, endpoint, settings, md5, credentials } = clients.config;
    const id = ++this.#sessions;
    this.#providers.set(id, credentials);
    return { ...{ key, id, region, endpoint, settings, identity }, md5: md5 !== undefined };
  }

  /** Ends the process when nothing was asked of it for a while. */
  #rest(): void {
    if (this.#waiting.size > 0 || this.#disposed) return;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      const idle = this.#process;
      this.#process = undefined;
      idle?.stop();
    }, this.#options.idleTime ?? IDLE_MS);
    this.#idle.unref();
  }
}

/**
 * Answers the process that asked and no other: one that was started since numbers its own questions, and
 * would take another account's credentials for the answer to one of them.
 */
async function giveCredentials(
  process: WorkerProcess,
  request: number,
  provider: Credentials | undefined,
): Promise<void> {
  try {
    const credentials = await credentialsOf(provider);
    process.send({ kind: 'credentials', request, credentials });
  } catch (error) {
    process.send({ kind: 'credentials', request, error: toErrorFacts(error) });
  }
}

async function credentialsOf(provider: Credentials | undefined): Promise<PlainCredentials> {
  const given = typeof provider === 'function' ? await provider() : provider;
  if (!given) throw new BrigadeError('CredentialsMissing', 'The task has no session');
  const { accessKeyId, secretAccessKey, sessionToken } = given;
  return { accessKeyId, secretAccessKey, sessionToken };
}
