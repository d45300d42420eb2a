import { l10n } from 'vscode';
import { BrigadeError, isCancelled } from '../aws/errors.ts';
import { plainFunctionName } from '../aws/functions/functionArn.ts';
import type { AwsClients } from '../aws/clients.ts';
import type { TimeSpan } from '../aws/metrics/metricPeriod.ts';
import { errorForLog } from '../vscode/errorLog.ts';
import { log } from '../vscode/log.ts';
import type { ChangeHistory } from './changeHistory.ts';
import type { Mark, MarksReply, Requests } from './protocol.ts';

type FunctionSpan = Requests['readMarks']['params'];

/** Jobs that are looked at for the function they call: each costs a request. */
const MAX_JOBS_READ = 20;

/**
 * What happened to a function in a span: its deployments, the changes of event notifications that
 * invoke it, and the batch jobs that called it.
 * They only explain the charts, so what can't be read is logged and left out.
 */
export async function readMarks(
  clients: AwsClients,
  history: ChangeHistory,
  { functionName, region, ...span }: FunctionSpan,
  signal: AbortSignal,
): Promise<MarksReply> {
  const asked = { functionName, region, ...span };
  const [last, changes, called] = await Promise.all([
    lastDeployment(clients, functionName, region, signal).catch(unlessMissing),
    history.marks(clients, asked, signal).catch(unread),
    jobs(clients, functionName, span, signal).catch(unread),
  ]);
  const untold = (last ?? []).filter(({ time }) => !changes.some(isDeploymentNear(time)));
  const marks = [...untold, ...changes, ...called]
    .filter(({ time }) => time >= span.start && time < span.end)
    .sort((one, other) => one.time - other.time);
  return { marks, functionExists: last !== undefined };
}

/** Lambda and CloudTrail tell of one deployment by clocks of their own. */
function isDeploymentNear(time: number): (mark: Mark) => boolean {
  return mark => mark.kind === 'deployment' && Math.abs(mark.time - time) < 60;
}

/** @returns undefined when Lambda knows no such function */
function unlessMissing(error: unknown): Mark[] | undefined {
  return error instanceof BrigadeError && error.code === 'NotFound' ? undefined : unread(error);
}

function unread(error: unknown): Mark[] {
  if (isCancelled(error)) throw error;
  log.info(`marks of the charts: ${errorForLog(error)}`);
  return [];
}

/** Lambda tells of the last change only, but to who may not ask CloudTrail, and at once. */
async function lastDeployment(
  clients: AwsClients,
  name: string,
  region: string,
  signal: AbortSignal,
): Promise<Mark[]> {
  const { getFunctionConfiguration } = await import('../aws/functions/functions.ts');
  const found = await getFunctionConfiguration(clients, { functionName: name, region }, { signal });
  const time = Math.floor(Date.parse(found.lastModified) / 1000);
  return Number.isNaN(time)
    ? []
    : [{ time, kind: 'deployment', text: l10n.t('{0} was deployed or configured', name) }];
}

async function jobs(
  clients: AwsClients,
  name: string,
  span: TimeSpan,
  signal: AbortSignal,
): Promise<Mark[]> {
  const { describeJob, listJobs } = await import('../aws/batchJobs/batchJobs.ts');
  const recent = (await listJobs(clients, {}, { signal }))
    .filter(job => job.operation === 'LambdaInvoke')
    .map(job => ({ ...job, time: Math.floor((job.creationTime?.getTime() ?? 0) / 1000) }))
    .filter(({ time }) => time >= span.start && time < span.end)
    .slice(0, MAX_JOBS_READ);
  const described = await Promise.all(
    recent.map(({ jobId }) => describeJob(clients, { jobId }, { signal })),
  );
  return recent.flatMap(({ time, jobId, description }, index) => {
    const called = described[index]?.invocation?.functionArn ?? '';
    if (plainFunctionName(called) !== name) return [];
    return [{ time, kind: 'job', text: l10n.t('Batch job {0}', description ?? jobId) }];
  });
}
