import { withCancellableProgress } from '../vscode/progress.ts';

/**
 * Shows in the progress bar of the Batch Jobs view that a short request is under way.
 *
 * @param title what is being done; the bar itself shows no text
 */
export async function inJobsView<T>(
  title: string,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return await withCancellableProgress({ title, location: { viewId: 'bucketBrigade.jobs' } }, task);
}
