import { randomFillSync } from 'node:crypto';
import { crc32 } from 'node:zlib';

const RANDOM = 14;
const PLACE = 6;
const CHECKED = RANDOM + PLACE;
const SIZE = CHECKED + 4;

/**
 * A version id as S3 makes them (recorded: 32 letters, digits, dots and underscores), which also
 * tells the version's place among those of its key. So a listing continues behind a version that is
 * gone, and an id that was never given out is known as such, as S3 knows it.
 */
export function newVersionId(seq: number): string {
  const bytes = Buffer.allocUnsafe(SIZE);
  randomFillSync(bytes, 0, RANDOM);
  bytes.writeUIntBE(seq, RANDOM, PLACE);
  veil(bytes);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, CHECKED)), CHECKED);
  return bytes.toString('base64url').replaceAll('-', '.');
}

/** The place that an id tells of (the newest has the highest), or nothing for one that no one gave out. */
export function placeOf(versionId: string): number | undefined {
  if (!/^[\w.]{32}$/.test(versionId)) return undefined;
  const bytes = Buffer.from(versionId.replaceAll('.', '-'), 'base64url');
  if (crc32(bytes.subarray(0, CHECKED)) !== bytes.readUInt32BE(CHECKED)) return undefined;
  veil(bytes);
  return bytes.readUIntBE(RANDOM, PLACE);
}

/** Covers the place by random bytes, or uncovers it, so that ids don't look alike. */
function veil(bytes: Buffer): void {
  for (let index = RANDOM; index < CHECKED; index += 1) {
    bytes[index] = (bytes[index] ?? 0) ^ (bytes[index - RANDOM] ?? 0);
  }
}
