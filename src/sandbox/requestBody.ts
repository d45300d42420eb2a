import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { ChunkSigner } from './auth/signature.ts';
import { ChunkedDecoder } from './auth/chunkedDecoder.ts';
import { AwsError } from './errors.ts';

/** What the signature says about the body. */
export type PayloadSigning =
  | { readonly kind: 'unsigned' }
  | { readonly kind: 'hashed'; readonly sha256: string }
  | {
      readonly kind: 'chunked';
      readonly signer?: ChunkSigner;
      /** The names announced by x-amz-trailer. */
      readonly trailers: readonly string[];
      readonly decodedLength: number;
    };

/** The body of a request: read once, with backpressure, and verified while it is read. */
export class RequestBody {
  private readonly incoming: IncomingMessage;
  private readonly beforeReading: () => void;
  private signing: PayloadSigning = { kind: 'unsigned' };
  private collected: Buffer | undefined;
  private started = false;
  /** Trailing headers of an aws-chunked body; complete once the body is read. */
  readonly trailers = new Map<string, string>();

  /** @param beforeReading called before the first byte is read: answers `Expect: 100-continue`. */
  constructor(incoming: IncomingMessage, beforeReading: () => void) {
    this.incoming = incoming;
    this.beforeReading = beforeReading;
  }

  /** Sets what `chunks` must decode and verify. */
  verifyAs(signing: PayloadSigning): void {
    this.signing = signing;
  }

  /** Whether no byte of it was asked for. */
  get unread(): boolean {
    return !this.started;
  }

  /** Lets the rest flow away, so that the connection can carry the next request. */
  discard(): void {
    if (this.started && !this.incoming.complete) this.incoming.resume();
  }

  /** The length of the decoded body in bytes, when the client said it. */
  get length(): number | undefined {
    if (this.signing.kind === 'chunked') return this.signing.decodedLength;
    const declared = this.incoming.headers['content-length'];
    return declared === undefined ? undefined : Number(declared);
  }

  /** The trailers that the client announced. */
  get announcedTrailers(): readonly string[] {
    return this.signing.kind === 'chunked' ? this.signing.trailers : [];
  }

  /**
   * The decoded body.
   * @throws AwsError when it is not what was signed or announced; then nothing may be kept of it.
   */
  async *chunks(): AsyncGenerator<Buffer> {
    if (this.collected !== undefined) {
      yield this.collected;
      return;
    }
    const { signing } = this;
    if (signing.kind === 'chunked') yield* this.decodedChunks(signing);
    else if (signing.kind === 'hashed') yield* this.hashedChunks(signing.sha256);
    else yield* this.rawChunks();
  }

  /**
   * The whole decoded body; it may be asked for again.
   * @throws AwsError EntityTooLarge beyond `limit` bytes.
   */
  async bytes(limit: number): Promise<Buffer> {
    if (this.collected !== undefined) return this.collected;
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of this.chunks()) {
      size += chunk.length;
      if (size > limit) {
        throw new AwsError('MaxMessageLengthExceeded', 400, 'Your request was too big.', {
          MaxMessageLengthBytes: String(limit),
        });
      }
      chunks.push(chunk);
    }
    this.collected = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
    return this.collected;
  }

  private async *rawChunks(): AsyncGenerator<Buffer> {
    this.started = true;
    this.beforeReading();
    // A destroyed request would take the connection, and the answer, with it.
    const source = this.incoming.iterator({ destroyOnReturn: false });
    try {
      for await (const chunk of source) yield chunk as Buffer;
    } catch (error) {
      if (error instanceof AwsError) throw error;
      throw incompleteBody();
    }
    if (!this.incoming.complete) throw incompleteBody();
  }

  private async *hashedChunks(expected: string): AsyncGenerator<Buffer> {
    const hash = createHash('sha256');
    for await (const chunk of this.rawChunks()) {
      hash.update(chunk);
      yield chunk;
    }
    const computed = hash.digest('hex');
    if (computed === expected) return;
    throw new AwsError(
      'XAmzContentSHA256Mismatch',
      400,
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
      { ClientComputedContentSHA256: expected, S3ComputedContentSHA256: computed },
    );
  }

  private async *decodedChunks(
    signing: Extract<PayloadSigning, { kind: 'chunked' }>,
  ): AsyncGenerator<Buffer> {
    const decoder = new ChunkedDecoder(signing);
    for await (const chunk of this.rawChunks()) {
      for (const data of decoder.push(chunk)) yield data;
    }
    for (const [name, value] of decoder.finish()) this.trailers.set(name, value);
  }
}

export function incompleteBody(): AwsError {
  return new AwsError(
    'IncompleteBody',
    400,
    'You did not provide the number of bytes specified by the Content-Length HTTP header',
  );
}
