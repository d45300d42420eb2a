import { l10n, window } from 'vscode';
import { isGenerator } from '../../aws/manifest/jobManifest.ts';
import { partsOf, type JobRequest } from '../../aws/preflight/jobParts.ts';
import type { Session } from '../../services.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import type { PageAction } from '../../vscode/page/protocol.ts';
import type { JobCheck } from '../jobToCheck.ts';
import type { Draft, Question } from './draft.ts';
import { readManifestOf } from './readManifest.ts';

/** What is done after a job was looked at. */
export type CheckChoice = 'create' | 'run' | 'summary' | 'json' | Question;

export interface DraftToCheck {
  readonly session: Session;
  readonly name: string;
  /** Fixes put their answers here. */
  readonly draft: Draft;
  /** What CreateJob would be asked for now. */
  readonly request: () => Promise<JobRequest>;
}

/**
 * Shows on a page what speaks for and against the job, until it is created there, or an answer is
 * changed.
 *
 * @throws BrigadeError `Cancelled` when the page is closed
 */
export async function checkDraft(check: JobCheck, checked: DraftToCheck): Promise<CheckChoice> {
  const { session, name, draft, request } = checked;
  const { promise, resolve, reject } = Promise.withResolvers<CheckChoice>();
  const page = await check.open({
    ...{ session, key: 'new', name, request },
    adopt: changed => adopt(session, draft, changed),
    chooseReport: () => resolve('report'),
    actions: actions(),
    onAction: id => resolve(id as CheckChoice),
  });
  page.onDidDispose(() => reject(cancelled()));
  try {
    return await promise;
  } finally {
    page.dispose();
  }
}

function actions(): PageAction[] {
  return [
    { id: 'create', label: l10n.t('Create Job'), isPrimary: true },
    { id: 'run', label: l10n.t('Create and Run') },
    { id: 'summary', label: l10n.t('Back to Summary') },
    { id: 'roleArn', label: l10n.t('Choose Role…') },
    { id: 'json', label: l10n.t('Edit as JSON') },
  ];
}

async function adopt(session: Session, draft: Draft, request: JobRequest): Promise<void> {
  const { manifest, report } = partsOf(request);
  const before = draft.manifest;
  const isOther =
    manifest !== undefined &&
    (before === undefined ||
      isGenerator(before) ||
      before.key !== manifest.key ||
      before.eTag !== manifest.eTag);
  if (isOther) draft.manifest = await readManifestOf(session, manifest);
  if (report === undefined) return;
  const { bucket, prefix } = report;
  const scope = request.Report?.ReportScope === 'FailedTasksOnly' ? 'FailedTasksOnly' : 'AllTasks';
  draft.report = { bucket, scope, ...(prefix !== '' && { prefix }) };
}

/**
 * Looks at a job that is about to be created, and asks about what would make it fail.
 *
 * @returns `check` to see all of it
 * @throws BrigadeError `Cancelled`
 */
export async function confirmChecked(
  check: JobCheck,
  session: Session,
  request: JobRequest,
): Promise<'create' | 'check'> {
  const title = l10n.t('Checking the job');
  const failures = await withCancellableProgress({ title }, signal =>
    check.failures(session, request, signal),
  );
  if (failures.length === 0) return 'create';
  const show = l10n.t('Show Checks');
  const create = l10n.t('Create Anyway');
  const chosen = await window.showWarningMessage(
    l10n.t('The job would fail or not do what you want'),
    { modal: true, detail: failures.join('\n\n') },
    show,
    create,
  );
  if (chosen === undefined) throw cancelled();
  return chosen === create ? 'create' : 'check';
}
