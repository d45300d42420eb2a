import { isGenerator } from '../../aws/manifest/jobManifest.ts';
import { jobRegion } from '../../aws/batchJobs/jobRegion.ts';
import { BATCH_SERVICE } from '../../aws/roles/rolePolicy.ts';
import { isCancelled } from '../../aws/errors.ts';
import type { ReportChoice } from '../../commands.ts';
import type { Services, Session } from '../../services.ts';
import { bucketOf, type CompleteDraft, type Draft } from './draft.ts';
import { fitsJob } from './roleIssues.ts';

const KEY = 'jobs.lastAnswers';

interface LastAnswers {
  /** By operation. */
  readonly roles: Readonly<Record<string, string>>;
  readonly report?: ReportChoice;
}

type Context = Pick<Services, 'context'>;

/** Remembers what the next job may be offered. That there is to be no report is never offered. */
export async function rememberAnswers(
  { context }: Context,
  { key }: Session,
  { operation, roleArn, report }: CompleteDraft,
): Promise<void> {
  const all = context.workspaceState.get<Readonly<Record<string, LastAnswers>>>(KEY, {});
  const before = all[key];
  const answers: LastAnswers = {
    roles: { ...before?.roles, [operation.name]: roleArn },
    ...(report ? { report } : before?.report && { report: before.report }),
  };
  await context.workspaceState.update(KEY, { ...all, [key]: answers });
}

function lastAnswers({ context }: Context, { key }: Session): LastAnswers | undefined {
  return context.workspaceState.get<Readonly<Record<string, LastAnswers>>>(KEY, {})[key];
}

/**
 * Where the report goes unless it is said otherwise: beside the manifest, or where the last one went
 * if that is in the job's Region. A bucket whose objects S3 finds is no such place: the next job on it
 * would go over the report too.
 *
 * @returns undefined where it has to be asked
 */
export async function likelyReport(
  services: Context,
  session: Session,
  { manifest }: Draft,
  signal: AbortSignal,
): Promise<ReportChoice | undefined> {
  if (manifest === undefined) return undefined;
  const last = lastAnswers(services, session)?.report;
  const bucket = bucketOf(manifest);
  if (!isGenerator(manifest)) return { bucket, scope: last?.scope ?? 'AllTasks' };
  if (last === undefined || last.bucket === bucket) return undefined;
  const { clients } = session;
  const [there, here] = await Promise.all([
    clients.regionOfBucket(last.bucket, signal).catch(() => undefined),
    jobRegion(clients, manifest, { signal }),
  ]);
  return there === here ? last : undefined;
}

/** Roles that are checked unasked: each costs some requests. */
const MAX_CHECKED = 5;

/**
 * The role that was used the last time, if it can do this job too, or the only one that can.
 *
 * @returns undefined where it has to be asked, as where the caller may not ask IAM
 */
export async function likelyRole(
  services: Context,
  session: Session,
  draft: Draft,
  signal: AbortSignal,
): Promise<string | undefined> {
  const fits = (roleArn: string) => fitsJob(session, roleArn, draft, signal);
  const last = lastAnswers(services, session)?.roles[draft.operation?.name ?? ''];
  if (last !== undefined && (await fits(last))) return last;
  const { listServiceRoles } = await import('../../aws/roles/roles.ts');
  try {
    const roles = await listServiceRoles(session.clients, BATCH_SERVICE, { signal });
    if (roles.length > MAX_CHECKED) return undefined;
    const checks = await Promise.all(roles.map(({ arn }) => fits(arn)));
    const fitting = roles.filter((_, at) => checks[at]);
    return fitting.length === 1 ? fitting[0]?.arn : undefined;
  } catch (error) {
    if (isCancelled(error)) throw error;
    return undefined;
  }
}
