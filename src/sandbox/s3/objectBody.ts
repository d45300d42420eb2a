import { closeSync, createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { Blob, Blobs } from './blobs.ts';
import type { ByteRange } from './byteRange.ts';

/** A piece of a body: bytes in memory, or a part of an open file. */
type Piece =
  | { readonly bytes: Buffer }
  | { readonly descriptor: number; readonly start: number; readonly end: number };

/**
 * The bytes of an object, or of a range of it: in one buffer when it is one small blob, else as a
 * stream. All files are opened before this returns, so that what is answered is one version whole.
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
    : { descriptor: opened, start, end };
}

function streamOf(pieces: readonly Piece[]): Readable {
  const open = new Set(pieces.flatMap(piece => ('descriptor' in piece ? [piece.descriptor] : [])));
  const stream = Readable.from(read(pieces, open), { objectMode: false });
  // A reader that goes away before the first byte never starts the generator.
  stream.once('close', () => {
    closeAll(open);
  });
  return stream;
}

async function* read(pieces: readonly Piece[], open: Set<number>): AsyncGenerator<Buffer> {
  for (const piece of pieces) {
    if ('bytes' in piece) {
      yield piece.bytes;
      continue;
    }
    const { descriptor, start, end } = piece;
    // The stream closes its file itself, after a read that is still under way: closed beneath it,
    // the read would fail, or worse, hit another object's file that got the same number.
    open.delete(descriptor);
    const file = createReadStream('', {
      fd: descriptor,
      start,
      end: end - 1,
      autoClose: true,
      highWaterMark: 256 * 1024,
    });
    yield* file as AsyncIterable<Buffer>;
  }
}

function closeAll(open: Set<number>): void {
  for (const descriptor of open) closeSync(descriptor);
  open.clear();
}
