// The function's entry: `index.handler`. What runs here runs once, at cold start.
import { s3Settings } from '../s3/endpoint.ts';
import { S3 } from '../s3/s3.ts';
import { permanent } from './fault.ts';
import { runTask, type TaskResult } from './runTask.ts';
import { isBatchEvent } from './task.ts';
import { readWork } from './work.ts';

const s3 = new S3(
  s3Settings(process.env),
  {
    // Lambda gives a function its role's credentials by these variables.
    accessKeyId: process.env['AWS_ACCESS_KEY_ID'] ?? '',
    secretAccessKey: process.env['AWS_SECRET_ACCESS_KEY'] ?? '',
    sessionToken: process.env['AWS_SESSION_TOKEN'],
  },
  Number(process.env['AWS_MAX_ATTEMPTS']) || undefined,
);

/** Of Lambda's context, what is used. */
interface Invocation {
  getRemainingTimeInMillis(): number;
}

/** What S3 Batch Operations wants to be answered. */
interface BatchAnswer {
  readonly invocationSchemaVersion: string;
  readonly treatMissingKeysAs: 'PermanentFailure';
  readonly invocationId: string;
  readonly results: readonly TaskResult[];
}

/**
 * Changes the tags of the objects of an S3 Batch Operations task, as the job's user arguments say.
 *
 * @throws Fault `UnsupportedEvent` for anything but an invocation of schema 2.0
 */
export async function handler(event: unknown, context: Invocation): Promise<BatchAnswer> {
  if (!isBatchEvent(event)) {
    throw permanent(
      'UnsupportedEvent',
      'Not a task of an S3 Batch Operations job with the invocation schema 2.0',
    );
  }
  const { invocationSchemaVersion, invocationId, job, tasks } = event;
  const millisecondsLeft = (): number => context.getRemainingTimeInMillis();
  const results: TaskResult[] = [];
  for (const task of tasks) {
    const readJob = () => readWork(job.userArguments ?? {});
    const result = await runTask({ s3, millisecondsLeft }, job.id, readJob, task);
    if (result.resultCode !== 'Succeeded') log(job.id, task.s3Key, result);
    results.push(result);
  }
  return {
    invocationSchemaVersion,
    treatMissingKeysAs: 'PermanentFailure',
    invocationId,
    results,
  };
}

/** One line of JSON, which CloudWatch Logs Insights reads as fields; what went well is in the report. */
function log(job: string, task: string, { resultCode, resultString }: TaskResult): void {
  console.error(JSON.stringify({ level: 'error', message: resultString, resultCode, job, task }));
}
