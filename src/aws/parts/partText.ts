import { constants, createGunzip } from 'node:zlib';

/** A part of an object as text; undefined where its bytes are no UTF-8 text. */
export interface PartText {
  readonly text: string;
  /** Bytes left out because they are half of a character that continues outside the part. */
  readonly skipped: number;
}

/**
 * Reads bytes as UTF-8, cut at characters: a part may begin and end within one.
 *
 * @returns undefined for what is binary
 */
export function textOfPart(
  bytes: Uint8Array,
  { isStart, isEnd }: { readonly isStart: boolean; readonly isEnd: boolean },
): PartText | undefined {
  const from = isStart ? 0 : leadingRest(bytes);
  const to = isEnd ? bytes.length : bytes.length - trailingRest(bytes);
  const inner = bytes.subarray(from, Math.max(from, to));
  if (inner.includes(0)) return undefined;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(inner);
    return { text, skipped: bytes.length - inner.length };
  } catch {
    return undefined;
  }
}

/** Bytes at the beginning that continue with a character begun before. */
function leadingRest(bytes: Uint8Array): number {
  let count = 0;
  while (count < 3 && count < bytes.length && isContinuation(bytes[count])) count += 1;
  return count;
}

/** Bytes at the end that begin a character which is not complete. */
function trailingRest(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(4, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (isContinuation(byte)) continue;
    return lengthOf(byte) > back ? back : 0;
  }
  return 0;
}

function isContinuation(byte = 0): boolean {
  return byte >> 6 === 0b10;
}

/** Bytes of the character that a byte begins. */
function lengthOf(first: number): number {
  if (first >= 0xf0) return 4;
  if (first >= 0xe0) return 3;
  return first >= 0xc0 ? 2 : 1;
}

/** Whether bytes begin as gzip does (RFC 1952). */
export function looksGzipped(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * Decompresses the beginning of a gzip stream, as far as it goes: what is compressed may be cut
 * anywhere.
 *
 * @param most bytes that are wanted: little that is compressed may be very much
 * @throws what zlib throws for what is no gzip
 */
export async function gunzipStart(bytes: Uint8Array, most: number): Promise<Uint8Array> {
  const gunzip = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
  gunzip.end(bytes);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of gunzip as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= most) break;
  }
  return Buffer.concat(chunks).subarray(0, most);
}
