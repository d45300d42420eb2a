import { AwsError, notImplemented } from '../errors.ts';
import { authorize } from '../iam/authorize.ts';
import type { Call, SandboxResponse } from '../request.ts';
import type { Services } from '../sandboxServices.ts';
import { readFunctionName } from './functionName.ts';
import type { LambdaFunction } from './lambdaFunction.ts';

/** A call with the parameters of its path, decoded. */
export interface LambdaCall extends Call {
  /** The function's name or ARN, or the resource's ARN for tags. */
  readonly subject: string;
  /** What stands after it, e.g. a statement id. */
  readonly detail: string;
  /** The operation's name in the Lambda API. */
  readonly operation: string;
}

export type LambdaOperation = (
  services: Services,
  call: LambdaCall,
) => SandboxResponse | Promise<SandboxResponse>;

export type Json = Readonly<Record<string, unknown>>;

/** 50 MB of zip in base64, and the rest of the request: the limit that AWS names. */
export const MAX_REQUEST = 70_167_211;

/** The request's JSON body. @throws AwsError SerializationException, RequestEntityTooLargeException */
export async function readJson(call: LambdaCall): Promise<Json> {
  const text = (await readBody(call, MAX_REQUEST)).toString('utf8');
  if (text === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  } catch {
    // Falls through to the one answer for what is no JSON object.
  }
  throw new AwsError(
    'InvalidRequestContentException',
    400,
    'Could not parse request body into json: Could not parse payload into json',
  );
}

/** @throws AwsError RequestEntityTooLargeException beyond `limit` bytes */
export async function readBody({ request, operation }: LambdaCall, limit: number): Promise<Buffer> {
  try {
    return await request.body.bytes(limit);
  } catch (error) {
    if (!(error instanceof AwsError && error.code === 'MaxMessageLengthExceeded')) throw error;
    throw new AwsError(
      'RequestEntityTooLargeException',
      413,
      `Request must be smaller than ${limit} bytes for the ${operation} operation`,
    );
  }
}

export function jsonAnswer(status: number, value?: object): SandboxResponse {
  if (value === undefined) return { status };
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

/**
 * The function that the path and the Qualifier name, when the caller may do this to it. As on AWS, a
 * permission on the function alone is none on what a qualifier names.
 */
export function calledFunction(services: Services, call: LambdaCall): LambdaFunction {
  const { subject, request, operation, caller } = call;
  const parameter = request.query.get('Qualifier') || undefined;
  const found = services.lambda.resolve(services, subject, parameter);
  const qualifier = parameter ?? readFunctionName(subject).qualifier;
  const arn = qualifier === undefined ? found.arn : `${found.arn}:${qualifier}`;
  authorize(services, caller, `lambda:${operation}`, arn);
  return found;
}

/** Like calledFunction, for operations that know no versions. */
export function unqualifiedFunction(services: Services, call: LambdaCall): LambdaFunction {
  const found = services.lambda.resolve(services, call.subject);
  authorize(services, call.caller, `lambda:${call.operation}`, found.arn);
  return found;
}

/**
 * Refuses fields that the operation does not read.
 * @param neutral fields that are accepted while they say nothing, e.g. an empty list
 * @throws AwsError NotImplemented 501 with the field's name
 */
export function refuseUnknownFields(
  operation: string,
  body: Json,
  known: readonly string[],
  neutral: Readonly<Record<string, (value: unknown) => boolean>> = {},
): void {
  for (const [name, value] of Object.entries(body)) {
    if (value === undefined || value === null || known.includes(name)) continue;
    if (neutral[name]?.(value)) continue;
    throw notImplemented(`${operation} with ${name}`);
  }
}

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', 400, message);
}
