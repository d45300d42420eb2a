import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { anonymousCall, authenticate } from './auth/authenticate.ts';
import { checkOrigin } from './auth/originCheck.ts';
import { isUnsigned, signingNameOf } from './auth/claim.ts';
import type { Credentials } from './auth/credentials.ts';
import { recordCall } from './cloudtrail/recordCall.ts';
import type { Recorder } from './cloudtrail/recordCall.ts';
import { AwsError, notImplemented, toAwsError } from './errors.ts';
import { describe } from './faults.ts';
import { hasFaultHeader, applyFaultHeader } from './requestedFaults/faultHeader.ts';
import type { FaultPlan } from './requestedFaults/faultPlan.ts';
import { readRequest } from './request.ts';
import type { Call, SandboxRequest, SandboxResponse } from './request.ts';
import { RequestBody } from './requestBody.ts';
import { BodyMemory, STALL_LIMIT_MS } from './incomingBytes.ts';
import { sendResponse } from './response.ts';
import type { ServiceAdapter } from './serviceAdapter.ts';

/** What the pipeline needs. */
export interface PipelineContext extends Recorder {
  readonly credentials: Credentials;
  readonly faults: FaultPlan;
  /** Asked in this order. */
  readonly services: readonly ServiceAdapter[];
  /** Writes the error of a request that is for none of them. */
  readonly fallback: ServiceAdapter;
}

/**
 * Milliseconds. A body has limits of its own: an upload may take hours, a stall may not. With no limit for
 * the whole request Node has none for its headers either, unless it is given.
 */
const LIMITS = {
  keepAliveTimeout: 120_000,
  requestTimeout: 0,
  headersTimeout: 20_000,
  connectionsCheckingInterval: 5000,
};
/** Further ones are closed at once: each costs a file and memory before it has said anything. */
const MAX_CONNECTIONS = 3000;

/** The server, not listening yet. */
export function createHttpServer(context: PipelineContext): Server {
  const listener = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    void answerOrCut(context, incoming, outgoing, { memory, expectsContinue: false });
  };
  const memory = new BodyMemory();
  const server = createServer(LIMITS, listener);
  server.maxConnections = MAX_CONNECTIONS;
  // Such as EMFILE when a connection is accepted: it passes.
  server.on('error', error => {
    if (server.listening) context.log(`The server: ${error.message}`);
  });
  // Without this listener Node answers 100 at once, before the request is known to be good.
  server.on('checkContinue', (incoming: IncomingMessage, outgoing: ServerResponse) => {
    void answerOrCut(context, incoming, outgoing, { memory, expectsContinue: true });
  });
  return server;
}

interface Reception {
  readonly memory: BodyMemory;
  /** The client waits for 100 Continue before it sends its body. */
  readonly expectsContinue: boolean;
}

/** Whatever goes wrong with one request ends its connection, never the sandbox. */
async function answerOrCut(
  context: PipelineContext,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  reception: Reception,
): Promise<void> {
  try {
    await answer(context, incoming, outgoing, reception);
  } catch (error) {
    context.log(describe(error));
    outgoing.destroy();
  }
  endLater(incoming);
}

/** What is left of a refused body may flow away, but not forever. */
function endLater(incoming: IncomingMessage): void {
  if (incoming.complete || incoming.destroyed) return;
  const timer = setTimeout(() => incoming.destroy(), 2 * STALL_LIMIT_MS).unref();
  incoming.once('close', () => clearTimeout(timer));
}

/** The pipeline of every request, in order. */
async function answer(
  context: PipelineContext,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { memory, expectsContinue }: Reception,
): Promise<void> {
  const proceed = (): void => {
    if (expectsContinue) outgoing.writeContinue();
  };
  const body = new RequestBody(incoming, proceed, memory);
  const request = readRequest(incoming, body);
  let service = context.fallback;
  let response: SandboxResponse;
  try {
    const virtualBucket = checkOrigin(request);
    const found = findService(context.services, request);
    service = found;
    const call =
      found.anonymous && isUnsigned(request)
        ? anonymousCall(request)
        : await authenticate(context, request, virtualBucket);
    response = await recordCall(context, call, virtualBucket, () =>
      mayMeetFaults(context, call)
        ? handleWithFaults(context, found, call, virtualBucket)
        : found.handle(call, virtualBucket),
    );
    await firstBytes(response);
  } catch (error) {
    const awsError = toAwsError(error);
    logFault(context, error);
    response = service.renderError(awsError, request);
  }
  const abandonBody = body.stalled || (body.unread && expectsContinue);
  try {
    await sendResponse(context, request, response, outgoing, abandonBody);
  } finally {
    body.discard();
  }
}

/** Nobody else pays for it. */
function mayMeetFaults({ faults }: PipelineContext, { request }: Call): boolean {
  return faults.isOn || hasFaultHeader(request);
}

async function handleWithFaults(
  { faults, clock }: PipelineContext,
  service: ServiceAdapter,
  call: Call,
  virtualBucket: string | undefined,
): Promise<SandboxResponse> {
  const { name } = service;
  if (name === undefined) return service.handle(call, virtualBucket);
  await applyFaultHeader(clock, call, name);
  const operation = () => service.operationOf(call, virtualBucket);
  await faults.meet({ service: name, operation });
  return service.handle(call, virtualBucket);
}

/** What fails before the first byte of a stream can still be answered with an error. */
async function firstBytes({ body }: SandboxResponse): Promise<void> {
  if (!(body instanceof Readable)) return;
  await new Promise<void>((resolve, reject) => {
    body.once('readable', resolve).once('error', reject);
  });
}

function logFault({ log }: PipelineContext, error: unknown): void {
  if (!(error instanceof AwsError)) log(describe(error));
  else if (error.cause !== undefined) log(describe(error.cause));
}

function findService(services: readonly ServiceAdapter[], request: SandboxRequest): ServiceAdapter {
  const signingName = signingNameOf(request);
  const service = services.find(candidate => candidate.accepts(request, signingName));
  if (!service) throw notImplemented(signingName);
  return service;
}

/**
 * Listens on 127.0.0.1.
 * @param wanted the port; 0: the remembered one if it is free, else any
 * @returns the port
 */
export async function listen(server: Server, wanted: number, remembered = 0): Promise<number> {
  if (wanted === 0 && remembered !== 0) {
    try {
      return await listenOn(server, remembered);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
  return listenOn(server, wanted);
}

function listenOn(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

const CLOSE_GRACE_MS = 2000;

/** Ends it: requests under way have two seconds. */
export async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>(resolve => {
    server.close(() => {
      resolve();
    });
  });
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
  await closed;
  clearTimeout(timer);
}
