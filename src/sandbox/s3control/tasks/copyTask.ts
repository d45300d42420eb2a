import { AwsError } from '../../errors.ts';
import type { Principal, RequestContext } from '../../principal.ts';
import type { CopyObjectInput } from '../../s3/objects/copyObject.ts';
import type { StagedObject } from '../../s3/objects/putObject.ts';
import type { S3PutObjectCopy } from '../job.ts';
import type { JobContext } from '../jobContext.ts';
import type { BegunTask, ReadyTask } from './readyTask.ts';
import { failedTask, succeededTask } from './taskOutcomes.ts';
import type { TaskOutcome } from './taskOutcomes.ts';

/**
 * Brings the bytes of a task's copy in. What S3 refuses is the task's outcome, not an error.
 * @throws the signal's AbortError
 */
export async function copyTask(
  { objects }: Pick<JobContext, 'objects'>,
  operation: S3PutObjectCopy,
  { task, key, role, fault, signal }: BegunTask,
): Promise<Omit<ReadyTask, 'bytes'>> {
  const failed = (error: unknown): TaskOutcome => {
    if (!(error instanceof AwsError)) throw error;
    return failedTask(task, error.status, error.code, error.message);
  };
  let staged: StagedObject;
  try {
    if (fault !== undefined) throw fault;
    const { bucket, versionId } = task;
    const input = copyOf(operation, { bucket, key, versionId }, signal);
    staged = await objects.stageCopy(asked(role, operation, input), input);
  } catch (error) {
    const outcome = failed(error);
    return { finish: () => outcome };
  }
  return {
    finish: () => {
      try {
        staged.commit();
        return succeededTask(task, 200);
      } catch (error) {
        const outcome = failed(error);
        staged.discard();
        return outcome;
      }
    },
    discard: staged.discard,
  };
}

function copyOf(
  operation: S3PutObjectCopy,
  source: CopyObjectInput['source'],
  signal: AbortSignal,
): CopyObjectInput {
  const { prefix, tags, modifiedSince, unmodifiedSince } = operation;
  return {
    source,
    sourceCondition: { ifModifiedSince: modifiedSince, ifUnmodifiedSince: unmodifiedSince },
    bucket: operation.bucket,
    // The prefix is a folder's name; one that ends in a slash makes two of them.
    key: prefix === undefined ? source.key : `${prefix}/${source.key}`,
    directive: operation.directive,
    tagging: tags === undefined ? 'COPY' : 'REPLACE',
    own: { headers: operation.headers, metadata: operation.metadata, tags },
    storageClass: operation.storageClass,
    encrypts: operation.encrypts,
    algorithm: operation.algorithm,
    signal,
  };
}

/** The role, with what the CopyObject says of itself to policies. */
function asked(
  role: Principal,
  operation: S3PutObjectCopy,
  { source }: CopyObjectInput,
): Principal {
  const requestContext = (): RequestContext => ({
    's3:x-amz-copy-source': `${source.bucket}/${source.key}`,
    's3:x-amz-metadata-directive': operation.directive,
    's3:x-amz-storage-class': operation.storageClass,
    's3:x-amz-server-side-encryption': operation.encrypts ? 'AES256' : undefined,
    's3:x-amz-website-redirect-location': operation.headers['x-amz-website-redirect-location'],
  });
  return { ...role, requestContext };
}
