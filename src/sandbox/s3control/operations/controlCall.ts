import { AwsError } from '../../errors.ts';
import type { Call, SandboxResponse } from '../../request.ts';
import { xmlDocument } from '../../xml.ts';
import type { JobContext } from '../jobContext.ts';
import type { Job } from '../job.ts';

export const NAMESPACE = 'http://awss3control.amazonaws.com/doc/2018-08-20/';

/** A call with the job that its path names; empty when it names none. */
export interface ControlCall extends Call {
  readonly jobId: string;
}

export type ControlOperation = (
  context: JobContext,
  call: ControlCall,
) => SandboxResponse | Promise<SandboxResponse>;

export function controlAnswer(root: string, ...children: readonly string[]): SandboxResponse {
  return {
    status: 200,
    headers: { 'content-type': 'application/xml' },
    body: xmlDocument(root, NAMESPACE, ...children),
  };
}

/**
 * The job that the call is about, by AWS's time limits as of now.
 * @throws AwsError NoSuchJob
 */
export function findJob(context: Pick<JobContext, 'jobs' | 'clock'>, jobId: string): Job {
  context.jobs.table.expire(context.clock.now());
  const job = context.jobs.table.find(jobId);
  if (job === undefined) {
    throw new AwsError('NoSuchJob', 404, 'The specified job does not exist');
  }
  return job;
}
