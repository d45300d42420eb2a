/** What a function may say of a task. */
export const RESULT_CODES = ['Succeeded', 'TemporaryFailure', 'PermanentFailure'] as const;
export type ResultCode = (typeof RESULT_CODES)[number];

export interface TaskResult {
  readonly code: ResultCode;
  /** What the report shows as the task's ResultMessage. */
  readonly message: string;
}

/** What was asked, which the answer must repeat. */
export interface Asked {
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
  asked: Asked,
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

function parseAnswer(text: string, asked: Asked): Answer | undefined {
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
