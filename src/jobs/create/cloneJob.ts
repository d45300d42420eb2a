import { l10n, window } from 'vscode';
import type { Job } from '../../aws/batchJobs/job.ts';
import { BrigadeError } from '../../aws/errors.ts';
import type { JobGenerator } from '../../aws/manifest/jobManifest.ts';
import type { JobTarget } from '../../commands.ts';
import type { Documents } from '../../services.ts';
import { jobName } from '../jobName.ts';
import { resolveJobOrAsk } from '../jobTargets.ts';
import type { Jobs } from '../jobs.ts';
import { wholeRequest } from '../request/ofJob.ts';
import { openRequest } from '../request/requestDocument.ts';
import { createJob } from './createJob.ts';
import type { Draft, FoundObjects, Given } from './draft.ts';
import { operationFlow } from './flows.ts';
import { formatList } from '../../vscode/formats.ts';

/**
 * Asks everything again, with the answers another job was made with. Only what it goes over is not
 * asked again, and that it removes all tags: there is no such answer to the question for tags. A
 * job that was told more than the questions have a place for becomes a document instead.
 *
 * @returns the id of the new job; undefined where there is a document to create it from
 */
export async function cloneJob(
  jobs: Jobs,
  documents: Documents,
  target: JobTarget | undefined,
): Promise<string | undefined> {
  const title = l10n.t('Clone Job');
  const { session, job: chosen } = await resolveJobOrAsk(jobs, target, {
    title,
    placeholder: l10n.t('Select a job to clone'),
    none: l10n.t('There is no job that can be cloned.'),
    fits: () => true,
  });
  const job = await jobs.lists.of(chosen).describe(chosen, { session });
  const request = wholeRequest(job);
  const { does } = job;
  if (does === undefined) {
    const sentence = l10n.t(
      'This version of Bucket Brigade doesn’t know the operation {0}.',
      job.operation,
    );
    throw new BrigadeError('InvalidInput', sentence, { subject: jobName(job) });
  }
  const more = beyondQuestions(job, session.clients.accountId);
  if (more.length === 0) {
    const flow = operationFlow(does.name, title);
    return await createJob(jobs, documents, flow, givenOf(job), { suggested: draftOf(job) });
  }
  await openRequest(jobName(job).slice(0, 40), request, session);
  void window.showInformationMessage(
    l10n.t('The job is cloned as JSON, because the prompts don’t support {0}.', formatList(more)),
  );
  return undefined;
}

/** What a job was told that the questions would leave out, by AWS's names. */
function beyondQuestions({ request, generator }: Job, accountId: string): string[] {
  const { ExpectedBucketOwner: owner, ManifestOutputLocation: output } =
    request.ManifestGenerator?.S3JobManifestGenerator ?? {};
  const reportOwner = request.Report?.ExpectedBucketOwner;
  const present: Readonly<Record<string, unknown>> = {
    // A job that computes checksums has its own account there, and will have again.
    'Report.ExpectedBucketOwner': reportOwner === accountId ? undefined : reportOwner,
    'S3JobManifestGenerator.ExpectedBucketOwner': owner,
    'ManifestOutputLocation.ExpectedManifestBucketOwner': output?.ExpectedManifestBucketOwner,
    'ManifestEncryption.SSEKMS': output?.ManifestEncryption?.SSEKMS,
  };
  return [
    ...(generator?.otherFilters ?? []),
    ...Object.keys(present).filter(name => present[name] !== undefined),
  ];
}

function givenOf({ manifest, generator, does }: Job): Given {
  const found = generator && foundBy(generator);
  const made = manifest ? { bucket: manifest.bucket, key: manifest.key } : found;
  return {
    ...(made && { manifest: made }),
    ...(does?.name === 'S3DeleteObjectTagging' && { operation: does }),
  };
}

/** Where the manifest was kept is asked again, with the report. */
function foundBy(generator: JobGenerator): FoundObjects {
  const found: Partial<JobGenerator> = { ...generator };
  delete (found as { output?: unknown }).output;
  delete (found as { otherFilters?: unknown }).otherFilters;
  return { ...found, sourceBucket: generator.sourceBucket };
}

function draftOf(job: Job): Draft {
  return {
    ...(job.does && { operation: job.does }),
    report: job.report ?? false,
    priority: job.priority,
    ...(job.roleArn !== undefined && { roleArn: job.roleArn }),
    ...(job.description !== undefined && { description: job.description }),
  };
}
