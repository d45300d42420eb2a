import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { AwsError } from './errors.ts';

/** S3 refuses smaller chunks, but for the last one. */
const MIN_CHUNK = 8192;
/** A chunk header is a hex length and a signature; anything longer is no chunk header. */
const MAX_LINE = 1024;

/** Checks the chain of signatures through a body; each call is for what comes next in it. */
export interface ChunkVerifier {
  /** Whether `provided` is the signature of the next chunk, given the SHA-256 of its data. */
  verifyChunk(dataSha256: string, provided: string): boolean;
  /** Whether `provided` is the signature of the trailing headers, as `name:value\n` lines. */
  verifyTrailer(lines: string, provided: string): boolean;
}

export interface ChunkedFraming {
  readonly verifier?: ChunkVerifier;
  readonly trailers: readonly string[];
  readonly decodedLength: number;
}

type State = 'header' | 'data' | 'dataEnd' | 'trailer' | 'end';

/** Takes the aws-chunked framing off a body, piece by piece, verifying chunk signatures. */
export class ChunkedDecoder {
  private readonly framing: ChunkedFraming;
  private state: State = 'header';
  private line = '';
  private remaining = 0;
  private chunkSize = 0;
  private chunkIsShort = false;
  private decoded = 0;
  private hash: Hash | undefined;
  private signature = '';
  private readonly trailers = new Map<string, string>();
  private trailerLines = '';

  constructor(framing: ChunkedFraming) {
    this.framing = framing;
  }

  /** The data in the next piece of the body. */
  push(piece: Buffer): Buffer[] {
    const data: Buffer[] = [];
    let offset = 0;
    while (offset < piece.length) {
      if (this.state === 'data') {
        const part = piece.subarray(offset, offset + this.remaining);
        offset += part.length;
        this.takeData(part);
        data.push(part);
      } else {
        offset = this.takeLine(piece, offset);
      }
    }
    return data;
  }

  /** The trailing headers, after the last piece. */
  finish(): ReadonlyMap<string, string> {
    if (this.state !== 'end') this.finishWithoutLastLine();
    if (this.decoded !== this.framing.decodedLength) throw incomplete();
    for (const name of this.framing.trailers) {
      if (!this.trailers.has(name)) throw malformedTrailer();
    }
    return this.trailers;
  }

  /** Some clients end the body after the last trailer, without the empty line. */
  private finishWithoutLastLine(): void {
    if (this.state !== 'trailer' || this.line !== '') throw incomplete();
    this.endTrailers();
  }

  private takeData(part: Buffer): void {
    this.hash?.update(part);
    this.remaining -= part.length;
    this.decoded += part.length;
    if (this.decoded > this.framing.decodedLength) throw incomplete();
    if (this.remaining > 0) return;
    this.verifyChunk();
    this.state = 'dataEnd';
  }

  private takeLine(piece: Buffer, offset: number): number {
    const end = piece.indexOf(0x0a, offset);
    this.line += piece.toString('latin1', offset, end === -1 ? piece.length : end);
    if (this.line.length > MAX_LINE * 8) throw malformedTrailer();
    if (end === -1) return piece.length;
    const line = this.line.endsWith('\r') ? this.line.slice(0, -1) : this.line;
    this.line = '';
    this.endLine(line);
    return end + 1;
  }

  private endLine(line: string): void {
    if (this.state === 'header') this.startChunk(line);
    else if (this.state === 'trailer') this.takeTrailer(line);
    else if (line !== '') throw incomplete();
    else if (this.state === 'dataEnd') this.state = 'header';
  }

  private startChunk(line: string): void {
    const [size = '', ...extensions] = line.split(';');
    if (line.length > MAX_LINE || !/^[0-9a-fA-F]{1,13}$/.test(size)) throw incomplete();
    this.chunkSize = Number.parseInt(size, 16);
    this.remaining = this.chunkSize;
    this.signature = extensions.join(';').replace(/^chunk-signature=/, '');
    this.hash = this.framing.verifier && createHash('sha256');
    if (this.chunkSize > 0) {
      if (this.chunkIsShort) throw invalidChunkSize(this.chunkSize);
      this.chunkIsShort = this.chunkSize < MIN_CHUNK;
      this.state = 'data';
      return;
    }
    this.verifyChunk();
    this.state = 'trailer';
  }

  private verifyChunk(): void {
    const { verifier } = this.framing;
    if (!verifier || !this.hash) return;
    if (!verifier.verifyChunk(this.hash.digest('hex'), this.signature)) throw signatureMismatch();
  }

  private takeTrailer(line: string): void {
    if (line === '') {
      this.endTrailers();
      return;
    }
    const colon = line.indexOf(':');
    if (colon <= 0) throw malformedTrailer();
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name !== 'x-amz-trailer-signature') {
      if (!this.framing.trailers.includes(name)) throw malformedTrailer();
      this.trailerLines += `${name}:${value}\n`;
    }
    this.trailers.set(name, value);
  }

  private endTrailers(): void {
    this.state = 'end';
    const { verifier, trailers } = this.framing;
    if (!verifier || trailers.length === 0) return;
    const provided = this.trailers.get('x-amz-trailer-signature') ?? '';
    if (!verifier.verifyTrailer(this.trailerLines, provided)) throw signatureMismatch();
  }
}

function incomplete(): AwsError {
  return new AwsError(
    'IncompleteBody',
    400,
    'You did not provide the number of bytes specified by the x-amz-decoded-content-length HTTP header',
  );
}

function invalidChunkSize(size: number): AwsError {
  return new AwsError(
    'InvalidChunkSizeError',
    403,
    'Only the last chunk is allowed to have a size less than 8192 bytes',
    { BadChunkSize: String(size) },
  );
}

function malformedTrailer(): AwsError {
  return new AwsError(
    'MalformedTrailerError',
    400,
    'The request contained trailing data that was not well-formed or did not conform to our published schema.',
  );
}

function signatureMismatch(): AwsError {
  return new AwsError(
    'SignatureDoesNotMatch',
    403,
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
  );
}
