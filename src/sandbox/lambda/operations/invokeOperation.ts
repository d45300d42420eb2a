import { AwsError, notImplemented } from '../../errors.ts';
import { header } from '../../request.ts';
import type { SandboxResponse } from '../../request.ts';
import type { LambdaContext } from '../lambdaContext.ts';
import { LATEST } from '../environments/environmentFactory.ts';
import { calledFunction, jsonAnswer, readBody } from './lambdaCall.ts';
import type { LambdaCall, LambdaOperation } from './lambdaCall.ts';
import { SYNCHRONOUS_PAYLOAD } from '../lambdaEngine.ts';
import { checkActive } from '../lambdaFunction.ts';

/** A little more than a payload may be, so that the error can say how large it was. */
const READ_LIMIT = 2 * SYNCHRONOUS_PAYLOAD;

/** Of X-Amz-Client-Context, encoded ("up to 3,583 bytes of base64-encoded data", Invoke). */
const MAX_CLIENT_CONTEXT = 3583;

/** Headers of functions that isolate tenants or are durable, which the sandbox doesn't create. */
const OF_OTHER_FUNCTIONS = ['x-amz-tenant-id', 'x-amz-durable-execution-name'];

/** Invoke: RequestResponse, Event or DryRun. */
export const invoke: LambdaOperation = async (context, call) => {
  const { request } = call;
  const found = calledFunction(context, call);
  const other = OF_OTHER_FUNCTIONS.find(name => header(request, name) !== undefined);
  if (other !== undefined) throw notImplemented(`Invoke with ${other}`);
  const type = header(request, 'x-amz-invocation-type') ?? 'RequestResponse';
  const payload = checkedJson(await readBody(call, READ_LIMIT));
  switch (type) {
    case 'RequestResponse':
      return invokeNow(context, call, payload);
    case 'Event':
      checkActive(found, context.clock.now());
      return invokeLater(context, call, payload);
    case 'DryRun':
      checkActive(found, context.clock.now());
      return jsonAnswer(204);
    default:
      throw oneOf('invocationType', type, '[RequestResponse, Event, DryRun]');
  }
};

async function invokeNow(
  context: LambdaContext,
  call: LambdaCall,
  payload: Buffer,
): Promise<SandboxResponse> {
  const { request, subject } = call;
  const logType = header(request, 'x-amz-log-type') ?? 'None';
  if (logType !== 'None' && logType !== 'Tail') throw oneOf('logType', logType, '[None, Tail]');
  const result = await context.lambda.invoke({
    functionName: subject,
    qualifier: request.query.get('Qualifier') || undefined,
    payload,
    clientContext: clientContext(call),
    traceHeader: header(request, 'x-amzn-trace-id'),
  });
  return {
    status: 200,
    headers: {
      'content-type': 'application/json',
      'x-amzn-requestid': result.requestId,
      'x-amz-executed-version': LATEST,
      ...(result.functionError === undefined
        ? {}
        : { 'x-amz-function-error': result.functionError }),
      ...(logType === 'Tail' ? { 'x-amz-log-result': result.logTail.toString('base64') } : {}),
    },
    body: result.payload,
  };
}

function invokeLater(context: LambdaContext, call: LambdaCall, payload: Buffer): SandboxResponse {
  if (header(call.request, 'x-amz-client-context') !== undefined) {
    throw notImplemented('Invoke with ClientContext and InvocationType Event');
  }
  const requestId = context.lambda.acceptEvent({
    functionName: call.subject,
    payload,
    traceHeader: header(call.request, 'x-amzn-trace-id'),
  });
  return { status: 202, headers: { 'x-amzn-requestid': requestId } };
}

/** No payload is an empty event. */
function checkedJson(payload: Buffer): Buffer {
  if (payload.length === 0) return Buffer.from('{}');
  try {
    JSON.parse(payload.toString('utf8'));
    return payload;
  } catch (error) {
    throw new AwsError(
      'InvalidRequestContentException',
      400,
      `Could not parse request body into json: Could not parse payload into json: ${String(error)}`,
    );
  }
}

function clientContext({ request }: LambdaCall): string | undefined {
  const value = header(request, 'x-amz-client-context');
  if (value === undefined) return undefined;
  if (value.length > MAX_CLIENT_CONTEXT) {
    throw new AwsError(
      'InvalidRequestContentException',
      400,
      `Client context must be no more than ${MAX_CLIENT_CONTEXT} bytes when base64-encoded.`,
    );
  }
  const text = Buffer.from(value, 'base64').toString('utf8');
  try {
    JSON.parse(text);
    return text;
  } catch {
    throw new AwsError(
      'InvalidRequestContentException',
      400,
      'Client context must be a valid Base64-encoded JSON object.',
    );
  }
}

function oneOf(name: string, value: string, words: string): AwsError {
  return new AwsError(
    'ValidationException',
    400,
    `1 validation error detected: Value '${value}' at '${name}' failed to satisfy constraint: Member must satisfy enum value set: ${words}`,
  );
}
