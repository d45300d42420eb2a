import { l10n } from 'vscode';
import type { AwsClients } from '../aws/clients.ts';
import { plainFunctionName } from '../aws/functionArn.ts';
import type { TimeSpan } from '../aws/metrics/metricPeriod.ts';
import type { Annotation } from './protocol.ts';

/** Jobs that are looked at for the function they call: each costs a request. */
const MAX_JOBS_READ = 20;

/** The batch jobs that call a function. What a job calls never changes, so each is read once. */
export class JobCalls {
  /** Names of functions by job id. */
  readonly #called = new Map<string, string>();

  /** @throws BrigadeError `AccessDenied` (s3:ListJobs, s3:DescribeJob) … */
  async annotations(
    clients: AwsClients,
    { functionName, ...span }: { readonly functionName: string } & TimeSpan,
    signal: AbortSignal,
  ): Promise<Annotation[]> {
    const { listJobs } = await import('../aws/batchJobs/batchJobs.ts');
    const recent = (await listJobs(clients, {}, { signal }))
      .filter(job => job.operation === 'LambdaInvoke')
      .map(job => ({ ...job, time: Math.floor((job.creationTime?.getTime() ?? 0) / 1000) }))
      .filter(({ time }) => time >= span.start && time < span.end)
      .slice(0, MAX_JOBS_READ);
    const called = await Promise.all(
      recent.map(({ jobId }) => this.#functionOf(clients, jobId, signal)),
    );
    return recent
      .filter((_, index) => called[index] === functionName)
      .map(({ time, jobId, description }) => ({
        time,
        kind: 'job',
        text: l10n.t('Batch job {0}', description ?? jobId),
      }));
  }

  async #functionOf(clients: AwsClients, jobId: string, signal: AbortSignal): Promise<string> {
    const known = this.#called.get(jobId);
    if (known !== undefined) return known;
    const { describeJob } = await import('../aws/batchJobs/batchJobs.ts');
    const { invocation } = await describeJob(clients, { jobId }, { signal });
    const name = plainFunctionName(invocation?.functionArn ?? '');
    this.#called.set(jobId, name);
    return name;
  }
}
