import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { isAwsHost } from '../auth/awsHosts.ts';
import type { Certificates } from './certificates.ts';

/**
 * Lets a server take the place of AWS for clients that name it as their HTTPS proxy: a tunnel to one of
 * AWS's hosts ends here, in TLS with that host's certificate, and what comes out of it is a request like
 * any other. Tunnels to other hosts are refused.
 */
export class AwsFront {
  private readonly sockets = new Set<Duplex>();
  private readonly certificates: Certificates;

  constructor(server: Server, certificates: Certificates) {
    this.certificates = certificates;
    server.on('connect', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      this.open(server, request.url ?? '', socket, head);
    });
  }

  /** Ends all tunnels. */
  close(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  private open(server: Server, target: string, socket: Duplex, head: Buffer): void {
    // Who closes a tunnel at once is nobody's trouble.
    socket.on('error', () => socket.destroy());
    const host = /^([^:]+):443$/.exec(target.toLowerCase())?.[1] ?? '';
    if (!isAwsHost(host)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    if (head.length > 0) socket.unshift(head);
    const secure = new TLSSocket(socket, {
      isServer: true,
      secureContext: this.certificates.contextFor(host),
      ALPNProtocols: ['http/1.1'],
    });
    secure.on('error', () => socket.destroy());
    server.emit('connection', secure);
  }
}
