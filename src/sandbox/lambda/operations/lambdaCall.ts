import { AwsError } from '../../errors.ts';
import { authorize } from '../../iam/authorize.ts';
import type { RequestContext } from '../../iam/authorize.ts';
import { Input } from '../../input.ts';
import type { Call, SandboxResponse } from '../../request.ts';
import type { LambdaContext } from '../lambdaContext.ts';
import { FUNCTION_NAME, NAMESPACED_NAME, readFunctionName } from '../functionName.ts';
import type { NameRule } from '../functionName.ts';
import type { LambdaFunction } from '../lambdaFunction.ts';
import { resolveFunction } from '../resolveFunction.ts';
import type { NameUse } from '../resolveFunction.ts';

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
  context: LambdaContext,
  call: LambdaCall,
) => SandboxResponse | Promise<SandboxResponse>;

/** 50 MB of zip in base64, and the rest of the request: the limit that AWS names. */
export const MAX_REQUEST = 70_167_211;

/**
 * The request's JSON body.
 * @throws AwsError InvalidRequestContentException, RequestEntityTooLargeException
 */
export async function readInput(call: LambdaCall): Promise<Input> {
  const text = (await readBody(call, MAX_REQUEST)).toString('utf8');
  const { operation } = call;
  try {
    const members: unknown = text === '' ? {} : JSON.parse(text);
    return new Input(members, { operation, textual: false, missing: missingMember });
  } catch {
    throw notJson();
  }
}

function notJson(): AwsError {
  return new AwsError(
    'InvalidRequestContentException',
    400,
    'Could not parse request body into json: Could not parse payload into json',
  );
}

function missingMember(path: string): AwsError {
  const member = path.charAt(0).toLowerCase() + path.slice(1);
  return new AwsError(
    'ValidationException',
    400,
    `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
  );
}

/** @throws AwsError RequestEntityTooLargeException beyond `limit` bytes */
export async function readBody({ request, operation }: LambdaCall, limit: number): Promise<Buffer> {
  try {
    return await request.body.bytes(limit);
  } catch (error) {
    if (!(error instanceof AwsError && error.code === 'MaxMessageLengthExceeded')) throw error;
    throw bodyTooLarge(operation, limit);
  }
}

/** @param limit of the request's body, in bytes */
export function bodyTooLarge(operation: string, limit: number): AwsError {
  return new AwsError(
    'RequestEntityTooLargeException',
    413,
    `Request must be smaller than ${limit} bytes for the ${operation} operation`,
  );
}

export function jsonAnswer(status: number, value?: object): SandboxResponse {
  if (value === undefined) return { status };
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

/** Operations whose API model takes a FunctionName; the others take a NamespacedFunctionName. */
const PLAIN = /^(UpdateFunction(Code|Configuration)|(Put|Get|Delete)FunctionConcurrency)$/;
/** Operations that mean $LATEST when nothing is named, and say so of a function that is not there. */
const SAY_LATEST: ReadonlySet<string> = new Set(['InvokeFunction', 'PutFunctionConcurrency']);

function nameRule(operation: string): NameRule {
  return PLAIN.test(operation) ? FUNCTION_NAME : NAMESPACED_NAME;
}

/**
 * The function that the path and the Qualifier name, when the caller may do this to it. As on AWS, a
 * permission on the function alone is none on what a qualifier names.
 * @param conditions what policies may ask of the request, beside the function's tags
 */
export function calledFunction(
  context: LambdaContext,
  call: LambdaCall,
  missing?: NameUse['missing'],
  conditions: RequestContext = {},
): LambdaFunction {
  const { subject, request, operation, caller } = call;
  const parameter = request.query.get('Qualifier') || undefined;
  const found = resolveFunction(context, subject, {
    qualifier: parameter,
    latest: SAY_LATEST.has(operation),
    ...(missing && { missing }),
  });
  const { qualifier } = readFunctionName(subject, NAMESPACED_NAME, parameter);
  const arn = qualifier === undefined ? found.arn : `${found.arn}:${qualifier}`;
  authorize(context, caller, `lambda:${operation}`, arn, {
    ...resourceTags(found),
    ...conditions,
  });
  return found;
}

/** Like calledFunction, for operations that know no versions. */
export function unqualifiedFunction(context: LambdaContext, call: LambdaCall): LambdaFunction {
  const found = resolveFunction(context, call.subject, {
    rule: nameRule(call.operation),
    latest: SAY_LATEST.has(call.operation),
  });
  const { caller, operation } = call;
  authorize(context, caller, `lambda:${operation}`, found.arn, resourceTags(found));
  return found;
}

/** Conditions may ask for the tags of a function. */
export function resourceTags({ tags }: Pick<LambdaFunction, 'tags'>): RequestContext {
  return Object.fromEntries(
    Object.entries(tags).map(([key, value]) => [`aws:ResourceTag/${key}`, value]),
  );
}

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', 400, message);
}
