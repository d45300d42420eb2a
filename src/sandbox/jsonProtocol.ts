import { readBody } from './compressedBody.ts';
import type { AwsError } from './errors.ts';
import { notImplemented } from './errors.ts';
import { Input, serializationError } from './input.ts';
import { nameError } from './jsonErrors.ts';
import type { Operation, Operations } from './operation.ts';
import type { Output } from './output.ts';
import type { Call, SandboxRequest, SandboxResponse } from './request.ts';
import { header } from './request.ts';
import type { ServiceName } from './requestedFaults/faultRule.ts';
import type { ServiceAdapter } from './serviceAdapter.ts';

export interface JsonServiceOptions<Context> {
  readonly name: ServiceName;
  readonly signingName: string;
  /** What stands before the operation in X-Amz-Target: of SDKs of different age, one of these. */
  readonly targetPrefixes: readonly string[];
  readonly version: '1.0' | '1.1';
  readonly operations: Operations<Context>;
  /** Bytes that a request may have. */
  readonly maxBody: number;
  readonly missing: (path: string) => AwsError;
}

/** A service of the AWS JSON protocol: the operation in a header, JSON in, JSON out. */
export function jsonService<Context>(
  options: JsonServiceOptions<Context>,
  context: Context,
): ServiceAdapter {
  return {
    name: options.name,
    operations: Object.keys(options.operations),
    accepts: (_request, name) => name === options.signingName,
    operationOf: ({ request }) => jsonOperation(request),
    handle: call => handleJson(options, context, call),
    renderError: (error, request) =>
      jsonResponse(options, request, error.status, renderJsonError(error), error),
  };
}

/** The operation that `X-Amz-Target` names, without what stands before it. */
export function jsonOperation(request: SandboxRequest): string | undefined {
  return header(request, 'x-amz-target')?.replace(/^.*\./, '');
}

export async function handleJson<Context>(
  options: JsonServiceOptions<Context>,
  context: Context,
  call: Call,
): Promise<SandboxResponse> {
  const target = header(call.request, 'x-amz-target') ?? '';
  const prefix = options.targetPrefixes.find(each => target.startsWith(`${each}.`));
  const name = prefix === undefined ? target : target.slice(prefix.length + 1);
  const operation = findOperation(options.operations, name);
  const body = await readJson(call.request, options.maxBody);
  const rules = { operation: name, textual: false, missing: options.missing };
  const output = operation(context, call, new Input(body, rules));
  return jsonResponse(options, call.request, 200, output);
}

/** @throws AwsError NotImplemented 501 with the operation's name */
export function findOperation<Context>(
  operations: Operations<Context>,
  name: string,
): Operation<Context> {
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (!operation) throw notImplemented(name === '' ? 'a request without an operation' : name);
  return operation;
}

async function readJson(request: SandboxRequest, limit: number): Promise<unknown> {
  const text = (await readBody(request, limit)).toString('utf8');
  try {
    return text === '' ? {} : (JSON.parse(text) as unknown);
  } catch {
    throw serializationError('The JSON body');
  }
}

/** An error as the JSON protocol writes it. */
export function renderJsonError(error: AwsError): Output {
  const { type, message } = nameError(error);
  return { __type: type, message };
}

/** @param error where there is one, its name decides the status. */
export function jsonResponse(
  { version }: { readonly version: '1.0' | '1.1' },
  { requestId }: SandboxRequest,
  status: number,
  output: Output | undefined,
  error?: AwsError,
): SandboxResponse {
  return {
    status: error ? nameError(error).status : status,
    headers: {
      'content-type': `application/x-amz-json-${version}`,
      'x-amzn-RequestId': requestId,
      ...error?.headers,
    },
    // An operation without an answer has an empty body in 1.1 and an empty object in 1.0.
    body: output === undefined && version === '1.1' ? '' : JSON.stringify(output ?? {}),
  };
}
