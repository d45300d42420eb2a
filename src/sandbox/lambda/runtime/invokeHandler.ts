import type { IncomingHttpHeaders } from 'node:http';
import type { Handler } from './loadHandler.ts';

/** What came of a call: JSON text to answer with, or what was thrown. */
export type Outcome = { readonly body: string } | { readonly thrown: unknown };

/** Calls the handler with an event and AWS's context object, and waits for its result. */
export async function invokeHandler(
  handler: Handler,
  requestId: string,
  headers: IncomingHttpHeaders,
  event: string,
): Promise<Outcome> {
  const trace = headers['lambda-runtime-trace-id'];
  if (typeof trace === 'string') process.env['_X_AMZN_TRACE_ID'] = trace;
  try {
    const context = contextOf(requestId, headers);
    const result =
      handler.length < 3
        ? await handler(JSON.parse(event), context)
        : await callWithCallback(handler, JSON.parse(event), context);
    return { body: serialize(result) };
  } catch (thrown) {
    return { thrown };
  }
}

/** The handlers of Node.js 22 and before may answer by a callback. */
function callWithCallback(handler: Handler, event: unknown, context: object): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const done = (error: unknown, result: unknown): void => {
      if (error === undefined || error === null) resolve(result);
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- it need not be an Error
      else reject(error);
    };
    const returned = handler(event, context, done);
    if (returned instanceof Promise) returned.then(resolve, reject);
  });
}

function serialize(result: unknown): string {
  try {
    // A function or a symbol has no JSON text.
    const text = JSON.stringify(result ?? null) as string | undefined;
    return text ?? 'null';
  } catch {
    throw new Error('Unable to stringify response body');
  }
}

function contextOf(requestId: string, headers: IncomingHttpHeaders): object {
  const { env } = process;
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: env['AWS_LAMBDA_FUNCTION_VERSION'],
    functionName: env['AWS_LAMBDA_FUNCTION_NAME'],
    memoryLimitInMB: env['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'],
    logGroupName: env['AWS_LAMBDA_LOG_GROUP_NAME'],
    logStreamName: env['AWS_LAMBDA_LOG_STREAM_NAME'],
    clientContext: parsed(headers['lambda-runtime-client-context']),
    identity: parsed(headers['lambda-runtime-cognito-identity']),
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    awsRequestId: requestId,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

/** A header's JSON text: bytes of UTF-8, which Node reads as Latin-1. */
function parsed(header: string | string[] | undefined): unknown {
  if (typeof header !== 'string' || header === '') return undefined;
  return JSON.parse(Buffer.from(header, 'latin1').toString('utf8')) as unknown;
}
