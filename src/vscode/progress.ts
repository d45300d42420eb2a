import { ProgressLocation, window } from 'vscode';
import { cancelled, signalOf } from './cancellation.ts';
import { progressReporter, type ProgressUpdate } from './progressReporter.ts';
import { withoutLinks } from './withoutLinks.ts';

export interface ProgressOptions {
  readonly title: string;
  /**
   * Where it is shown: a cancellable notification (the default) or, for short work that a view waits
   * for, that view's own progress bar, which has no Cancel.
   */
  readonly location?: ProgressLocation | { viewId: string };
}

export type { ProgressUpdate };

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
  return await window.withProgress(
    {
      location,
      title: withoutLinks(options.title),
      cancellable: location === ProgressLocation.Notification,
    },
    async (progress, token) => {
      const signal = signalOf(token);
      const reporter = progressReporter(progress);
      try {
        return await task(signal, update => reporter.report(update));
      } catch (error) {
        throw signal.aborted ? cancelled() : error;
      } finally {
        reporter.stop();
      }
    },
  );
}
