import { l10n } from 'vscode';
import { BrigadeError } from '../aws/errors.ts';
import type { Job } from '../aws/batchJobs/job.ts';
import type { Session } from '../services.ts';
import type { Jobs } from './jobs.ts';

/**
 * A job as it is now.
 *
 * @throws BrigadeError; for a job that AWS has deleted with a sentence that says where its report may be
 */
export async function describeExistingJob(
  { lists }: Pick<Jobs, 'lists'>,
  target: { readonly jobId: string; readonly region: string },
  { session, signal }: { readonly session: Session; readonly signal?: AbortSignal },
): Promise<Job> {
  try {
    const list = lists.of({ session: session.key });
    return await list.describeNow(target, { session, ...(signal && { signal }) });
  } catch (error) {
    if (!(error instanceof BrigadeError) || error.code !== 'NotFound') throw error;
    const sentence = l10n.t(
      'This job no longer exists: AWS keeps jobs for 90 days after they end. Its report may still be in its bucket: use Open Completion Report on manifest.json in the folder job-{0}.',
      target.jobId,
    );
    throw new BrigadeError('InvalidInput', sentence, { subject: target.jobId, cause: error });
  }
}
