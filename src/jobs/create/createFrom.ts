import { l10n } from 'vscode';
import type { Job } from '../../aws/batchJobs/job.ts';
import { BrigadeError } from '../../aws/errors.ts';
import { looksLikeManifest } from '../../aws/manifest/manifestFile.ts';
import type {
  CreateJobArguments,
  CreateResizeJobArguments,
  CreateTaggingJobArguments,
  JobTarget,
  S3Location,
} from '../../commands.ts';
import type { Documents } from '../../services.ts';
import { bundledHashes } from '../../vscode/bundledZip.ts';
import { jobName } from '../jobName.ts';
import { reachOrAsk } from '../jobTargets.ts';
import type { Jobs } from '../jobs.ts';
import { createJob } from './createJob.ts';
import type { Draft, Given } from './draft.ts';
import { describeFunction, invocationOf } from './findFunctions.ts';
import { invokeFlow, resizeFlow, taggingFlow, taggingOperation } from './flows.ts';

/** Creates a job that tags what a manifest names: the row's, the argument's, or one that is asked. */
export async function createTaggingJob(
  jobs: Jobs,
  documents: Documents,
  from: S3Location | CreateTaggingJobArguments | undefined,
): Promise<string> {
  const flow = taggingFlow();
  if (!isLocation(from)) return await createJob(jobs, documents, flow, givenForTagging(from));
  return isObject(from)
    ? await createJob(jobs, documents, flow, { manifest: from })
    : await createJob(jobs, documents, flow, {}, { from });
}

/** Creates a job that invokes a function for what is below a row, or what a manifest names. */
export async function createResizeJob(
  jobs: Jobs,
  documents: Documents,
  from: S3Location | CreateResizeJobArguments | undefined,
): Promise<string> {
  const flow = resizeFlow();
  if (!isLocation(from)) {
    return await createJob(jobs, documents, flow, await givenForResizing(jobs, from));
  }
  return isObject(from) && looksLikeManifest(from.key)
    ? await createJob(jobs, documents, flow, { manifest: from })
    : await createJob(jobs, documents, flow, {}, { from });
}

/** A row of the Buckets view, or arguments. */
function isLocation(from: S3Location | CreateJobArguments | undefined): from is S3Location {
  return from !== undefined && 'bucket' in from;
}

function isObject(from: S3Location): from is Required<S3Location> {
  return from.key !== undefined && from.key !== '' && !from.key.endsWith('/');
}

function givenForTagging({ tags, ...more }: CreateTaggingJobArguments = {}): Given {
  return { ...more, ...(tags && { operation: taggingOperation(tags) }) };
}

async function givenForResizing(
  { connections, context }: Jobs,
  { manifest, source, functionArn, ...more }: CreateResizeJobArguments = {},
): Promise<Given> {
  const found = source && {
    sourceBucket: source.bucket,
    ...(source.key && { prefix: source.key }),
    ...(source.suffix && { suffix: source.suffix }),
  };
  const given = { ...more, ...((manifest ?? found) && { manifest: manifest ?? found }) };
  if (functionArn === undefined) return given;
  const { clients } = await connections.session();
  const ours = await bundledHashes({ context });
  const called = await describeFunction(clients, functionArn, ours);
  return { ...given, operation: invocationOf(called) };
}

/**
 * Asks everything anew, with the answers another job was made with. Only what it goes over is not
 * asked again, and that it removes all tags: there is no such answer to the question for tags.
 */
export async function cloneJob(
  jobs: Jobs,
  documents: Documents,
  target: JobTarget | undefined,
): Promise<string> {
  const title = l10n.t('Clone Job');
  const { session, job: chosen } = await reachOrAsk(jobs, target, {
    title,
    placeholder: l10n.t('Which job should be cloned?'),
    none: l10n.t('There is no job that can be cloned.'),
    fits: job => canClone(job.operation),
  });
  const job = await jobs.list.describe(chosen, { session });
  assertCloneable(job);
  const flow = job.operation === 'LambdaInvoke' ? invokeFlow(title) : taggingFlow();
  return await createJob(jobs, documents, flow, givenOf(job), { suggested: draftOf(job) });
}

function canClone(operation: string): boolean {
  return /^(S3PutObjectTagging|S3DeleteObjectTagging|LambdaInvoke)$/.test(operation);
}

function assertCloneable(job: Job): void {
  const subject = jobName(job);
  if (!canClone(job.operation)) {
    const sentence = l10n.t('Only jobs that tag objects or invoke a function can be cloned.');
    throw new BrigadeError('InvalidInput', sentence, { subject });
  }
  const filters = job.generator?.otherFilters ?? [];
  if (filters.length > 0) {
    const sentence = l10n.t(
      'The job finds its objects by {0}; only a prefix and a suffix can be cloned.',
      filters.join(', '),
    );
    throw new BrigadeError('InvalidInput', sentence, { subject });
  }
}

function givenOf({ manifest, generator, operation }: Job): Given {
  const found = generator && {
    sourceBucket: generator.sourceBucket,
    prefix: generator.prefix,
    suffix: generator.suffix,
  };
  const made = manifest ? { bucket: manifest.bucket, key: manifest.key } : found;
  return {
    ...(made && { manifest: made }),
    ...(operation === 'S3DeleteObjectTagging' && { operation: { name: operation } }),
  };
}

function draftOf(job: Job): Draft {
  const { tags, invocation } = job;
  return {
    ...(tags && { operation: { name: 'S3PutObjectTagging', tags } }),
    ...(invocation && { operation: { name: 'LambdaInvoke', ...invocation } }),
    report: job.report ?? false,
    priority: job.priority,
    ...(job.roleArn !== undefined && { roleArn: job.roleArn }),
    ...(job.description !== undefined && { description: job.description }),
  };
}
