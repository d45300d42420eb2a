import { AwsError } from '../../errors.ts';
import { authorize } from '../../iam/authorize.ts';
import { decodeToken, encodeToken } from '../../opaqueToken.ts';
import { element, textElement } from '../../xml.ts';
import { controlAnswer, findJob } from './controlCall.ts';
import type { ControlOperation } from './controlCall.ts';
import { JOB_STATUSES, jobArn } from '../job.ts';
import type { JobStatus } from '../job.ts';
import { jobListEntry, jobDescriptor } from './jobXml.ts';
import { invalidRequest } from './requestLimits.ts';

const MAX_RESULTS = 1000;

/** Newest first. AWS does not say an order; the sandbox keeps the useful one. */
export const listJobs: ControlOperation = (context, { request, caller }) => {
  authorize(context, caller, 's3:ListJobs', '*');
  const { table } = context.jobs;
  table.expire(context.clock.now());
  const statuses = readStatuses(request.query.getAll('jobStatuses'));
  const size = readSize(request.query.get('maxResults'));
  const jobs = table.list(statuses, readToken(request.query.get('nextToken')), size + 1);
  const shown = jobs.slice(0, size);
  const last = shown.at(-1);
  const nextToken =
    jobs.length > size && last !== undefined ? encodeToken(['job', last.sequence]) : undefined;
  return controlAnswer(
    'ListJobsResult',
    textElement('NextToken', nextToken),
    element('Jobs', ...shown.map(jobListEntry)),
  );
};

function readStatuses(names: readonly string[]): readonly JobStatus[] {
  if (names.length === 0) return JOB_STATUSES;
  return names.map(name => {
    const status = JOB_STATUSES.find(each => each === name);
    if (status === undefined) throw invalidRequest(`${name} is not a status of a job.`);
    return status;
  });
}

function readSize(text: string | undefined): number {
  if (text === undefined) return MAX_RESULTS;
  const size = Number(text);
  if (!/^\d+$/.test(text) || size > MAX_RESULTS) {
    throw invalidRequest(`maxResults must be between 0 and ${MAX_RESULTS}.`);
  }
  return size === 0 ? MAX_RESULTS : size;
}

function readToken(token: string | undefined): number {
  if (token === undefined) return Number.MAX_SAFE_INTEGER;
  const parsed = decodeToken(token);
  const [kind, sequence] = Array.isArray(parsed) ? (parsed as unknown[]) : [];
  if (kind === 'job' && Number.isSafeInteger(sequence)) return Number(sequence);
  throw new AwsError('InvalidNextTokenException', 400, 'The nextToken is not valid.');
}

export const describeJob: ControlOperation = (context, { caller, jobId }) => {
  authorize(context, caller, 's3:DescribeJob', jobArn(context.accountId, jobId));
  const job = findJob(context, jobId);
  return controlAnswer('DescribeJobResult', jobDescriptor(context.accountId, job));
};
