import { open } from 'node:fs/promises';

/** A PNG's signature comes before its first chunk. */
const SIGNATURE_BYTES = 8;
/** Length, type and checksum of a chunk, beside its data. */
const CHUNK_BYTES = 12;
/** Chunks that are looked at; real files have a few before their pixels. */
const MAX_CHUNKS = 1_000;

/**
 * Whether a PNG is animated: then it has an acTL chunk before its first IDAT (PNG specification, third
 * edition, "acTL Animation Control Chunk").
 *
 * @param input the file's bytes, or the path of a file
 */
export async function isAnimatedPng(input: Uint8Array | string): Promise<boolean> {
  if (typeof input !== 'string') {
    const bytes = Buffer.from(input.buffer, input.byteOffset, input.length);
    return await hasAnimation(at => bytes.subarray(at, at + 8));
  }
  await using file = await open(input);
  return await hasAnimation(async at => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(8), 0, 8, at);
    return buffer.subarray(0, bytesRead);
  });
}

/** @param chunkAt the length and type of the chunk that begins there */
async function hasAnimation(chunkAt: (at: number) => Buffer | Promise<Buffer>): Promise<boolean> {
  let at = SIGNATURE_BYTES;
  for (let count = 0; count < MAX_CHUNKS; count++) {
    const chunk = await chunkAt(at);
    if (chunk.length < 8) return false;
    const type = chunk.toString('latin1', 4);
    if (type === 'acTL') return true;
    if (type === 'IDAT') return false;
    at += chunk.readUInt32BE(0) + CHUNK_BYTES;
  }
  return false;
}
