import { l10n, window } from 'vscode';
import type { DirectProgress, DirectResult } from '../../aws/tagChanges/directEngine.ts';
import type { TagPreview } from '../../aws/tagChanges/previewTags.ts';
import type { Session } from '../../services.ts';
import { formatCount } from '../../vscode/formats.ts';
import { log } from '../../vscode/log.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { runCommand } from '../../vscode/runCommand.ts';
import { neutralizeLinks } from '../../vscode/neutralizeLinks.ts';
import type { Tasks } from '../../worker/protocol.ts';
import type { Jobs } from '../jobs.ts';
import { runFor } from '../runFor.ts';
import { progressText, resultText } from './tagsPage.ts';

/** Tasks that change tags by requests from here. */
export type DirectTaskName = 'changeTags' | 'undoTags';

export interface DirectRun<N extends DirectTaskName> {
  readonly name: N;
  readonly input: Tasks[N]['input'];
  /** What is done, for the progress and should it be interrupted. */
  readonly title: string;
  readonly onProgress: (progress: DirectProgress) => void;
}

/**
 * Has the worker change tags under a progress; called off, it ends with a report of what was done.
 *
 * @throws BrigadeError as the task does
 */
export async function runDirect<N extends DirectTaskName>(
  { worker }: Pick<Jobs, 'worker'>,
  session: Session,
  { name, input, title, onProgress }: DirectRun<N>,
): Promise<DirectResult> {
  return await withCancellableProgress({ title }, async (signal, report) => {
    const tell = (progress: DirectProgress): void => {
      report({ message: progressText(progress) });
      onProgress(progress);
    };
    return await worker.run(session, name, input, { title, signal, onProgress: tell });
  });
}

/** Which preview the worker makes, and of what. */
export interface PreviewInput<N extends 'previewTags' | 'previewUndo'> {
  readonly name: N;
  readonly input: Tasks[N]['input'];
  readonly title: string;
}

/** Has the worker preview a change of tags, with progress. @throws BrigadeError as the task does */
export async function runPreview<N extends 'previewTags' | 'previewUndo'>(
  { worker }: Pick<Jobs, 'worker'>,
  session: Session,
  { name, input, title }: PreviewInput<N>,
): Promise<TagPreview> {
  return await withCancellableProgress({ title }, async (signal, report) => {
    const onProgress = ({ looked }: { looked: number }): void =>
      report({ message: l10n.t('{0} scanned', formatCount(looked)) });
    return await worker.run(session, name, input, { title, signal, onProgress });
  });
}

/** Says what happened to a change, and has the Buckets view show its tags. */
export async function showResult(
  jobs: Pick<Jobs, 'connections'>,
  session: Session,
  result: DirectResult,
): Promise<void> {
  await refreshTags(result);
  const { report, failed, cancelled } = result;
  const open = l10n.t('Open Report');
  const show = failed > 0 || cancelled ? window.showWarningMessage : window.showInformationMessage;
  const buttons = report ? [open] : [];
  const answer = await show(neutralizeLinks(resultText(result)), ...buttons);
  if (answer === open && report) {
    await runFor(jobs, session, 'bucketBrigade.jobs.openReport', report);
  }
}

/** Has what shows tags read them again; which objects they were are too many to name. */
export async function refreshTags({ report }: DirectResult): Promise<void> {
  try {
    await runCommand('bucketBrigade.explorer.refresh', {
      tags: 'of any object',
      ...(report && { report }),
    });
  } catch (error) {
    log.warn(`The Buckets view was not refreshed: ${String(error)}`);
  }
}
