import { AwsError } from '../../errors.ts';
import { authorize } from '../../iam/authorize.ts';
import { textElement } from '../../xml.ts';
import { controlAnswer, findJob } from './controlCall.ts';
import type { ControlOperation } from './controlCall.ts';
import { readPriority } from './createJobRequest.ts';
import { CANCELLABLE, jobArn } from '../job.ts';
import type { Job, JobStatus } from '../job.ts';
import { invalidRequest, limited } from './requestLimits.ts';

export const updateJobPriority: ControlOperation = (context, { request, caller, jobId }) => {
  const priority = readPriority(request.query.get('priority'));
  const job = findJob(context, jobId);
  authorize(context, caller, 's3:UpdateJobPriority', jobArn(context.accountId, jobId), {
    's3:RequestJobPriority': String(priority),
    's3:ExistingJobPriority': String(job.priority),
    's3:ExistingJobOperation': job.definition.operation.name,
  });
  if (!CANCELLABLE.includes(job.status)) {
    throw invalidRequest(`The priority of a job that is ${job.status} cannot be changed.`);
  }
  context.jobs.table.update(jobId, { priority });
  context.jobs.wake();
  return controlAnswer(
    'UpdateJobPriorityResult',
    textElement('JobId', jobId),
    textElement('Priority', priority),
  );
};

/** Callers may confirm a suspended job (`Ready`) or cancel one that has not ended. */
export const updateJobStatus: ControlOperation = (context, { request, caller, jobId }) => {
  const requested = request.query.get('requestedJobStatus');
  const reason = limited(request.query.get('statusUpdateReason'), 'statusUpdateReason', 1, 256);
  if (requested !== 'Ready' && requested !== 'Cancelled') {
    throw invalidRequest('requestedJobStatus must be Ready or Cancelled.');
  }
  const job = findJob(context, jobId);
  authorize(context, caller, 's3:UpdateJobStatus', jobArn(context.accountId, jobId), {
    's3:ExistingJobPriority': String(job.priority),
    's3:ExistingJobOperation': job.definition.operation.name,
    's3:JobSuspendedCause': job.status === 'Suspended' ? 'AWAITING_CONFIRMATION' : undefined,
  });
  const status = nextStatus(job, requested);
  context.jobs.table.update(jobId, { status, statusUpdateReason: reason });
  context.jobs.wake();
  return controlAnswer(
    'UpdateJobStatusResult',
    textElement('JobId', jobId),
    textElement('Status', status),
    textElement('StatusUpdateReason', reason),
  );
};

function nextStatus(job: Job, requested: 'Ready' | 'Cancelled'): JobStatus {
  if (requested === 'Ready' && job.status === 'Suspended') return 'Ready';
  if (requested === 'Cancelled' && CANCELLABLE.includes(job.status)) return 'Cancelling';
  throw new AwsError(
    'JobStatusException',
    400,
    `The job is ${job.status}, from which it cannot be changed to ${requested}.`,
  );
}
