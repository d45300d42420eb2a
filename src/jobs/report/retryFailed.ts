import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { l10n, window } from 'vscode';
import { BrigadeError } from '../../aws/errors.ts';
import type { Job } from '../../aws/batchJobs/job.ts';
import { isFinal } from '../../aws/batchJobs/jobStatus.ts';
import { reportFolder } from '../../aws/batchJobs/reportFolder.ts';
import { objectArn, formatS3Uri } from '../../aws/s3Uri.ts';
import { withoutWildcards } from '../../aws/roles/policyStatement.ts';
import { roleName } from '../../aws/roles/roleNames.ts';
import type { RetryJob } from '../../aws/batchJobs/retryJob.ts';
import type { NeededPermission } from '../../aws/report/failureCause.ts';
import type { HandlerArguments } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import { detailWithOwner } from '../../vscode/ownerLabel.ts';
import { describeError } from '../../vscode/describeError.ts';
import { formatCount, formatObjects } from '../../vscode/formats.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { Resumable } from '../../vscode/registerCommand.ts';
import { visibleSentence } from '../../vscode/visibleText.ts';
import { neutralizeLinks } from '../../vscode/neutralizeLinks.ts';
import { inJobsView } from '../inJobsView.ts';
import { jobName, shortened } from '../jobName.ts';
import { operationLabel } from '../operations/operationLabel.ts';
import { resolveJobOrAsk } from '../jobTargets.ts';
import type { Jobs } from '../jobs.ts';
import { findReportFor, indexFound, type IndexedReport } from './foundReport.ts';

/** Makes a job that does again what failed of another, and nothing else. */
export async function retryFailed(
  jobs: Jobs,
  ...[target]: HandlerArguments<'bucketBrigade.jobs.retryFailed'>
): Promise<string | undefined> {
  const { job } = await resolveJobOrAsk(jobs, target, {
    title: l10n.t('Retry Failed'),
    placeholder: l10n.t('Select a job to retry its failed objects'),
    none: l10n.t('No batch job has failed objects.'),
    fits: one => isFinal(one.status) && one.failed > 0,
  });
  const title = l10n.t('Reading the completion report');
  const indexed = await withCancellableProgress({ title }, async (signal, report) => {
    const found = await findReportFor(jobs, job, signal);
    return await indexFound(jobs, found, {
      signal,
      onRows: (_, rows) => report({ message: formatObjects(rows) }),
    });
  });
  return await retryIndexed(jobs, indexed, { isSilent: target?.skipConfirmation === true });
}

export interface RetryOptions {
  /** Only failures of these kinds, by their numbers in the report's summary. */
  readonly groups?: readonly number[];
  /** Asks nothing, and runs the job. */
  readonly isSilent?: boolean;
}

interface Plan {
  readonly session: Session;
  readonly job: Job;
  readonly objects: number;
  readonly attempt: number;
  readonly place: { readonly bucket: string; readonly key: string };
  /** What the role has to be allowed besides, to read the manifest. */
  readonly missing: readonly NeededPermission[];
}

/**
 * The same of a report that was read: asks, writes the manifest, creates the job and runs it.
 *
 * @returns the id of the job; undefined where nothing failed
 * @throws BrigadeError; Resumable when the job is there but could not be run
 */
export async function retryIndexed(
  jobs: Jobs,
  report: IndexedReport,
  { groups, isSilent = false }: RetryOptions = {},
): Promise<string | undefined> {
  const { session, job, summary } = report;
  const objects = (groups ?? [...summary.groups.keys()]).reduce(
    (sum, group) => sum + (summary.groups[group]?.count ?? 0),
    0,
  );
  if (job?.report === undefined || objects === 0) {
    void window.showInformationMessage(l10n.t('There is nothing to retry.'));
    return undefined;
  }
  const plan = await inJobsView(l10n.t('Retry Failed'), signal =>
    planRetry(session, job, objects, signal),
  );
  const next = isSilent ? 'run' : await confirm(plan);
  const made = await make(jobs, report, plan, groups);
  await follow(jobs, plan, made);
  if (next === 'run') await run(jobs, plan, made);
  return made.jobId;
}

async function planRetry(
  session: Session,
  job: Job,
  objects: number,
  signal: AbortSignal,
): Promise<Plan> {
  const { clients } = session;
  const attempt = (await attemptOf(session, job, signal)) + 1;
  const { bucket = '', prefix } = job.report ?? {};
  // Beside the report: who may see the one may see the other.
  const time = new Date().toISOString().replace(/[:.]/g, '-');
  const key = `${reportFolder(prefix, job.jobId)}retry/${attempt}-${time}.csv`;
  const resources = [objectArn(clients.partition, bucket, withoutWildcards(key))];
  const needs = [{ actions: ['s3:GetObject', 's3:GetObjectVersion'], resources }];
  const { roleDenial } = await import('../../aws/report/roleDenial.ts');
  const denial =
    job.roleArn === undefined
      ? undefined
      : await roleDenial(clients, job.roleArn, needs, { signal });
  const place = { bucket, key };
  return { session, job, objects, attempt, place, missing: denial?.missing ?? [] };
}

