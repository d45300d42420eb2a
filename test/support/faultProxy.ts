import { once } from 'node:events';
import {
  createServer,
  request as forward,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** What happens to a request instead of its answer. */
export type Fault =
  /** The connection ends without an answer. */
  | { readonly kind: 'cut' }
  /** AWS's error of JSON services. */
  | { readonly kind: 'error'; readonly code: string; readonly message: string }
  /** It is answered after this. */
  | { readonly kind: 'wait'; readonly until: Promise<void> }
  /** The answer is another one. */
  | { readonly kind: 'change'; readonly change: (body: Record<string, unknown>) => unknown };

export interface FaultProxy {
  readonly endpoint: string;
  /** Names of the operations of JSON services that were asked for, in order. */
  readonly operations: readonly string[];
  /** Every request, in order: `GET /bucket?list-type=2`. */
  readonly requests: readonly string[];
  /** Faults by operation, `GetMetricData`; changed at any time. */
  readonly faults: Map<string, Fault>;
  close(): Promise<void>;
}

/** Stands before the sandbox and passes everything on, but for the faults that a test wants. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const operations: string[] = [];
  const requests: string[] = [];
  const faults = new Map<string, Fault>();
  const server = createServer((incoming, response) => {
    const operation = String(incoming.headers['x-amz-target'] ?? '').replace(/^.*\./, '');
    if (operation !== '') operations.push(operation);
    requests.push(`${incoming.method ?? ''} ${incoming.url ?? ''}`);
    answer(target, incoming, response, faults.get(operation)).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    operations,
    requests,
    faults,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function answer(
  target: string,
  incoming: IncomingMessage,
  response: ServerResponse,
  fault: Fault | undefined,
): Promise<void> {
  if (fault?.kind === 'cut') {
    incoming.socket.destroy();
    return;
  }
  if (fault?.kind === 'error') {
    const body = JSON.stringify({ __type: fault.code, message: fault.message });
    response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' }).end(body);
    return;
  }
  if (fault?.kind === 'wait') await fault.until;
  // The Host header stays what was signed.
  const { method, headers, url = '/' } = incoming;
  const upstream = forward(new URL(url, target), { method, headers });
  incoming.pipe(upstream);
  const [answered] = (await once(upstream, 'response')) as [IncomingMessage];
  if (fault?.kind !== 'change') {
    response.writeHead(answered.statusCode ?? 502, answered.headers);
    answered.pipe(response);
    return;
  }
  const body = JSON.parse((await buffer(answered)).toString('utf8')) as Record<string, unknown>;
  const changed = JSON.stringify(fault.change(body));
  response.writeHead(answered.statusCode ?? 502, { 'content-type': 'application/x-amz-json-1.0' });
  response.end(changed);
}
