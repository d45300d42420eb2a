import { AwsError } from '../errors.ts';
import type { Principal } from '../principal.ts';
import type { ObjectAccess } from '../s3/objectAccess.ts';
import type { ObjectAddress } from '../s3/getObject.ts';
import type { JobContext } from './jobContext.ts';
import type { JobOperation, LambdaInvoke } from './job.ts';
import { decodeManifestKey } from './task.ts';
import type { TaskOutcome } from './resultFiles.ts';
import type { Task } from './task.ts';

/** What is done to objects here, in the sandbox's own store. */
export type StoredOperation = Exclude<JobOperation, LambdaInvoke>;

/**
 * Does one task as the job's role; what S3 refuses is the task's outcome, not an error.
 * @param number of the task in its job, from 1 on
 */
export function runTask(
  { objects, faults }: Pick<JobContext, 'objects' | 'faults'>,
  role: Principal,
  operation: StoredOperation,
  task: Task,
  number: number,
): TaskOutcome {
  if (task.versionId === '') return missingVersion(task);
  const { bucket, versionId } = task;
  const address = { bucket, key: decodeManifestKey(task.rawKey) ?? '', versionId };
  try {
    const fault = faults.taskFault(number);
    if (fault !== undefined) throw fault;
    const httpStatus = runOperation(objects, role, operation, address);
    return { task, status: 'succeeded', httpStatus, errorCode: '', message: 'Successful' };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return failedTask(task, error.status, error.code, error.message);
  }
}

/** @returns the HTTP status that S3 answers */
function runOperation(
  objects: ObjectAccess,
  role: Principal,
  operation: StoredOperation,
  address: ObjectAddress,
): number {
  if (operation.name === 'S3DeleteObjectTagging') objects.deleteTags(role, address);
  else if (operation.name === 'S3PutObjectTagging') {
    objects.putTags(role, { ...address, tags: operation.tags });
  } else {
    const { expirationInDays: days, tier } = operation;
    const restore = { ...address, days, tier: tier === 'BULK' ? 'Bulk' : 'Standard' } as const;
    return objects.restore(role, restore).status;
  }
  return 200;
}

/** The outcome of a task of a manifest with versions that has none. */
export function missingVersion(task: Task): TaskOutcome {
  return failedTask(task, 400, 'InvalidRequest', 'Task failed due to missing VersionId');
}

export function failedTask(
  task: Task,
  httpStatus: number,
  errorCode: string,
  message: string,
): TaskOutcome {
  return { task, status: 'failed', httpStatus, errorCode, message };
}
