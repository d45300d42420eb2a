import { statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { AwsError } from '../../errors.ts';
import type { Blob, Blobs, HeldFile } from '../store/blobs.ts';
import { BLOCK_SIZE, isIntact } from '../store/blockChecks.ts';
import type { ByteRange } from './byteRange.ts';
import type { ObjectVersion } from '../store/versions.ts';

/** A piece of a body: bytes in memory, or bytes of a file from `start` up to `end`. */
type Piece =
  | { readonly bytes: Buffer }
  | {
      readonly file: HeldFile;
      /** Of the whole file, in bytes. */
      readonly size: number;
      readonly start: number;
      readonly end: number;
    };

type NamedObject = Pick<ObjectVersion, 'key' | 'versionId' | 'blobs'>;

/**
 * The bytes of an object, or of a range of it: in one buffer when it is one small blob, else as a
 * stream. All files are held before this returns, so that what is answered is one version whole, even
 * if it is replaced meanwhile; they are opened one after the other, for an object may have 10,000.
 * What is given is what was stored: every block is verified before it is passed on.
 * @throws AwsError InternalError 500, which names the object, when bytes are missing or altered; the
 * stream ends with it when it shows only there
 */
export function openBody(
  blobs: Blobs,
  object: NamedObject,
  range: ByteRange | undefined,
): Buffer | Readable {
  const pieces: Piece[] = [];
  let offset = 0;
  try {
    for (const part of object.blobs) {
      const start = Math.max(0, (range?.start ?? 0) - offset);
      const end = Math.min(part.size, range ? range.end + 1 - offset : part.size);
      offset += part.size;
      if (start < end) pieces.push(openPiece(blobs, part, start, end));
    }
  } catch (error) {
    release(pieces);
    throw damaged(object, error);
  }
  const [only] = pieces;
  if (only === undefined) return Buffer.alloc(0);
  if (pieces.length === 1 && 'bytes' in only) return only.bytes;
  return streamOf(object, pieces);
}

function openPiece(blobs: Blobs, part: Blob, start: number, end: number): Piece {
  const opened = blobs.open(part);
  const { size } = part;
  if ('bytes' in opened) {
    const { bytes, checks } = opened;
    checkLength('its record', bytes.length, size);
    if (!isIntact(bytes, 0, checks)) throw new Error('its record was altered');
    return { bytes: bytes.subarray(start, end) };
  }
  try {
    checkLength(opened.path, statSync(opened.path).size, size);
  } catch (error) {
    opened.release();
    throw error;
  }
  return { file: opened, size, start, end };
}

function checkLength(where: string, length: number, size: number): void {
  if (length !== size) throw new Error(`${where} has ${length} of ${size} bytes`);
}

function release(pieces: readonly Piece[]): void {
  for (const piece of pieces) if ('file' in piece) piece.file.release();
}

function streamOf(object: NamedObject, pieces: readonly Piece[]): Readable {
  const stream = Readable.from(read(object, pieces), { objectMode: false });
  // Also a reader that goes away before the first byte, or in the middle, ends here.
  stream.once('close', () => release(pieces));
  return stream;
}

async function* read(object: NamedObject, pieces: readonly Piece[]): AsyncGenerator<Buffer> {
  try {
    for (const piece of pieces) {
      if ('bytes' in piece) yield piece.bytes;
      else yield* readFile(piece);
    }
  } catch (error) {
    throw damaged(object, error);
  }
}

async function* readFile({
  file,
  size,
  start,
  end,
}: Extract<Piece, { readonly file: HeldFile }>): AsyncGenerator<Buffer> {
  const handle = await open(file.path);
  try {
    for (let index = Math.floor(start / BLOCK_SIZE); index * BLOCK_SIZE < end; index += 1) {
      const begin = index * BLOCK_SIZE;
      const block = await readBlock(handle, begin, Math.min(BLOCK_SIZE, size - begin));
      if (block === undefined) throw new Error(`${file.path} is too short`);
      if (!isIntact(block, index, file.checks)) throw new Error(`${file.path} was altered`);
      yield block.subarray(Math.max(0, start - begin), end - begin);
    }
  } finally {
    await handle.close();
    file.release();
  }
}

/** The bytes, or nothing where the file ends before them. */
async function readBlock(
  handle: FileHandle,
  position: number,
  length: number,
): Promise<Buffer | undefined> {
  const block = Buffer.allocUnsafe(length);
  for (let filled = 0; filled < length;) {
    const { bytesRead } = await handle.read(block, filled, length - filled, position + filled);
    if (bytesRead === 0) return undefined;
    filled += bytesRead;
  }
  return block;
}

/** AWS's error for a fault of its own, with the object in it; what is wrong is for the log. */
function damaged({ key, versionId }: NamedObject, cause: unknown): AwsError {
  const error = new AwsError(
    'InternalError',
    500,
    'We encountered an internal error: the bytes of the object that are stored are damaged.',
    { Key: key },
  );
  error.cause = new Error(
    `The object ${key} (version ${versionId}) can't be read: ${(cause as Error).message}`,
  );
  return error;
}
