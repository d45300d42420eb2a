import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { Blob, Blobs, HeldFile } from './blobs.ts';
import type { ByteRange } from './byteRange.ts';

/** A piece of a body: bytes in memory, or bytes of a file from `start` up to `end`. */
type Piece =
  | { readonly bytes: Buffer }
  | { readonly file: HeldFile; readonly start: number; readonly end: number };

const READ_SIZE = 256 * 1024;

/**
 * The bytes of an object, or of a range of it: in one buffer when it is one small blob, else as a
 * stream. All files are held before this returns, so that what is answered is one version whole, even
 * if it is replaced meanwhile; they are opened one after the other, for an object may have 10,000.
 */
export function openBody(
  blobs: Blobs,
  parts: readonly Blob[],
  range: ByteRange | undefined,
): Buffer | Readable {
  const pieces: Piece[] = [];
  let offset = 0;
  for (const part of parts) {
    const start = Math.max(0, (range?.start ?? 0) - offset);
    const end = Math.min(part.size, range ? range.end + 1 - offset : part.size);
    offset += part.size;
    if (start < end) pieces.push(openPiece(blobs, part, start, end));
  }
  const [only] = pieces;
  if (only === undefined) return Buffer.alloc(0);
  if (pieces.length === 1 && 'bytes' in only) return only.bytes;
  return streamOf(pieces);
}

function openPiece(blobs: Blobs, part: Blob, start: number, end: number): Piece {
  const opened = blobs.open(part);
  return Buffer.isBuffer(opened)
    ? { bytes: opened.subarray(start, end) }
    : { file: opened, start, end };
}

function streamOf(pieces: readonly Piece[]): Readable {
  const stream = Readable.from(read(pieces), { objectMode: false });
  // Also a reader that goes away before the first byte, or in the middle, ends here.
  stream.once('close', () => {
    for (const piece of pieces) if ('file' in piece) piece.file.release();
  });
  return stream;
}

async function* read(pieces: readonly Piece[]): AsyncGenerator<Buffer> {
  for (const piece of pieces) {
    if ('bytes' in piece) {
      yield piece.bytes;
      continue;
    }
    const { file, start, end } = piece;
    const options = { start, end: end - 1, highWaterMark: READ_SIZE };
    yield* createReadStream(file.path, options) as AsyncIterable<Buffer>;
    file.release();
  }
}
