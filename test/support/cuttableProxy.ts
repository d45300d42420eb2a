import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface CuttableProxy {
  readonly endpoint: string;
  /** Destroys every connection, and each new one, until `mend`. */
  cut(): void;
  mend(): void;
  /** Cuts as soon as this many bytes have gone to (`up`) or come from (`down`) the server. */
  cutAfter(direction: 'up' | 'down', bytes: number): void;
  close(): Promise<void>;
}

/** A TCP proxy on loopback whose cable can be pulled. */
export async function startCuttableProxy(target: string): Promise<CuttableProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  const passed = { up: 0, down: 0 };
  let limit: { direction: 'up' | 'down'; bytes: number } | undefined;
  let broken = false;

  const cut = () => {
    broken = true;
    sockets.forEach(socket => socket.destroy());
  };
  const count = (direction: 'up' | 'down', bytes: number) => {
    passed[direction] += bytes;
    if (limit?.direction === direction && passed[direction] >= limit.bytes) cut();
  };
  const server = createServer(client => {
    if (broken) {
      client.destroy();
      return;
    }
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
    }
    client.on('data', chunk => count('up', chunk.length));
    upstream.on('data', chunk => count('down', chunk.length));
    client.pipe(upstream).pipe(client);
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut,
    mend() {
      broken = false;
      limit = undefined;
    },
    cutAfter(direction, bytes) {
      passed[direction] = 0;
      limit = { direction, bytes };
    },
    async close() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
