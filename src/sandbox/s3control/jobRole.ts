import { AwsError } from '../errors.ts';
import { assumeServiceRole } from '../iam/assumeRole.ts';
import type { RolePrincipal } from '../principal.ts';
import type { JobContext } from './jobContext.ts';
import { JobFailure } from './jobFailure.ts';
import type { Job } from './job.ts';

/** The service principal that a job's role must trust. */
export const BATCH_OPERATIONS = 'batchoperations.s3.amazonaws.com';

/**
 * The principal that runs the job's tasks.
 * @throws JobFailure when the role is gone or does not trust batch operations
 */
export function assumeJobRole(context: Pick<JobContext, 'iam'>, job: Job): RolePrincipal {
  const { roleArn } = job.definition;
  try {
    return assumeServiceRole(context, roleArn, BATCH_OPERATIONS, `s3-batch-${job.id}`);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new JobFailure(
      'AccessDenied',
      `S3 Batch Operations is not allowed to assume the role: ${roleArn}`,
    );
  }
}
