import { l10n, type Disposable } from 'vscode';
import type { Job } from '../../aws/job.ts';
import type { CreateTaggingJobArguments, JobTarget, S3Location } from '../../commands.ts';
import { BrigadeError } from '../../aws/errors.ts';
import { DisposableStore } from '../../vscode/disposables.ts';
import { registerCommand } from '../../vscode/registerCommand.ts';
import type { Documents } from '../../vscode/documents.ts';
import { jobName } from '../jobName.ts';
import type { Jobs } from '../jobs.ts';
import { jobIdOrAsk } from '../jobIdOrAsk.ts';
import { createTaggingJob } from './createTaggingJob.ts';
import type { Draft } from './draft.ts';

export function registerCreateCommands(jobs: Jobs, documents: Documents): Disposable {
  const disposables = new DisposableStore();
  disposables.add(
    registerCommand('bucketBrigade.jobs.createTaggingJob', from => {
      if (!isLocation(from)) return createTaggingJob(jobs, documents, from ?? {});
      return isObject(from)
        ? createTaggingJob(jobs, documents, { manifest: from })
        : createTaggingJob(jobs, documents, {}, { from });
    }),
  );
  disposables.add(
    registerCommand('bucketBrigade.jobs.clone', target => cloneJob(jobs, documents, target)),
  );
  return disposables;
}

/** A row of the Buckets view, or arguments. */
function isLocation(from: S3Location | CreateTaggingJobArguments | undefined): from is S3Location {
  return from !== undefined && 'bucket' in from;
}

function isObject({ key }: S3Location): boolean {
  return key !== undefined && key !== '' && !key.endsWith('/');
}

/**
 * Asks everything anew, with the answers another job was made with. Only that a job removes all tags
 * is not asked again: there is no such answer to the question for tags.
 */
async function cloneJob(
  jobs: Jobs,
  documents: Documents,
  target: JobTarget | undefined,
): Promise<string> {
  const jobId = await jobIdOrAsk(jobs, target, {
    title: l10n.t('Clone Job'),
    placeholder: l10n.t('Which job should be cloned?'),
    none: l10n.t('There is no tagging job to clone.'),
    fits: job => isTagging(job.operation),
  });
  const job = await jobs.list.describe(jobId);
  if (!isTagging(job.operation)) {
    throw new BrigadeError('InvalidInput', l10n.t('Only tagging jobs can be cloned.'), {
      subject: jobName(job),
    });
  }
  const manifest = job.manifest && { bucket: job.manifest.bucket, key: job.manifest.key };
  return await createTaggingJob(
    jobs,
    documents,
    { ...(manifest && { manifest }), ...(removesTags(job) && { tags: [] }) },
    { suggested: draftOf(job) },
  );
}

function isTagging(operation: string): boolean {
  return operation === 'S3PutObjectTagging' || operation === 'S3DeleteObjectTagging';
}

function removesTags({ operation }: Job): boolean {
  return operation === 'S3DeleteObjectTagging';
}

function draftOf(job: Job): Draft {
  return {
    tags: job.tags ?? [],
    report: job.report ?? false,
    priority: job.priority,
    ...(job.roleArn !== undefined && { roleArn: job.roleArn }),
    ...(job.description !== undefined && { description: job.description }),
  };
}
