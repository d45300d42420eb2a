import { randomBytes } from 'node:crypto';
import { AwsError } from '../../errors.ts';
import { authorize } from '../../iam/authorize.ts';
import type { Principal } from '../../principal.ts';
import type { LambdaInvoke } from '../job.ts';
import type { JobContext } from '../jobContext.ts';
import { failedTask, missingVersion } from './taskOutcomes.ts';
import type { TaskOutcome } from './taskOutcomes.ts';
import type { Task } from '../manifests/task.ts';

/** Milliseconds before each further try of a task that failed for the moment. */
const RETRIES = [250, 500, 1000, 2000, 4000];

export interface TaskInvocation {
  readonly jobId: string;
  readonly operation: LambdaInvoke;
  readonly task: Task;
  /** Of the task in its job, from 1 on. */
  readonly number: number;
  /** Gives up waiting for the function, which runs on. */
  readonly signal: AbortSignal;
}

/**
 * Invokes the function for one task as the job's role. A TemporaryFailure and a throttled function are
 * tried again; what then fails is the task's outcome, not an error.
 * @throws the signal's AbortError
 */
export async function invokeTask(
  context: JobContext,
  role: Principal,
  invocation: TaskInvocation,
): Promise<TaskOutcome> {
  const { task, signal } = invocation;
  if (task.versionId === '') return missingVersion(task);
  const taskId = randomBytes(24).toString('base64');
  for (let attempt = 0; ; attempt++) {
    const { outcome, temporary } = await tryOnce(context, role, invocation, taskId);
    const wait = RETRIES[attempt];
    if (!temporary || wait === undefined) return outcome;
    await context.clock.sleep(wait, signal);
  }
}

interface Attempt {
  readonly outcome: TaskOutcome;
  /** Whether it may be tried again. */
  readonly temporary: boolean;
}

async function tryOnce(
  context: JobContext,
  role: Principal,
  { jobId, operation, task, number, signal }: TaskInvocation,
  taskId: string,
): Promise<Attempt> {
  const { functionArn, schemaVersion } = operation;
  const invocationId = randomBytes(24).toString('base64');
  try {
    const fault = context.faults.taskFault(number);
    if (fault !== undefined) throw fault;
    authorize(context, role, 'lambda:InvokeFunction', functionArn);
    const { payload, functionError } = await context.functions.invoke({
      functionName: functionArn,
      payload: Buffer.from(JSON.stringify(request(jobId, operation, task, invocationId, taskId))),
      signal,
    });
    signal.throwIfAborted();
    const asked = { schemaVersion, invocationId, taskId };
    const { code, message } = readLambdaResponse(payload, functionError !== undefined, asked);
    if (code !== 'Succeeded') {
      return {
        outcome: failedTask(task, 200, code, message),
        temporary: code === 'TemporaryFailure',
      };
    }
    const outcome = { task, status: 'succeeded', httpStatus: 200, errorCode: '', message } as const;
    return { outcome, temporary: false };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const { status, code, message } = error;
    // Throttled, being made or changed, or a fault of the service.
    const temporary = status === 429 || status === 409 || status >= 500;
    return { outcome: failedTask(task, status, code, message), temporary };
  }
}

/** What the function gets (S3 user guide, "Lambda function request schema" 1.0 and 2.0). */
function request(
  jobId: string,
  { schemaVersion, userArguments }: LambdaInvoke,
  { bucket, rawKey, versionId }: Task,
  invocationId: string,
  taskId: string,
): unknown {
  const object = { taskId, s3Key: rawKey, s3VersionId: versionId ?? null };
  const head = { invocationSchemaVersion: schemaVersion, invocationId };
  if (schemaVersion === '1.0') {
    const tasks = [{ ...object, s3BucketArn: `arn:aws:s3:::${bucket}` }];
    return { ...head, job: { id: jobId }, tasks };
  }
  return {
    ...head,
    job: { id: jobId, userArguments: userArguments ?? {} },
    tasks: [{ ...object, s3Bucket: bucket }],
  };
}

/** What a function may say of a task. */
export const RESULT_CODES = ['Succeeded', 'TemporaryFailure', 'PermanentFailure'] as const;
export type ResultCode = (typeof RESULT_CODES)[number];

export interface TaskResult {
  readonly code: ResultCode;
  /** What the report shows as the task's ResultMessage. */
  readonly message: string;
}

/** What was asked, which the answer must repeat. */
export interface SentTask {
  readonly schemaVersion: string;
  readonly invocationId: string;
  readonly taskId: string;
}

/**
 * Reads the answer of a function to S3 Batch Operations (S3 user guide, "Invoke AWS Lambda function",
 * "Response schema").
 * @param functionFailed whether Lambda says that the function threw, ran out of time or died
 */
export function readLambdaResponse(
  payload: Buffer,
  functionFailed: boolean,
  asked: SentTask,
): TaskResult {
  const text = payload.toString('utf8');
  if (functionFailed) {
    return { code: 'PermanentFailure', message: `Lambda returned function error: ${text}` };
  }
  const answer = parseAnswer(text, asked);
  if (answer === undefined) {
    return { code: 'PermanentFailure', message: 'Invalid JSON returned in Lambda payload' };
  }
  const result = answer.results.find(each => each.taskId === asked.taskId);
  if (result !== undefined) return { code: result.resultCode, message: result.resultString ?? '' };
  return {
    code: answer.treatMissingKeysAs ?? 'PermanentFailure',
    message: 'The Lambda payload has no result for the task',
  };
}

interface Answer {
  readonly treatMissingKeysAs?: ResultCode;
  readonly results: readonly {
    readonly taskId: string;
    readonly resultCode: ResultCode;
    readonly resultString?: string;
  }[];
}

function parseAnswer(text: string, asked: SentTask): Answer | undefined {
  const answer = parseJson(text);
  if (!isRecord(answer)) return undefined;
  const { invocationSchemaVersion, invocationId, treatMissingKeysAs, results } = answer;
  const fits =
    invocationSchemaVersion === asked.schemaVersion &&
    invocationId === asked.invocationId &&
    (treatMissingKeysAs === undefined || isResultCode(treatMissingKeysAs)) &&
    Array.isArray(results) &&
    results.every(isResult);
  return fits ? (answer as unknown as Answer) : undefined;
}

function isResult(result: unknown): boolean {
  if (!isRecord(result)) return false;
  const { taskId, resultCode, resultString } = result;
  return (
    typeof taskId === 'string' &&
    isResultCode(resultCode) &&
    (resultString === undefined || resultString === null || typeof resultString === 'string')
  );
}

function isResultCode(value: unknown): value is ResultCode {
  return RESULT_CODES.some(code => code === value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