/** A caller who may not read a job's tags counts from the first. */
async function attemptOf(
  { clients }: Session,
  { jobId, region }: Job,
  signal: AbortSignal,
): Promise<number> {
  const { readLineage } = await import('../../aws/batchJobs/lineage.ts');
  try {
    return (await readLineage(clients, { jobId, region }, { signal })).attempt;
  } catch (error) {
    if (error instanceof BrigadeError && error.code === 'AccessDenied') return 1;
    throw error;
  }
}

async function confirm(plan: Plan): Promise<'run' | 'create'> {
  const { session, job, objects, place, missing } = plan;
  const run = l10n.t('Retry');
  const create = l10n.t('Create Job Only');
  const lines = [
    l10n.t(
      'A new job runs the same operation ({0}) on exactly these objects, with the same role and report location.',
      operationLabel(job.operation),
    ),
    l10n.t('Its manifest is written to {0}.', formatS3Uri(place)),
    ...(missing.length === 0
      ? []
      : [
          l10n.t(
            'The role {0} can’t read it yet: a policy that allows s3:GetObject on this manifest is added to the role.',
            roleName(job.roleArn ?? ''),
          ),
        ]),
    l10n.t('Objects fail again if the cause of the failure still exists.'),
  ];
  const question = l10n.t('Retry {0} of “{1}”?', formatObjects(objects), jobName(job));
  const detail = visibleSentence(detailWithOwner(session, lines.join('\n\n')));
  const chosen = await window.showWarningMessage(
    neutralizeLinks(question),
    { modal: true, detail },
    run,
    create,
  );
  if (chosen === undefined) throw cancelled();
  return chosen === run ? 'run' : 'create';
}

/** Milliseconds until AWS knows everywhere what a role was just allowed; the sandbox does at once. */
const POLICY_DELAY = 10_000;

async function make(
  jobs: Jobs,
  { folder }: IndexedReport,
  plan: Plan,
  groups: readonly number[] | undefined,
): Promise<RetryJob & { readonly rows: number; readonly left: number }> {
  const { session, job, attempt, place, missing } = plan;
  const { clients, connection } = session;
  const title = l10n.t('Creating the retry job');
  return await withCancellableProgress({ title }, async (signal, report) => {
    const [{ allowInRole }, { createRetryJob }] = await Promise.all([
      import('../../aws/report/roleDenial.ts'),
      import('../../aws/batchJobs/retryJob.ts'),
    ]);
    const { worker } = jobs;
    const { view } =
      groups === undefined
        ? {}
        : await worker.run(
            session,
            'queryReport',
            { folder, query: { groups } },
            { title, signal },
          );
    const onProgress = (rows: number): void => report({ message: formatObjects(rows) });
    const input = { folder, ...place, ...(view !== undefined && { view }) };
    const options = { title, signal, onProgress };
    const written = await worker.run(session, 'writeRetryManifest', input, options);
    if (missing.length > 0 && job.roleArn !== undefined) {
      await allowInRole(clients, job.roleArn, missing, { signal });
      report({ message: l10n.t('waiting until the role can read the manifest') });
      if (connection.endpoint === undefined) await delay(POLICY_DELAY, undefined, { signal });
    }
    const created = await createRetryJob(
      clients,
      {
        ...{ parent: job, manifest: written.manifest, attempt },
        description: l10n.t('Retry {0} of {1}', formatCount(attempt - 1), baseName(job)),
        clientRequestToken: randomUUID(),
      },
      { signal },
    );
    return { ...created, rows: written.rows, left: written.left };
  });
}

/** The name of what is retried, however often. */
function baseName(job: Job): string {
  const name = jobName(job);
  const pattern = l10n.t('Retry {0} of {1}', '\0', '\x01').replace(/[^\w\0\x01 ]/g, '\\$&');
  const retry = new RegExp(
    `^${pattern.replace('\0', '[\\d.,\\s]+').replace('\x01', '(.+)')}$`,
    's',
  );
  return retry.exec(name)?.[1] ?? name;
}

async function follow(
  jobs: Jobs,
  { session, job }: Plan,
  { jobId, region, untagged, left }: Awaited<ReturnType<typeof make>>,
): Promise<void> {
  await jobs.watched.add(session, { jobId, region });
  await jobs.regions.add(session, region);
  jobs.lists.of({ session: session.key }).invalidate();
  jobs.following.nudge(session);
  const notes = [
    ...(untagged === undefined
      ? []
      : [
          l10n.t(
            'The job was created, but couldn’t be linked with “{0}” by job tags: {1}',
            shortened(jobName(job), 48),
            describeError(untagged),
          ),
        ]),
    ...(left === 0
      ? []
      : [
          l10n.t(
            'Skipped: {0} without a version ID. A job can’t mix them with objects that have one.',
            formatObjects(left),
          ),
        ]),
  ];
  if (notes.length > 0) void window.showWarningMessage(neutralizeLinks(notes.join(' ')));
}

/** @throws Resumable */
async function run(
  jobs: Jobs,
  { session }: Plan,
  { jobId, region, rows }: Awaited<ReturnType<typeof make>>,
): Promise<void> {
  const { runAgreed } = await import('../runJob.ts');
  const resolved = { session, job: { jobId, region, session: session.key } };
  const start = () => runAgreed(jobs, resolved, rows);
  try {
    await start();
  } catch (error) {
    throw new Resumable(error, start);
  }
}
