import type { S3Client } from '@aws-sdk/client-s3';
import type { CallOptions } from '../call.ts';
import { BrigadeError } from '../errors.ts';
import { readPart, type ObjectPart } from './readPart.ts';

/** The end of an object that is followed. */
export interface Tail {
  readonly bytes: Uint8Array;
  /** Where `bytes` begin in the object. */
  readonly offset: number;
  readonly total: number;
  readonly eTag: string;
}

/** Bytes that are read again to see whether an object was only added to. */
const OVERLAP = 64;
/** Bytes of what was added that are read at a time. */
const MAX_NEW = 4 * 1024 ** 2;

/** The last bytes of an object. @throws BrigadeError */
export async function readTail(
  client: S3Client,
  object: { readonly bucket: string; readonly key: string },
  length: number,
  options: CallOptions = {},
): Promise<Tail> {
  const part = await readPart(client, { ...object, offset: -length, length }, options);
  return tailOf(part);
}

/**
 * Looks whether an object has changed since. An object can't be appended to, it is rewritten: when
 * the bytes before its former end are the same, what comes after them is new, else all of it is.
 *
 * @returns undefined while it is the same; `isNew` where it is another text altogether
 * @throws BrigadeError `NotFound` once it is deleted …
 */
export async function readMore(
  client: S3Client,
  object: { readonly bucket: string; readonly key: string },
  before: Tail,
  length: number,
  options: CallOptions = {},
): Promise<{ readonly tail: Tail; readonly isNew: boolean } | undefined> {
  const known = Buffer.from(before.bytes).subarray(-OVERLAP);
  const offset = before.total - known.length;
  try {
    const part = await readPart(
      client,
      { ...object, offset, length: known.length + MAX_NEW, ifNoneMatch: before.eTag || undefined },
      options,
    );
    if (part === undefined) return undefined;
    const isAppended = part.offset === offset && startsWith(part.body, known);
    if (isAppended) return { tail: extended(before, part, known.length), isNew: false };
  } catch (error) {
    if (!(error instanceof BrigadeError) || !ANOTHER.has(error.reason ?? '')) throw error;
  }
  return { tail: await readTail(client, object, length, options), isNew: true };
}

const ANOTHER: ReadonlySet<string> = new Set(['BeyondEnd', 'Changed']);

function tailOf(part: ObjectPart | undefined): Tail {
  if (!part) throw new Error('No condition was set that could keep it from being read');
  const { body, offset, total, eTag } = part;
  return { bytes: body, offset, total, eTag };
}

function startsWith(bytes: Uint8Array, begin: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, begin.length)).equals(begin);
}

/** What was added behind what is known; more of it than is read at a time comes with the next look. */
function extended({ bytes, offset }: Tail, part: ObjectPart, overlap: number): Tail {
  const added = part.body.subarray(overlap);
  const end = part.offset + part.body.length;
  const isAll = end === part.total;
  return {
    bytes: Buffer.concat([bytes, added]),
    offset,
    total: end,
    // The condition of the next look must not hold it back.
    eTag: isAll ? part.eTag : '',
  };
}
