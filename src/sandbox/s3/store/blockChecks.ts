import { crc32 } from 'node:zlib';

/** Bytes that have a checksum of their own, so that a range can be verified without the rest. */
export const BLOCK_SIZE = 256 * 1024;
const CHECK_SIZE = 4;

/** Takes the CRC-32 of every block of a run of bytes, as they come. */
export class BlockChecks {
  private readonly done: number[] = [];
  private current = 0;
  private filled = 0;

  update(bytes: Buffer): void {
    let at = 0;
    while (at < bytes.length) {
      const piece = bytes.subarray(at, at + BLOCK_SIZE - this.filled);
      this.current = crc32(piece, this.current);
      this.filled += piece.length;
      at += piece.length;
      if (this.filled === BLOCK_SIZE) this.finishBlock();
    }
  }

  /** Four bytes for each block, the last of which may be short. */
  finish(): Buffer {
    if (this.filled > 0) this.finishBlock();
    const checks = Buffer.alloc(this.done.length * CHECK_SIZE);
    for (const [index, check] of this.done.entries())
      checks.writeUInt32BE(check, index * CHECK_SIZE);
    return checks;
  }

  private finishBlock(): void {
    this.done.push(this.current);
    this.current = 0;
    this.filled = 0;
  }
}

/**
 * Whether a block is what it was when it was stored.
 * @param checks what `finish` gave; nothing for what was stored before there were checks
 */
export function isIntact(block: Buffer, index: number, checks: Buffer | undefined): boolean {
  if (checks === undefined) return true;
  const at = index * CHECK_SIZE;
  return at + CHECK_SIZE <= checks.length && checks.readUInt32BE(at) === crc32(block);
}
