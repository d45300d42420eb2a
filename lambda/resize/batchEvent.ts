import type { S3BatchResult, S3BatchResultResult } from 'aws-lambda';
import type { Fault } from './fault.ts';
import { firstOnly, outcomeOf } from './outcome.ts';
import type { Invocation } from './outcome.ts';
import type { Output, Tools } from './resizeObject.ts';

/** A task of S3 Batch Operations: schema 1.0 names the bucket by its ARN, 2.0 by its name. */
interface BatchTask {
  readonly taskId: string;
  readonly s3Key: string;
  readonly s3VersionId?: string | null;
  readonly s3BucketArn?: string;
  readonly s3Bucket?: string;
}

export interface BatchEvent {
  readonly invocationSchemaVersion: string;
  readonly invocationId: string;
  readonly tasks: readonly BatchTask[];
}

/** A result's text becomes a cell of the completion report. */
const MAX_RESULT_LENGTH = 1024;

/**
 * Handles an invocation by an S3 Batch Operations job, schema 1.0 or 2.0. Faults are reported in
 * the results, never thrown: what is transient S3 tries again, everything else is a failed row in
 * the report.
 */
export async function handleBatchEvent(
  tools: Tools,
  event: BatchEvent,
  invocation: Invocation,
): Promise<S3BatchResult> {
  const results: S3BatchResultResult[] = [];
  for (const task of event.tasks) results.push(await runTask(tools, task, invocation));
  return {
    invocationSchemaVersion: event.invocationSchemaVersion,
    treatMissingKeysAs: 'PermanentFailure',
    invocationId: event.invocationId,
    results,
  };
}

async function runTask(
  tools: Tools,
  task: BatchTask,
  invocation: Invocation,
): Promise<S3BatchResultResult> {
  const { taskId } = task;
  const bucket = task.s3Bucket ?? task.s3BucketArn?.split(':').pop() ?? '';
  const source = { bucket, encodedKey: task.s3Key, versionId: task.s3VersionId ?? undefined };
  const { result, fault } = await outcomeOf(tools, source, invocation);
  const text = fault ? `${fault.name}: ${fault.message}` : describe(result.outputs);
  // Half of a surrogate pair would not survive the JSON.
  const resultString = text.slice(0, MAX_RESULT_LENGTH).replace(/[\ud800-\udbff]$/, '');
  return { taskId, resultCode: codeOf(fault), resultString };
}

function codeOf(fault: Fault | undefined): S3BatchResultResult['resultCode'] {
  if (fault === undefined) return 'Succeeded';
  return fault.kind === 'transient' ? 'TemporaryFailure' : 'PermanentFailure';
}

function describe(outputs: readonly Output[]): string {
  const list = outputs.map(({ key, width, height }) => `${key} (${width} × ${height})`).join(', ');
  return list + firstOnly(outputs);
}
