import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Clock } from './clock.ts';
import { AwsError } from './errors.ts';
import type { SandboxRequest, SandboxResponse } from './request.ts';

/** Milliseconds that a client may leave an answer unread; bytes that the system takes without it. */
const UNREAD_LIMIT_MS = 60_000;
const LARGE = 64 * 1024;

/**
 * Writes an answer with the headers that every answer of AWS carries.
 * @param abandonBody what is left of the request's body will not come, as the client waits for 100
 * Continue or has stopped sending: the connection can't be used on.
 */
export async function sendResponse(
  context: { readonly clock: Clock; readonly log: (line: string) => void },
  request: SandboxRequest,
  response: SandboxResponse,
  outgoing: ServerResponse,
  abandonBody: boolean,
): Promise<void> {
  const { status, headers = {}, body } = response;
  outgoing.sendDate = false;
  // A connection stays by HTTP/1.1 itself; AWS says neither that nor for how long.
  outgoing.removeHeader('connection');
  outgoing.writeHead(status, {
    'x-amz-request-id': request.requestId,
    'x-amz-id-2': request.extendedRequestId,
    date: context.clock.now().toUTCString(),
    server: 'AmazonS3',
    ...lengthOf(status, body, headers),
    ...(abandonBody || !outgoing.shouldKeepAlive ? { connection: 'close' } : {}),
    ...headers,
  });
  if (body instanceof Readable || (body?.length ?? 0) > LARGE) {
    outgoing.setTimeout(UNREAD_LIMIT_MS, () => outgoing.destroy());
  }
  if (request.method === 'HEAD' || body === undefined) {
    if (body instanceof Readable) body.destroy();
    outgoing.end();
  } else if (body instanceof Readable) {
    try {
      await pipeline(body, outgoing);
    } catch (error) {
      // The client went away, or the file could not be read: the connection is cut either way.
      const cause = error instanceof AwsError ? error.cause : error;
      context.log(`The answer ${request.requestId} was cut short: ${String(cause)}`);
    }
  } else {
    outgoing.end(body);
  }
}

function lengthOf(
  status: number,
  body: SandboxResponse['body'],
  headers: Readonly<Record<string, string>>,
): Record<string, string> {
  if (body instanceof Readable || 'content-length' in headers) return {};
  if (status === 204 || status === 304) return {};
  return { 'content-length': String(body === undefined ? 0 : Buffer.byteLength(body)) };
}
