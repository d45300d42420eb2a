import { describeJob, listJobs as awsListJobs } from '../../aws/batchJobs/batchJobs.ts';
import { findReport } from '../../aws/batchJobs/completionReport.ts';
import { summarizeReport as awsSummarizeReport } from '../../aws/batchJobs/reportSummary.ts';
import { preflight } from '../../aws/preflight/preflight.ts';
import type { ManifestCheck } from '../../aws/manifestCheck/checkManifest.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import { requestOf, type JobInput } from '../jobInput.ts';
import type { ReadingTool, ToolCall } from '../tool.ts';

interface JobAddress {
  readonly jobId: string;
  readonly region?: string;
}

export const listJobs: ReadingTool = {
  kind: 'reading',
  async read({
    session: { clients },
    input,
    signal,
  }: ToolCall<{ readonly status?: string; readonly region?: string; readonly limit?: number }>) {
    const { status, region = clients.region, limit = 50 } = input;
    const statuses = status === undefined ? undefined : [status];
    const jobs = await awsListJobs(clients, { region, ...(statuses && { statuses }) }, { signal });
    const rows = jobs.slice(0, limit);
    return {
      region,
      rows,
      notes: [`${rows.length} of ${jobs.length} batch jobs, the newest first.`],
    };
  },
};

/** What a job has in other words too. */
const TOLD_ELSEWHERE: ReadonlySet<string> = new Set(['request', 'does', 'unknownMembers']);

export const readJob: ReadingTool = {
  kind: 'reading',
  async read({ session: { clients }, input, signal }: ToolCall<JobAddress>) {
    const job = await describeJob(clients, input, { signal });
    const row = Object.entries(job).filter(([name]) => !TOLD_ELSEWHERE.has(name));
    return { region: job.region, rows: [Object.fromEntries(row)] };
  },
};

export const summarizeReport: ReadingTool = {
  kind: 'reading',
  async read({ session: { clients }, input, signal }: ToolCall<JobAddress>) {
    const job = await describeJob(clients, input, { signal });
    const { report, region, status, jobId } = job;
    if (report === undefined) {
      return { region, rows: [], notes: ['No completion report was asked for.'] };
    }
    const client = await clients.s3ForBucket(report.bucket, signal);
    const place = { bucket: report.bucket, prefix: report.prefix, jobId, job };
    const found = await findReport(client, place, { signal });
    const summary = await awsSummarizeReport(client, found, { signal, maxRows: 0 });
    const { total, succeeded, failed, groups, damage } = summary;
    const notes = [
      `The report has ${total} rows: ${succeeded} succeeded, ${failed} failed.`,
      'Failures follow by code and message, the most frequent first.',
      ...(damage.count > 0 ? [`${damage.count} rows could not be read.`] : []),
    ];
    const head = { jobId, status, report: formatS3Uri({ bucket: found.bucket, key: found.key }) };
    return { region, notes, rows: [head, ...groups] };
  },
};

interface ManifestInput {
  readonly bucket: string;
  readonly key: string;
  readonly askObjects?: boolean;
}

/** Problems that are told with their rows. */
const MAX_PROBLEMS = 50;

export const checkManifest: ReadingTool = {
  kind: 'reading',
  async read({ session, input, signal, services }: ToolCall<ManifestInput>) {
    const { bucket, key, askObjects = false } = input;
    const check: ManifestCheck = await services.worker.run(
      session,
      'checkManifest',
      { bucket, key, asksObjects: askObjects, maxProblems: MAX_PROBLEMS },
      { title: formatS3Uri({ bucket, key }), signal },
    );
    const { rows: objects, problems, problemCounts, buckets, format, fields, asked } = check;
    const notes = [
      `The manifest names objects: ${objects ?? 'not counted'}.`,
      ...(asked === undefined ? [] : [`S3 was asked for ${asked} of them.`]),
      problems.length === 0 ? 'No problem was found.' : 'Problems follow, with rows from 1.',
    ];
    const region = await session.clients.regionOfBucket(bucket, signal);
    const head = { format, fields, problemCounts, buckets: buckets.slice(0, 20) };
    return { region, notes, rows: [head, ...problems] };
  },
};

export const preflightJob: ReadingTool = {
  kind: 'reading',
  async read({ session, input, signal }: ToolCall<JobInput>) {
    const { clients, identity } = session;
    const request = await requestOf(session, input, signal);
    const found = await preflight(clients, request, { callerArn: identity.arn }, { signal });
    const count = (status: string): number =>
      found.checks.filter(check => check.status === status).length;
    const notes = [
      `${count('failed')} checks failed, ${count('warned')} warn, ${count('unchecked')} could not be made, ${count('passed')} passed. Nothing was created.`,
      `Objects of the job: ${found.objects ?? 'not counted'}.`,
    ];
    // What failed first: it is what the answer is about, should it be too long.
    const order = ['failed', 'warned', 'unchecked', 'passed'];
    const rows = found.checks
      .map(({ id, status, subject, reason }) => ({ check: id, status, subject, reason }))
      .sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status));
    return { ...(found.region !== undefined && { region: found.region }), notes, rows };
  },
};
