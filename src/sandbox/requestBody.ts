import { createHash, hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { ChunkedDecoder } from './chunkedDecoder.ts';
import type { ChunkVerifier } from './chunkedDecoder.ts';
import { AwsError } from './errors.ts';
import { BodyMemory, IncomingBytes } from './incomingBytes.ts';

/** What the signature says about the body. */
export type PayloadSigning =
  | { readonly kind: 'unsigned' }
  | { readonly kind: 'hashed'; readonly sha256: string }
  | {
      readonly kind: 'chunked';
      readonly verifier?: ChunkVerifier;
      /** The names announced by x-amz-trailer. */
      readonly trailers: readonly string[];
      readonly decodedLength: number;
      /** Of the body with its framing, where the client announced it. */
      readonly sha256?: string;
    };

type ChunkedSigning = Extract<PayloadSigning, { kind: 'chunked' }>;

/** Bodies up to this many bytes are read in one go. */
const SHORT = 64 * 1024;
/** What aws-chunked framing and trailers may add to a body that is held in memory, in bytes. */
const MAX_FRAMING = 64 * 1024;

/** The body of a request: read once, with backpressure, and verified while it is read. */
export class RequestBody {
  private readonly incoming: IncomingMessage;
  private readonly beforeReading: () => void;
  private readonly bytesIn: IncomingBytes;
  private signing: PayloadSigning = { kind: 'unsigned' };
  /** Whether the signature is known to be good. */
  private proven = false;
  private collected: Buffer | undefined;
  private started = false;
  /** Trailing headers of an aws-chunked body; complete once the body is read. */
  readonly trailers = new Map<string, string>();

  /**
   * @param beforeReading called before the first byte is read: answers `Expect: 100-continue`.
   * @param memory what the server's bodies share
   */
  constructor(incoming: IncomingMessage, beforeReading: () => void, memory = new BodyMemory()) {
    this.incoming = incoming;
    this.beforeReading = beforeReading;
    this.bytesIn = new IncomingBytes(incoming, memory);
  }

  /** Sets what `chunks` must decode and verify. */
  verifyAs(signing: PayloadSigning): void {
    this.signing = signing;
    this.proven = true;
  }

  /** Whether no byte of it was asked for. */
  get unread(): boolean {
    return !this.started;
  }

  /** The whole decoded body, where an operation asked for it; it may be looked at again. */
  get kept(): Buffer | undefined {
    return this.collected;
  }

  /** Whether the client stopped sending it. */
  get stalled(): boolean {
    return this.bytesIn.stalled;
  }

  /** Lets the rest flow away, so that the connection can carry the next request. */
  discard(): void {
    this.bytesIn.release();
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

  /** The body as `chunks` gives it, but a short one at once: without the cost of a stream. */
  async read(): Promise<Buffer | AsyncGenerator<Buffer>> {
    const { length } = this;
    return length !== undefined && length <= SHORT ? this.bytes(SHORT) : this.chunks();
  }

  /**
   * The whole decoded body; it may be asked for again.
   * @throws AwsError MaxMessageLengthExceeded beyond `limit` bytes.
   */
  async bytes(limit: number): Promise<Buffer> {
    this.collected ??= await this.collect(limit);
    return this.collected;
  }

  private async collect(limit: number): Promise<Buffer> {
    if ((this.length ?? 0) > limit) throw tooBig(limit);
    this.begin();
    const { bytesIn, proven, signing } = this;
    const most = limit + MAX_FRAMING;
    const raw = await bytesIn.collect(most, proven, () => tooBig(limit));
    if (signing.kind !== 'unsigned' && signing.sha256 !== undefined) {
      checkHash(signing.sha256, hash('sha256', raw, 'hex'));
    }
    const bytes = signing.kind === 'chunked' ? this.decode(signing, raw) : raw;
    if (bytes.length > limit) throw tooBig(limit);
    return bytes;
  }

  private decode(signing: ChunkedSigning, raw: Buffer): Buffer {
    const decoder = new ChunkedDecoder(signing);
    const data = [...decoder.push(raw)];
    for (const [name, value] of decoder.finish()) this.trailers.set(name, value);
    return joined(data);
  }

  private rawChunks(): AsyncGenerator<Buffer> {
    this.begin();
    return this.bytesIn.chunks();
  }

  private begin(): void {
    this.started = true;
    this.beforeReading();
  }

  private async *hashedChunks(expected: string): AsyncGenerator<Buffer> {
    const sha256 = createHash('sha256');
    for await (const chunk of this.rawChunks()) {
      sha256.update(chunk);
      yield chunk;
    }
    checkHash(expected, sha256.digest('hex'));
  }

  private async *decodedChunks(signing: ChunkedSigning): AsyncGenerator<Buffer> {
    const decoder = new ChunkedDecoder(signing);
    const { sha256 } = signing;
    const framed = sha256 === undefined ? this.rawChunks() : this.hashedChunks(sha256);
    for await (const chunk of framed) {
      for (const data of decoder.push(chunk)) yield data;
    }
    for (const [name, value] of decoder.finish()) this.trailers.set(name, value);
  }
}

function tooBig(limit: number): AwsError {
  return new AwsError('MaxMessageLengthExceeded', 400, 'Your request was too big.', {
    MaxMessageLengthBytes: String(limit),
  });
}

function joined(chunks: readonly Buffer[]): Buffer {
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}

function checkHash(expected: string, computed: string): void {
  if (computed === expected) return;
  throw new AwsError(
    'XAmzContentSHA256Mismatch',
    400,
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
    { ClientComputedContentSHA256: expected, S3ComputedContentSHA256: computed },
  );
}
