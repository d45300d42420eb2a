import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What an invocation is given, besides its event. */
export interface Work {
  readonly requestId: string;
  /** Milliseconds since 1970. */
  readonly deadline: number;
  readonly functionArn: string;
  readonly traceHeader: string;
  readonly clientContext: string | undefined;
  readonly payload: Buffer;
}

/** What the runtime says. */
export type RuntimeMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'initError'; readonly errorType: string; readonly body: Buffer }
  | { readonly kind: 'response'; readonly requestId: string; readonly body: Buffer }
  | { readonly kind: 'tooLarge'; readonly requestId: string }
  | {
      readonly kind: 'error';
      readonly requestId: string;
      readonly errorType: string;
      readonly body: Buffer;
    };

/** Of a response, in bytes: 6 MB, and AWS's own allowance (it stands in its error). */
export const RESPONSE_LIMIT = 6_291_556;
const ERROR_LIMIT = 1024 * 1024;

const PREFIX = '/2018-06-01/runtime';
const INVOCATION = /^\/2018-06-01\/runtime\/invocation\/([^/]+)\/(response|error)$/;

/**
 * The Runtime API of one execution environment (Lambda developer guide, "Using the Lambda runtime API").
 * Each environment has a port of its own: that is how the API knows who calls.
 */
export class RuntimeApi {
  private readonly server: Server;
  private readonly onMessage: (message: RuntimeMessage) => void;
  /** The runtime that waits for work. */
  private waiting: ServerResponse | undefined;
  private current: string | undefined;

  constructor(onMessage: (message: RuntimeMessage) => void) {
    this.onMessage = onMessage;
    this.server = createServer({ requestTimeout: 0, keepAliveTimeout: 0 }, (request, response) => {
      this.answer(request, response).catch(() => response.destroy());
    });
    // Such as EMFILE when a connection is accepted: it passes. `listen` tells of its own.
    this.server.on('error', () => undefined);
  }

  /** Begins to listen; answers `host:port`. */
  listen(): Promise<string> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(0, '127.0.0.1', () => {
        resolve(`127.0.0.1:${(this.server.address() as AddressInfo).port}`);
      });
    });
  }

  /** Gives work to the runtime that waits for it; answers false when none does (any more). */
  give(work: Work): boolean {
    const { waiting } = this;
    if (waiting === undefined) return false;
    this.waiting = undefined;
    this.current = work.requestId;
    waiting.writeHead(200, {
      'content-type': 'application/json',
      'content-length': String(work.payload.length),
      'Lambda-Runtime-Aws-Request-Id': work.requestId,
      'Lambda-Runtime-Deadline-Ms': String(work.deadline),
      'Lambda-Runtime-Invoked-Function-Arn': work.functionArn,
      'Lambda-Runtime-Trace-Id': work.traceHeader,
      ...(work.clientContext === undefined
        ? {}
        : { 'Lambda-Runtime-Client-Context': Buffer.from(work.clientContext).toString('latin1') }),
    });
    waiting.end(work.payload);
    return true;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    const [, requestId, verb] = INVOCATION.exec(path) ?? [];
    if (isFromPage(request)) refuse(response, 403, 'InvalidOrigin');
    else if (request.method === 'GET' && path === `${PREFIX}/invocation/next`) this.next(response);
    else if (request.method !== 'POST') refuse(response, 404, 'InvalidRequest');
    else if (path === `${PREFIX}/init/error`) await this.initError(request, response);
    else if (requestId === undefined) refuse(response, 404, 'InvalidRequest');
    else if (verb === 'response') await this.takeResponse(request, response, requestId);
    else await this.takeError(request, response, requestId);
  }

  /** There is one runtime, and it asks when it has answered: nobody else gets its events. */
  private next(response: ServerResponse): void {
    if (this.waiting !== undefined || this.current !== undefined) {
      refuse(response, 403, 'InvalidStateTransition');
      return;
    }
    this.waiting = response;
    response.once('close', () => {
      if (this.waiting === response) this.waiting = undefined;
    });
    this.onMessage({ kind: 'ready' });
  }

  private async initError(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await read(request, ERROR_LIMIT);
    this.onMessage({ kind: 'initError', errorType: errorTypeOf(request), body: body ?? EMPTY });
    accepted(response);
  }

  private async takeResponse(
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
  ): Promise<void> {
    const body = await read(request, RESPONSE_LIMIT);
    if (!this.isCurrent(requestId, response)) return;
    this.current = undefined;
    if (body === undefined) {
      this.onMessage({ kind: 'tooLarge', requestId });
      refuse(response, 413, 'RequestEntityTooLarge');
    } else {
      this.onMessage({ kind: 'response', requestId, body });
      accepted(response);
    }
  }

  private isCurrent(requestId: string, response: ServerResponse): boolean {
    if (this.current === requestId) return true;
    refuse(response, 400, 'InvalidRequestID');
    return false;
  }

  private async takeError(
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
  ): Promise<void> {
    const body = (await read(request, ERROR_LIMIT)) ?? EMPTY;
    if (!this.isCurrent(requestId, response)) return;
    this.current = undefined;
    this.onMessage({ kind: 'error', requestId, errorType: errorTypeOf(request), body });
    accepted(response);
  }
}

const EMPTY = Buffer.from('{}');

/**
 * Whether a browser asks. A page that only loads an address says no Origin, but where it does so from; one
 * whose name was made to mean this machine (DNS rebinding) says that name.
 */
function isFromPage({ headers, socket }: IncomingMessage): boolean {
  const { origin, host } = headers;
  if (origin !== undefined || headers['sec-fetch-site'] !== undefined) return true;
  return host !== `127.0.0.1:${socket.localPort}` && host !== `localhost:${socket.localPort}`;
}

function errorTypeOf(request: IncomingMessage): string {
  const value = request.headers['lambda-runtime-function-error-type'];
  return typeof value === 'string' && value !== '' ? value : 'Runtime.Unknown';
}

/** The body; undefined, the rest of it thrown away, when it is larger. */
function read(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else chunks = [];
    });
    request.once('error', reject);
    request.once('close', () => reject(new Error('The request was cut.')));
    request.once('end', () => resolve(size <= limit ? Buffer.concat(chunks) : undefined));
  });
}

function accepted(response: ServerResponse): void {
  response.writeHead(202, { 'content-type': 'application/json' });
  response.end('{"status":"OK"}\n');
}

function refuse(response: ServerResponse, status: number, errorType: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ errorMessage: errorType, errorType }));
}
