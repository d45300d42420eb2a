import { open, type FileHandle } from 'node:fs/promises';
import { decodeManifestKey, encodeManifestKey } from '../manifest/manifestKey.ts';
import type { ObjectRef } from '../selection/selection.ts';

/**
 * An object as a row of a file of what was found. Its first columns are those of a CSV manifest, so that
 * the file can be selected as one: bucket, key, no version, then size, date and storage class.
 */
export function formatFound({ bucket, key, size, lastModified, storageClass }: ObjectRef): string {
  const facts = [size?.toString(), lastModified, storageClass].map(cell => encodeCell(cell));
  return `${bucket},${encodeManifestKey(key)},,${facts.join(',')}\n`;
}

function encodeCell(text = ''): string {
  return /^[\w.:-]*$/.test(text) ? text : encodeURIComponent(text.toWellFormed());
}

/** Rows of a file, and where the next one begins. */
export interface FoundPage {
  readonly refs: readonly ObjectRef[];
  /** Bytes. */
  readonly next: number;
}

/** Bytes read at a time; a row has at most some four thousand. */
const CHUNK_BYTES = 64 * 1024;

/**
 * Reads whole rows of a file of what was found.
 *
 * @param from where a row begins, in bytes
 * @param length of the part that is read, in bytes: beyond it a row may be half written
 * @throws a node:fs error
 */
export async function readFound(
  file: string,
  { from, length, most }: { readonly from: number; readonly length: number; readonly most: number },
): Promise<FoundPage> {
  if (from >= length) return { refs: [], next: from };
  const handle = await open(file);
  try {
    const refs: ObjectRef[] = [];
    let next = from;
    while (refs.length < most && next < length) {
      const bytes = await readChunk(handle, next, length);
      const end = bytes.lastIndexOf(0x0a) + 1;
      if (end === 0) break;
      for (let at = 0; at < end && refs.length < most;) {
        const lineEnd = bytes.indexOf(0x0a, at);
        refs.push(parseFound(bytes.toString('latin1', at, lineEnd)));
        next += lineEnd + 1 - at;
        at = lineEnd + 1;
      }
    }
    return { refs, next };
  } finally {
    await handle.close();
  }
}

async function readChunk(handle: FileHandle, from: number, length: number): Promise<Buffer> {
  const size = Math.min(CHUNK_BYTES, length - from);
  const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(size), 0, size, from);
  return buffer.subarray(0, bytesRead);
}

/** Rows are ASCII: what is not in a key or class is percent-encoded. */
function parseFound(line: string): ObjectRef {
  const [bucket = '', key = '', , size, lastModified, storageClass] = line.split(',');
  return {
    ...{ bucket, key: decodeManifestKey(key) ?? key },
    ...(size && { size: Number(size) }),
    ...(lastModified && { lastModified: decodeURIComponent(lastModified) }),
    ...(storageClass && { storageClass: decodeURIComponent(storageClass) }),
  };
}
