import { randomUUID } from 'node:crypto';
import { AwsError } from '../../errors.ts';
import type { ComputedChecksum } from '../../s3/objects/computeChecksum.ts';
import type { S3ComputeObjectChecksum } from '../job.ts';
import type { JobContext } from '../jobContext.ts';
import type { BegunTask, ReadyTask } from './readyTask.ts';
import { failedTask, succeededTask } from './taskOutcomes.ts';

/**
 * Computes the checksum of a task's object; it is told by the report alone.
 * @throws the signal's AbortError
 */
export async function checksumTask(
  { objects }: Pick<JobContext, 'objects'>,
  operation: S3ComputeObjectChecksum,
  { task, key, role, fault, signal }: BegunTask,
): Promise<Omit<ReadyTask, 'bytes'>> {
  const { algorithm, type } = operation;
  const { bucket, versionId } = task;
  try {
    if (fault !== undefined) throw fault;
    const request = { bucket, key, versionId, algorithm, type, signal };
    const message = resultText(operation, await objects.checksum(role, request));
    return { finish: () => succeededTask(task, 200, message) };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const message = failureText(error);
    return { finish: () => failedTask(task, 200, 'PermanentFailure', message) };
  }
}

/**
 * As AWS writes it: the hexadecimal digits in upper case, and `=` escaped (user guide, "Examples: S3 Batch
 * Operations completion reports", "Compute checksum task report").
 */
function resultText(
  { algorithm, type }: S3ComputeObjectChecksum,
  { bytes, parts, eTag }: ComputedChecksum,
): string {
  const suffix = parts === undefined ? '' : `-${parts}`;
  const result = {
    checksum_base64: `${bytes.toString('base64')}${suffix}`,
    etag: eTag,
    checksumAlgorithm: algorithm,
    checksumType: type,
    checksum_hex: `${bytes.toString('hex').toUpperCase()}${suffix}`,
  };
  return JSON.stringify(result).replaceAll('=', String.raw`\u003d`);
}

/** The sentences of that guide, where it has them. */
const SENTENCES: Readonly<Record<number, string>> = {
  404: 'Key not found',
  500: 'Internal server error, please retry',
};

function failureText({ status, message }: AwsError): string {
  const sentence = JSON.stringify(`Task ${randomUUID()} ${SENTENCES[status] ?? message}`);
  return `error details: {"failureMessage":${sentence}, "errorCode": "${status}"}`;
}
