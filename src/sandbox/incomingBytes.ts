import type { IncomingMessage } from 'node:http';
import { AwsError } from './errors.ts';

/** Milliseconds that a client may let its body stand still. S3 waits about 20 seconds. */
export const STALL_LIMIT_MS = 30_000;
/** Milliseconds for a body that has to be read before its signature is known. */
const UNPROVEN_LIMIT_MS = 60_000;
/** Bytes of bodies that may be in memory at a time: two of Lambda, which have up to 70 MB. */
const MAX_HELD = 144 * 1024 * 1024;
/** A body of up to this many bytes is always taken, and not counted. */
const SMALL = 64 * 1024;

/** How many bytes of bodies are in memory, of all requests of a server. */
export class BodyMemory {
  private held = 0;

  /** @throws AwsError SlowDown 503 when there is too much already; the SDKs try again */
  take(bytes: number): void {
    if (bytes > 0 && this.held + bytes > MAX_HELD) throw slowDown();
    this.held += bytes;
  }

  give(bytes: number): void {
    this.held -= bytes;
  }
}

/** A body as it grows. A long one of known length has one buffer from the start: no piece is kept twice. */
class Parts {
  private readonly length: number;
  private pieces: Buffer[] = [];
  private whole: Buffer | undefined;
  private size = 0;

  /** @param length in bytes, as it was announced; 0 when it was not */
  constructor(length: number) {
    this.length = length;
  }

  add(piece: Buffer): void {
    const end = this.size + piece.length;
    if (end > SMALL && end <= this.length) {
      this.whole ??= this.begin();
      piece.copy(this.whole, this.size);
    } else {
      this.pieces.push(piece);
    }
    this.size = end;
  }

  clear(): void {
    this.pieces = [];
    this.whole = undefined;
  }

  joined(): Buffer {
    if (this.whole) return this.whole.subarray(0, this.size);
    const [only] = this.pieces;
    return this.pieces.length === 1 && only ? only : Buffer.concat(this.pieces);
  }

  private begin(): Buffer {
    const whole = Buffer.allocUnsafeSlow(this.length);
    Buffer.concat(this.pieces).copy(whole);
    this.pieces = [];
    return whole;
  }
}

/** The bytes of a request's body as they arrive, for no longer than a client keeps sending. */
export class IncomingBytes {
  private readonly incoming: IncomingMessage;
  private readonly memory: BodyMemory;
  private held = 0;
  /** Whether the client was given up. */
  stalled = false;

  constructor(incoming: IncomingMessage, memory: BodyMemory) {
    this.incoming = incoming;
    this.memory = memory;
  }

  /**
   * All of them. By events: iterating costs a multiple for the one piece of a short body.
   * @param proven whether the signature is known to be good; else there is a limit for the whole body
   * @throws AwsError IncompleteBody, RequestTimeout, SlowDown, or what `tooMany` makes beyond `limit`
   */
  collect(limit: number, proven: boolean, tooMany: () => AwsError): Promise<Buffer> {
    const { incoming } = this;
    return new Promise((resolve, reject) => {
      const announced = Number(incoming.headers['content-length'] ?? 0);
      if (announced > limit) throw tooMany();
      const parts = new Parts(announced);
      let size = 0;
      const stop = (error: AwsError): void => {
        // What still comes is let go, not kept.
        incoming.off('data', take);
        clearTimeout(timer);
        parts.clear();
        reject(error);
      };
      const timer = setTimeout(
        () => stop(this.giveUp()),
        proven ? STALL_LIMIT_MS : UNPROVEN_LIMIT_MS,
      );
      const take = (chunk: Buffer): void => {
        size += chunk.length;
        if (size > limit) {
          stop(tooMany());
          return;
        }
        try {
          if (size > SMALL) this.hold(Math.max(size, announced));
          parts.add(chunk);
        } catch (error) {
          stop(error as AwsError);
          return;
        }
        if (proven) timer.refresh();
      };
      const cut = (): void => {
        if (!incoming.complete) stop(incompleteBody());
      };
      incoming.on('data', take);
      incoming.once('end', () => {
        clearTimeout(timer);
        resolve(parts.joined());
      });
      incoming.once('error', cut);
      incoming.once('close', cut);
    });
  }

  /** One after the other. @throws AwsError IncompleteBody, RequestTimeout */
  async *chunks(): AsyncGenerator<Buffer> {
    const { incoming } = this;
    let wake = (): void => undefined;
    const changed = (): void => wake();
    const events = ['readable', 'end', 'error', 'close'] as const;
    for (const name of events) incoming.on(name, changed);
    try {
      for (;;) {
        const change = new Promise<void>(resolve => (wake = resolve));
        const chunk = incoming.read() as Buffer | null;
        if (chunk !== null) yield chunk;
        else if (incoming.readableEnded || incoming.destroyed) break;
        else await this.within(STALL_LIMIT_MS, change);
      }
    } finally {
      for (const name of events) incoming.off(name, changed);
    }
    if (!incoming.complete) throw incompleteBody();
  }

  /** @throws AwsError RequestTimeout */
  private async within(ms: number, change: Promise<void>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(this.giveUp()), ms);
    });
    try {
      await Promise.race([change, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Says that nothing of it is in memory any more. */
  release(): void {
    this.memory.give(this.held);
    this.held = 0;
  }

  private hold(size: number): void {
    this.memory.take(size - this.held);
    this.held = size;
  }

  private giveUp(): AwsError {
    this.stalled = true;
    return requestTimeout();
  }
}

export function incompleteBody(): AwsError {
  return new AwsError(
    'IncompleteBody',
    400,
    'You did not provide the number of bytes specified by the Content-Length HTTP header',
  );
}

function requestTimeout(): AwsError {
  return new AwsError(
    'RequestTimeout',
    400,
    'Your socket connection to the server was not read from or written to within the timeout period. Idle connections will be closed.',
  );
}

function slowDown(): AwsError {
  return new AwsError('SlowDown', 503, 'Please reduce your request rate.');
}
