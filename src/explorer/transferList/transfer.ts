import { EventEmitter, type Event } from 'vscode';
import { cancelled } from '../../vscode/cancellation.ts';
import type { ProgressUpdate } from '../../vscode/progress.ts';
import type { Owner } from '../../vscode/sessionOwner.ts';
import { Speed } from './speed.ts';

export type TransferKind = 'upload' | 'download' | 'copy' | 'move' | 'delete' | 'sync';

/** `failed`: it came to its end, but not all of it was done. */
export type TransferState = 'running' | 'paused' | 'done' | 'failed' | 'cancelled';

/** What a transfer is, before it has begun. */
export interface TransferStart {
  readonly kind: TransferKind;
  /** What is being done, as its progress says it: `Uploading 12 files to photos`. */
  readonly title: string;
  /** Whose data it is (`ownerOf`). */
  readonly owner: Owner;
  /** Where it comes from and goes to, for people: `s3://…`, the path of a folder. */
  readonly from?: string;
  readonly to?: string;
  readonly total?: { readonly items?: number; readonly bytes?: number };
  /** Also one file can be stopped in the middle and continue. */
  readonly pausesInside?: boolean;
  /** What “Reveal Target” shows: a place in S3, or the URI of a file or folder. */
  readonly target?: { readonly bucket: string; readonly key?: string } | { readonly uri: string };
}

/** How far a transfer is; what is absent stays as it was. */
export interface TransferProgress extends ProgressUpdate {
  /** Files or objects that have come to their end, good or bad. */
  readonly items?: number;
  readonly bytes?: number;
  readonly totalItems?: number;
  readonly totalBytes?: number;
}

/** What was not done of a transfer that has ended. */
export interface TransferEnd {
  /** Some of them is enough where there are very many: `failedCount` then says how many. */
  readonly failed?: readonly { readonly name: string; readonly error: unknown }[];
  readonly failedCount?: number;
  /** Not tried any more. */
  readonly left?: number;
  readonly isCancelled?: boolean;
  /** What kept it from trying the rest. */
  readonly stoppedBy?: unknown;
  /** Does again what failed or is left, as a transfer of its own. */
  readonly retry?: () => Promise<void>;
}

/** A transfer as the one sees it who does the work. */
export interface RunningTransfer {
  /** Aborts when it is cancelled, in its row or in its notification. */
  readonly signal: AbortSignal;
  /** May be called thousands of times a second. */
  readonly report: (progress: TransferProgress) => void;
  /**
   * To be awaited before each item begins: answers at once, or, while the transfer is paused, when it
   * is resumed. Who calls it, or listens to `onDidPause`, can be paused.
   *
   * @throws BrigadeError `Cancelled`
   */
  readonly ready: () => Promise<void>;
  /** True: start nothing new. For an engine in another process, which has to be told. */
  readonly onDidPause: Event<boolean>;
  /** Its failures are tried again elsewhere: its row offers that no more. */
  readonly retried: () => void;
}

/** One row of the Transfers view: what it is, how far it is, and what can be done about it. */
export class Transfer {
  readonly id: string;
  readonly start: TransferStart;
  readonly startedAt = Date.now();
  readonly #onDidChange: (transfer: Transfer, isNow: boolean) => void;
  readonly #controller = new AbortController();
  readonly #paused = new EventEmitter<boolean>();
  readonly #speed = new Speed();
  #state: TransferState = 'running';
  #progress: TransferProgress;
  #canPause = false;
  #end: TransferEnd | undefined;
  #endedAt: number | undefined;

  constructor(
    id: string,
    start: TransferStart,
    onDidChange: (transfer: Transfer, isNow: boolean) => void,
  ) {
    this.id = id;
    this.start = start;
    this.#onDidChange = onDidChange;
    this.#progress = { totalItems: start.total?.items, totalBytes: start.total?.bytes };
  }

  get state(): TransferState {
    return this.#state;
  }

  get isOver(): boolean {
    return this.#endedAt !== undefined;
  }

  get progress(): TransferProgress {
    return this.#progress;
  }

  get end(): TransferEnd | undefined {
    return this.#end;
  }

  /** Milliseconds since 1970. */
  get endedAt(): number | undefined {
    return this.#endedAt;
  }

  /** One file can't be stopped in the middle and continue, unless its start says so. */
  get canPause(): boolean {
    const isPausable = this.start.pausesInside === true || this.#progress.totalItems !== 1;
    return this.#canPause && !this.isOver && isPausable;
  }

  /** Bytes and items a second of late; undefined while that can't be said. */
  get speed(): { readonly bytes: number; readonly items: number } | undefined {
    return this.#state === 'running' ? this.#speed.now(Date.now()) : undefined;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  cancel(): void {
    if (!this.isOver) this.#controller.abort();
  }

  pause(): void {
    if (this.#state !== 'running' || !this.canPause) return;
    this.#become('paused');
    this.#paused.fire(true);
  }

  resume(): void {
    if (this.#state !== 'paused') return;
    this.#speed.restart();
    this.#become('running');
    this.#paused.fire(false);
  }

  /** Tries again what failed or is left, once. */
  async retry(): Promise<void> {
    const retry = this.#end?.retry;
    this.retried();
    await retry?.();
  }

  retried(): void {
    if (!this.#end?.retry) return;
    this.#end = { ...this.#end, retry: undefined };
    this.#onDidChange(this, true);
  }

  /** What the work is given. @param signal also aborts when the notification is cancelled */
  running(signal: AbortSignal, report: (update: ProgressUpdate) => void): RunningTransfer {
    return {
      signal,
      report: progress => {
        this.#note(progress);
        report(progress);
      },
      ready: () => this.#ready(signal),
      onDidPause: (...listener) => {
        this.#allowPause();
        return this.#paused.event(...listener);
      },
      retried: () => this.retried(),
    };
  }

  /** It is over. */
  finish(end: TransferEnd = {}): void {
    this.#end = end;
    this.#endedAt = Date.now();
    const failures = end.failedCount ?? end.failed?.length ?? 0;
    if (end.isCancelled) this.#become('cancelled');
    else this.#become(failures > 0 || end.stoppedBy !== undefined ? 'failed' : 'done');
    this.#paused.dispose();
  }

  #note(progress: TransferProgress): void {
    this.#progress = { ...this.#progress, ...progress };
    const { bytes = 0, items = 0 } = this.#progress;
    this.#speed.note(Date.now(), bytes, items);
    this.#onDidChange(this, false);
  }

  #allowPause(): void {
    if (this.#canPause) return;
    this.#canPause = true;
    this.#onDidChange(this, false);
  }

  async #ready(signal: AbortSignal): Promise<void> {
    this.#allowPause();
    if (signal.aborted) throw cancelled();
    if (this.#state !== 'paused') return;
    await new Promise<void>((resolve, reject) => {
      const stop = (): void => {
        listener.dispose();
        reject(cancelled());
      };
      const listener = this.#paused.event(isPaused => {
        if (isPaused) return;
        listener.dispose();
        signal.removeEventListener('abort', stop);
        resolve();
      });
      signal.addEventListener('abort', stop, { once: true });
    });
  }

  #become(state: TransferState): void {
    this.#state = state;
    this.#onDidChange(this, true);
  }
}
