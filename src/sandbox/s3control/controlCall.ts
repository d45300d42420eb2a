import { AwsError } from '../errors.ts';
import type { Call, SandboxResponse } from '../request.ts';
import type { Services } from '../sandboxServices.ts';
import { xmlDocument } from '../xml.ts';
import type { Job } from './job.ts';

export const NAMESPACE = 'http://awss3control.amazonaws.com/doc/2018-08-20/';

/** A call with the job that its path names; empty when it names none. */
export interface ControlCall extends Call {
  readonly jobId: string;
}

export type ControlOperation = (
  services: Services,
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
export function findJob(services: Pick<Services, 'jobs' | 'clock'>, jobId: string): Job {
  services.jobs.table.expire(services.clock.now());
  const job = services.jobs.table.find(jobId);
  if (job === undefined) {
    throw new AwsError('NoSuchJob', 404, 'The specified job does not exist');
  }
  return job;
}
