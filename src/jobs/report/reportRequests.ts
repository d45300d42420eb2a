import { env, l10n, Uri, window, workspace } from 'vscode';
import { BrigadeError } from '../../aws/errors.ts';
import { readRows } from '../../aws/report/readRows.ts';
import type { IndexedRow } from '../../aws/report/rowLine.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { runCommandFor } from '../../vscode/runCommand.ts';
import { resolveJob } from '../jobTargets.ts';
import { formatObjects } from '../../vscode/formats.ts';
import type { Jobs } from '../jobs.ts';
import type { FoundReport } from './foundReport.ts';
import type { FromReport, ObjectAddress, Requests, TableRow } from './protocol.ts';

/** The views that a page was given, by their numbers; 0 is the whole report as it is. */
export interface OpenViews {
  folder: string | undefined;
  readonly files: Map<number, string>;
}

export interface RequestContext {
  readonly jobs: Jobs;
  readonly views: OpenViews;
  readonly found: FoundReport | undefined;
  readonly signal: AbortSignal;
}

type Request = Exclude<Extract<FromReport, { kind: 'request' }>, { method: 'act' }>;

/** Does what the page asks. @throws BrigadeError; a node:fs error when the index is gone */
export async function answer(request: Request, asked: RequestContext): Promise<unknown> {
  switch (request.method) {
    case 'query':
      return await query(request.params, asked);
    case 'rows':
      return await rows(request.params, asked);
    case 'openObject':
      await onObject('bucketBrigade.explorer.openObject', request.params, asked);
      return null;
    case 'revealObject':
      await onObject('bucketBrigade.explorer.reveal', request.params, asked);
      return null;
    case 'copyText':
      await env.clipboard.writeText(request.params.text);
      return null;
    case 'exportRows':
      return await exportView(request.params, asked);
  }
}

function folderOf({ folder }: OpenViews): string {
  if (folder === undefined) throw cancelled();
  return folder;
}

async function query(
  { query: wanted }: Requests['query']['params'],
  { jobs, views, found, signal }: RequestContext,
): Promise<Requests['query']['result']> {
  const folder = folderOf(views);
  if (found === undefined) throw cancelled();
  const title = l10n.t('Search the report of {0}', found.name);
  const input = { folder, query: wanted };
  const result = await jobs.worker.run(found.session, 'queryReport', input, { title, signal });
  const { view, rows: count } = result;
  if (view === undefined) return { view: 0, rows: count };
  const number = Math.max(0, ...views.files.keys()) + 1;
  views.files.set(number, view);
  return { view: number, rows: count };
}

/** @throws BrigadeError for a view that the page was not given */
function inputOf({ views }: Pick<RequestContext, 'views'>, number: number) {
  const view = views.files.get(number);
  if (view === undefined && number !== 0)
    throw new BrigadeError('InvalidInput', l10n.t('This view no longer exists.'));
  return { folder: folderOf(views), ...(view !== undefined && { view }) };
}

async function rows(
  { view, from, count }: Requests['rows']['params'],
  asked: RequestContext,
): Promise<readonly TableRow[]> {
  const found = await readRows({ ...inputOf(asked, view), from, count });
  return found.map(shownRow);
}

function shownRow(row: IndexedRow): TableRow {
  const { bucket, key, versionId, succeeded, httpStatus, errorCode, message } = row;
  return { bucket, key, versionId, succeeded, httpStatus, errorCode, message };
}

/** What is shown belongs to one connection: it opens in no other. */
async function onObject(
  command: 'bucketBrigade.explorer.openObject' | 'bucketBrigade.explorer.reveal',
  { bucket, key }: ObjectAddress,
  { jobs, found, signal }: RequestContext,
): Promise<void> {
  if (found === undefined) return;
  const target = { jobId: found.job?.jobId ?? '', session: found.session.key };
  const { session } = await resolveJob(jobs, target, signal);
  await runCommandFor(session, command, { bucket, key });
}

async function exportView(
  { view }: Requests['exportRows']['params'],
  asked: RequestContext,
): Promise<Requests['exportRows']['result']> {
  const { jobs, found } = asked;
  const input = inputOf(asked, view);
  if (found === undefined) return null;
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const name = `${found.name}.csv`.replace(/[^\w.-]+/g, '-');
  const chosen = await window.showSaveDialog({
    title: l10n.t('Export as CSV'),
    filters: { CSV: ['csv'] },
    defaultUri: folder && Uri.joinPath(folder, name),
  });
  if (chosen === undefined) return null;
  const title = l10n.t('Exporting the report');
  const written = await withCancellableProgress({ title }, (signal, report) =>
    jobs.worker.run(
      found.session,
      'exportRows',
      { ...input, file: chosen.fsPath },
      { title, signal, onProgress: done => report({ message: formatObjects(done) }) },
    ),
  );
  return { text: l10n.t('{0} exported to {1}', formatObjects(written), chosen.fsPath) };
}
