import { once } from 'node:events';
import {
  createServer,
  request as forward,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { Transform } from 'node:stream';
import { onTestFinished } from 'vitest';

/**
 * What becomes of a request: it is passed on, never comes, its answer never comes, a bit of that has
 * changed on the way, or it is refused in S3's words.
 */
export type Fate = 'pass' | 'cut' | 'loseAnswer' | 'damage' | keyof typeof REFUSALS;

const REFUSALS = {
  slowDown: [503, 'SlowDown'],
  deny: [403, 'AccessDenied'],
  expire: [400, 'ExpiredToken'],
  notImplemented: [501, 'NotImplemented'],
} as const;

export interface PassedRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** From 1 on. */
  readonly number: number;
}

/**
 * Stands before the sandbox on a port of its own. The hook runs before each request is passed on, so
 * that others can write at any point between two requests of a call. Closed when the test has ended.
 */
export async function startS3Proxy(
  target: string,
  hook: (request: PassedRequest) => Fate | Promise<Fate>,
): Promise<string> {
  let number = 0;
  const server = createServer((incoming, response) => {
    const { method = '', url: path = '', headers } = incoming;
    number += 1;
    pass(target, incoming, response, hook({ method, path, headers, number })).catch(() =>
      response.destroy(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function pass(
  target: string,
  incoming: IncomingMessage,
  response: ServerResponse,
  decided: Fate | Promise<Fate>,
): Promise<void> {
  const fate = await decided;
  if (fate === 'cut') {
    incoming.socket.destroy();
    return;
  }
  if (fate !== 'pass' && fate !== 'loseAnswer' && fate !== 'damage') {
    refuse(incoming, response, fate);
    return;
  }
  // The Host header stays what was signed; whether a connection is kept is each side's own affair.
  const { method, url = '/' } = incoming;
  const headers = { ...incoming.headers };
  delete headers.connection;
  const upstream = forward(new URL(target), { method, headers, path: url });
  incoming.pipe(upstream);
  const [answered] = (await once(upstream, 'response')) as [IncomingMessage];
  if (fate === 'loseAnswer') {
    answered.resume();
    await once(answered, 'end');
    incoming.socket.destroy();
    return;
  }
  response.writeHead(answered.statusCode ?? 502, answered.headers);
  if (fate === 'damage') answered.pipe(flipBit()).pipe(response);
  else answered.pipe(response);
}

function flipBit(): Transform {
  let isFlipped = false;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (!isFlipped && chunk.length > 0) chunk[0] = (chunk[0] ?? 0) ^ 1;
      isFlipped ||= chunk.length > 0;
      done(null, chunk);
    },
  });
}

function refuse(
  incoming: IncomingMessage,
  response: ServerResponse,
  fate: keyof typeof REFUSALS,
): void {
  incoming.resume();
  const [status, code] = REFUSALS[fate];
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(`<Error><Code>${code}</Code><Message>${code}</Message></Error>`);
}
