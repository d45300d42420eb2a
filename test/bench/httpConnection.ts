import { connect, type Socket } from 'node:net';

/** An answer of the server: its status and the bytes of its body. */
export interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

interface Waiting {
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

/**
 * One keep-alive HTTP/1.1 connection that sends requests prepared as bytes, one at a time. It does
 * as little as a client can, so that what is measured is the server; both peers get the same.
 */
export class HttpConnection {
  readonly #host: string;
  readonly #port: number;
  #socket: Socket | undefined;
  #received: Buffer[] = [];
  #waiting: Waiting | undefined;

  constructor(endpoint: string) {
    const url = new URL(endpoint);
    this.#host = url.hostname;
    this.#port = Number(url.port);
  }

  /** Sends one request and waits for its answer. Rejects when the connection fails. */
  send(request: Buffer): Promise<Answer> {
    return new Promise<Answer>((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket ??= this.#open();
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  #open(): Socket {
    const socket = connect({ host: this.#host, port: this.#port, noDelay: true });
    socket.on('data', (chunk: Buffer) => this.#onData(chunk));
    socket.on('error', error => this.#fail(socket, error));
    socket.on('close', () => this.#fail(socket, new Error('The server closed the connection')));
    return socket;
  }

  #onData(chunk: Buffer): void {
    this.#received.push(chunk);
    const bytes = this.#received.length === 1 ? chunk : Buffer.concat(this.#received);
    this.#received = [bytes];
    const parsed = parseAnswer(bytes);
    const waiting = this.#waiting;
    if (!parsed || !waiting) return;
    this.#received = [];
    this.#waiting = undefined;
    if (parsed.closes) this.close();
    waiting.resolve(parsed);
  }

  #fail(socket: Socket, error: Error): void {
    if (this.#socket !== socket) return;
    this.#socket = undefined;
    this.#received = [];
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }
}

/** Reads one whole answer, or nothing while bytes are missing. Requests are never pipelined. */
export function parseAnswer(bytes: Buffer): (Answer & { readonly closes: boolean }) | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const head = bytes.toString('latin1', 0, headEnd).toLowerCase();
  const status = Number(head.slice(9, 12));
  const bodyStart = headEnd + 4;
  const closes = head.includes('\r\nconnection: close') || head.startsWith('http/1.0');
  const body = head.includes('\r\ntransfer-encoding: chunked')
    ? chunkedBody(bytes, bodyStart)
    : plainBody(bytes, bodyStart, status === 204 ? 0 : contentLength(head));
  return body && { status, body, closes };
}

function contentLength(head: string): number {
  const at = head.indexOf('\r\ncontent-length:');
  if (at < 0) throw new Error(`An answer without a length: ${head}`);
  return Number.parseInt(head.slice(at + 17), 10);
}

function plainBody(bytes: Buffer, start: number, length: number): Buffer | undefined {
  return bytes.length >= start + length ? bytes.subarray(start, start + length) : undefined;
}

function chunkedBody(bytes: Buffer, start: number): Buffer | undefined {
  const chunks: Buffer[] = [];
  for (let at = start; ;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    const next = lineEnd + 2 + size + 2;
    if (bytes.length < next) return undefined;
    if (size === 0) return chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
    chunks.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = next;
  }
}
