import { ProgressLocation, window } from 'vscode';
import { cancelled, signalOf } from './cancellation.ts';
import {
  progressReporter,
  type ProgressReporter,
  type ProgressUpdate,
} from './progressReporter.ts';
import { settledBefore } from './settledBefore.ts';
import { neutralizeLinks } from './neutralizeLinks.ts';

export interface ProgressOptions {
  readonly title: string;
  /**
   * Where it is shown: a cancellable notification (the default) or, for short work that a view waits
   * for, that view's own progress bar, which has no Cancel.
   */
  readonly location?: ProgressLocation | { viewId: string };
  /** Milliseconds after which a notification is shown: that of shorter work would only flash. */
  readonly showAfterMs?: number;
  /** Calls it off too: there is another place where it can be cancelled. */
  readonly signal?: AbortSignal;
}

export type { ProgressUpdate };

/** For most work. */
const SHOW_AFTER_MS = 500;

/**
 * Shows progress while `task` runs. Cancel aborts the signal; if the task then fails for whatever
 * reason, that counts as cancelled.
 *
 * @throws what the task throws, or `BrigadeError` `Cancelled`.
 */
export async function withCancellableProgress<T>(
  options: ProgressOptions,
  task: (signal: AbortSignal, report: (update: ProgressUpdate) => void) => Promise<T>,
): Promise<T> {
  const location = options.location ?? ProgressLocation.Notification;
  const isNotification = location === ProgressLocation.Notification;
  const controller = new AbortController();
  const { signal } = controller;
  follow(controller, options.signal);
  let reporter: ProgressReporter | undefined;
  let latest: ProgressUpdate = {};
  const work = settled(signal, () =>
    task(signal, update => {
      latest = { ...latest, ...update };
      reporter?.report(update);
    }),
  );
  if (isNotification && (await settledBefore(work, options.showAfterMs ?? SHOW_AFTER_MS)))
    return await work;
  return await window.withProgress(
    { location, title: neutralizeLinks(options.title), cancellable: isNotification },
    async (progress, token) => {
      follow(controller, signalOf(token));
      reporter = progressReporter(progress);
      reporter.report(latest);
      try {
        return await work;
      } finally {
        reporter.stop();
      }
    },
  );
}

function follow(controller: AbortController, signal: AbortSignal | undefined): void {
  if (signal?.aborted) controller.abort();
  else signal?.addEventListener('abort', () => controller.abort(), { once: true });
}

/** What fails once it is called off has been cancelled, whatever it says. */
async function settled<T>(signal: AbortSignal, task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    throw signal.aborted ? cancelled() : error;
  }
}
