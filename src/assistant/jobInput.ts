import { randomUUID } from 'node:crypto';
import { l10n } from 'vscode';
import type { CreateJobInput } from '../aws/batchJobs/createJob.ts';
import { jobRequest } from '../aws/batchJobs/request/jobRequest.ts';
import type { JobOperation } from '../aws/batchJobs/jobOperation.ts';
import { BrigadeError } from '../aws/errors.ts';
import { functionRegion } from '../aws/functionArn.ts';
import { getFunctionConfiguration } from '../aws/functions/functions.ts';
import type { ManifestGenerator, ManifestObject } from '../aws/manifest/jobManifest.ts';
import { readManifest } from '../aws/manifest/manifest.ts';
import { validateTags } from '../aws/objects/tagRules.ts';
import type { JobRequest } from '../aws/preflight/jobParts.ts';
import { BATCH_SERVICE } from '../aws/roles/rolePolicy.ts';
import { listServiceRoles } from '../aws/roles/roles.ts';
import type { Session } from '../services.ts';
import { describeTagProblem } from '../vscode/describeTagProblem.ts';
import { formatList } from '../vscode/formats.ts';

/** A job as a model describes it. */
export interface JobInput {
  readonly operation: 'S3PutObjectTagging' | 'LambdaInvoke';
  /** Of S3PutObjectTagging. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Of LambdaInvoke: name or ARN. */
  readonly functionName?: string;
  /** What names the objects, */
  readonly manifestBucket?: string;
  readonly manifestKey?: string;
  /** or where S3 finds them. */
  readonly sourceBucket?: string;
  readonly prefix?: string;
  readonly suffix?: string;
  readonly roleArn?: string;
  readonly reportBucket?: string;
  readonly reportPrefix?: string;
  readonly description?: string;
}

/**
 * What CreateJob would be asked; nothing is created.
 *
 * @throws BrigadeError `InvalidInput` with a sentence that names the input, `NotFound` …
 */
export async function requestOf(
  session: Session,
  input: JobInput,
  signal: AbortSignal,
): Promise<JobRequest> {
  return jobRequest(session.clients, await createInputOf(session, input, signal));
}

/** The same as our own words have it. @throws as `requestOf` */
export async function createInputOf(
  session: Session,
  input: JobInput,
  signal: AbortSignal,
): Promise<CreateJobInput> {
  const { reportBucket, reportPrefix, description } = input;
  const source = await sourceOf(session, input, signal);
  return {
    ...source,
    operation: await operationOf(session, input, signal),
    roleArn: input.roleArn ?? (await onlyRole(session, signal)),
    priority: 10,
    clientRequestToken: randomUUID(),
    ...(reportBucket !== undefined && {
      report: {
        ...{ bucket: reportBucket, scope: 'AllTasks' },
        ...(reportPrefix !== undefined && { prefix: reportPrefix }),
      } as const,
    }),
    ...(description !== undefined && { description }),
  };
}

async function sourceOf(
  { clients }: Session,
  { manifestBucket, manifestKey, sourceBucket, prefix, suffix }: JobInput,
  signal: AbortSignal,
): Promise<Pick<CreateJobInput, 'manifest' | 'buckets'>> {
  const isNamed = manifestBucket !== undefined && manifestKey !== undefined;
  if (isNamed === (sourceBucket !== undefined)) {
    throw invalid(l10n.t('Specify either manifestBucket and manifestKey, or sourceBucket.'));
  }
  if (!isNamed) {
    const manifest: ManifestGenerator = {
      sourceBucket: sourceBucket ?? '',
      ...(prefix !== undefined && { prefix }),
      ...(suffix !== undefined && { suffix }),
    };
    return { manifest, buckets: [{ bucket: manifest.sourceBucket }] };
  }
  const client = await clients.s3ForBucket(manifestBucket, signal);
  const place = { bucket: manifestBucket, key: manifestKey };
  const { eTag, versionId, format, fields, buckets } = await readManifest(client, place, {
    signal,
  });
  const manifest: ManifestObject = {
    ...place,
    ...{ eTag, format, fields },
    ...(versionId !== undefined && { versionId }),
  };
  return { manifest, buckets };
}

async function operationOf(
  { clients }: Session,
  { operation, tags = {}, functionName }: JobInput,
  signal: AbortSignal,
): Promise<JobOperation> {
  if (operation === 'S3PutObjectTagging') {
    const list = Object.entries(tags).map(([key, value]) => ({ key, value }));
    const [problem] = validateTags(list);
    if (list.length === 0) throw invalid(l10n.t('S3PutObjectTagging needs the input “tags”.'));
    if (problem !== undefined) throw invalid(describeTagProblem(problem, list));
    return { name: operation, tags: list };
  }
  if (functionName === undefined) {
    throw invalid(l10n.t('LambdaInvoke needs the input “functionName”.'));
  }
  const region = functionRegion(functionName);
  const address = { functionName, ...(region !== undefined && { region }) };
  const { arn } = await getFunctionConfiguration(clients, address, { signal });
  return { name: operation, functionArn: arn, schemaVersion: '1.0' };
}

/** The one role that batch jobs can use; of several, the model has to name one. */
async function onlyRole({ clients }: Session, signal: AbortSignal): Promise<string> {
  const roles = await listServiceRoles(clients, BATCH_SERVICE, { signal });
  const [only, ...others] = roles;
  if (only !== undefined && others.length === 0) return only.arn;
  const names = roles.slice(0, 20).map(({ arn }) => arn);
  throw invalid(
    names.length === 0
      ? l10n.t('No role trusts S3 Batch Operations. Create one with Create Batch Job…')
      : l10n.t('Specify “roleArn”. These roles trust S3 Batch Operations: {0}', formatList(names)),
  );
}

function invalid(sentence: string): BrigadeError {
  return new BrigadeError('InvalidInput', sentence);
}
