import { l10n } from 'vscode';
import type { Job } from '../../aws/batchJobs/job.ts';
import type { JobRequest } from '../../aws/batchJobs/describedRequest.ts';
import { BrigadeError } from '../../aws/errors.ts';
import { jobName } from '../jobName.ts';
import { formatList } from '../../vscode/formats.ts';

/**
 * What a job was asked to do, to make another of it.
 *
 * @throws BrigadeError `InvalidInput` that names what AWS tells of the job and this version would leave
 *   out: the other job would not be the same
 */
export function wholeRequest(job: Job): JobRequest {
  const { request, unknownMembers } = job;
  if (unknownMembers.length === 0) return request;
  const sentence = l10n.t(
    'This job has settings that this version of Bucket Brigade doesn’t support, so a copy would lack them: {0}.',
    formatList(unknownMembers),
  );
  throw new BrigadeError('InvalidInput', sentence, { subject: jobName(job) });
}
