import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { BrigadeError } from '../errors.ts';
import type { BodySink } from '../leanRequests/bodySink.ts';
import { toBrigadeError } from '../toBrigadeError.ts';

/** Bytes that are written at once. */
const BLOCK = 256 * 1024;
/** Blocks of a range that are being written at a time; another one is being filled. */
const WRITES = 4;

/** Memory of the ranges of one download, used again. */
export class Blocks {
  readonly #free: Buffer[] = [];

  take(): Buffer {
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(BLOCK);
  }

  give(block: Buffer): void {
    this.#free.push(block);
  }
}

export interface Place {
  readonly start: number;
  readonly length: number;
}

/** Writes the bytes of a range at their place in the file, block by block, and computes their CRC32. */
export class RangeWriter implements BodySink {
  readonly #file: FileHandle;
  readonly #blocks: Blocks;
  readonly #moved: (bytes: number) => void;
  /** Where the block that is being filled belongs. */
  #position: number;
  readonly #end: number;
  #block: Buffer | undefined;
  #filled = 0;
  #received = 0;
  #crc = 0;
  readonly #writing = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | undefined;

  /** @param moved called with the number of bytes that have arrived */
  constructor(
    file: FileHandle,
    { start, length }: Place,
    blocks: Blocks,
    moved: (bytes: number) => void,
  ) {
    this.#file = file;
    this.#blocks = blocks;
    this.#moved = moved;
    this.#position = start;
    this.#end = start + length;
  }

  /** Bytes that have arrived. */
  get received(): number {
    return this.#received;
  }

  room(): Uint8Array {
    return (this.#block ??= this.#blocks.take()).subarray(this.#filled);
  }

  take(bytes: number): Promise<void> | undefined {
    this.#filled += bytes;
    this.#received += bytes;
    this.#moved(bytes);
    const isLast = this.#position + this.#filled >= this.#end;
    if (this.#filled === this.#block?.length || isLast) this.#write();
    if (this.#failure) return Promise.reject(toBrigadeError(this.#failure.error));
    return this.#writing.size < WRITES ? undefined : Promise.race(this.#writing);
  }

  /** Answers the CRC32 when all is written. @throws BrigadeError `Network` where not all has come; `DiskFull` … */
  async end(): Promise<number> {
    await this.settle();
    if (this.#failure) throw this.#failure.error;
    if (this.#position !== this.#end) {
      throw new BrigadeError('Network', 'The answer is not as long as it should be');
    }
    return this.#crc;
  }

  /** Waits until nothing is being written any more. */
  async settle(): Promise<void> {
    while (this.#writing.size > 0) await Promise.allSettled(this.#writing);
  }

  #write(): void {
    const block = this.#block;
    if (!block) return;
    const bytes = block.subarray(0, this.#filled);
    this.#crc = crc32(bytes, this.#crc);
    const position = this.#position;
    this.#position += bytes.length;
    this.#block = undefined;
    this.#filled = 0;
    const writing: Promise<void> = writeAll(this.#file, bytes, position)
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => {
        this.#blocks.give(block);
        this.#writing.delete(writing);
      });
    this.#writing.add(writing);
  }
}

/** A disk may take less than it is given. */
async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const left = bytes.length - written;
    const { bytesWritten } = await file.write(bytes, written, left, position + written);
    written += bytesWritten;
  }
}
