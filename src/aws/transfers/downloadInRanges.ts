import { GetObjectCommand, HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { BrigadeError } from '../errors.ts';
import { receiveLean } from '../leanRequests/sendLean.ts';
import { crc32InBase64 } from '../leanRequests/template.ts';
import { resumableName, type LocalFolder } from '../objects/localFolder.ts';
import { toBrigadeError } from '../toBrigadeError.ts';
import { combineCrc32, isComposite } from './checksums.ts';
import { persist } from './persist.ts';
import { Blocks, RangeWriter } from './rangeWriter.ts';
import type { Shared } from './runTransfer.ts';
import type { FileToDownload } from './transfer.ts';
import { forEachLimited, FixedLimiter } from './limiter.ts';
import { isWhole, storedChecksum, type StoredChecksum } from './wholeObject.ts';
import type { Keeping } from './uploadInParts.ts';

/** A download in ranges under way, as it is written down. */
export interface BegunDownload {
  readonly file: FileToDownload;
  /** The name of its unfinished file. */
  readonly partial: string;
  /** As S3 writes it. */
  readonly eTag: string;
  readonly size: number;
  readonly rangeSize: number;
  /** The CRC32 of each range that is on disk, by its number. */
  readonly done: Readonly<Record<number, number>>;
}

interface Target {
  readonly file: FileToDownload;
  readonly folder: LocalFolder;
}

const MIB = 1024 * 1024;
const RANGE_SIZE = 16 * MIB;
/** Ranges of one object at a time. */
const AT_A_TIME = 8;
/** Milliseconds between two checkpoints. */
const KEEP_EVERY_MS = 2000;

/**
 * Downloads an object in ranges at the same time, or goes on where an earlier process was. All of them
 * are of one object (its ETag), and the checksum that S3 keeps of it must be that of what is on disk.
 *
 * @throws BrigadeError `Conflict` when the object changes meanwhile, `DiskFull`, `Network` …
 */
export async function downloadInRanges(
  client: S3Client,
  { file, folder }: Target,
  { known, keep }: Keeping<BegunDownload>,
  shared: Shared,
): Promise<void> {
  const object = await look(client, file, shared);
  const isSame = known?.eTag === object.eTag && known.size === object.size;
  if (known && !isSame) await folder.discard(file.names, known.partial);
  const begun: BegunDownload =
    known && isSame
      ? known
      : {
          ...{ file, partial: resumableName(), eTag: object.eTag, size: object.size },
          ...{ rangeSize: rangeSizeFor(object.partSize), done: {} },
        };
  await keep(begun);
  const write = async (opened: FileHandle): Promise<void> => {
    const parts = { begun, crcs: await rangesThere(opened, begun) };
    await fetchMissing(client, parts, opened, keep, shared);
    try {
      const known = hasCrc(object, parts);
      const { stored } = object;
      // A composite one may be of parts that are not equally long.
      if (known === false && object.crc?.includes('-') !== true) throw damaged(begun);
      const isIntact =
        known === true ||
        stored === undefined ||
        (await isWhole(client, file, { ...object, opened, stored }, shared));
      if (!isIntact) throw damaged(begun);
    } catch (error) {
      // None of them can be believed: who continues gets them again.
      await keep({ ...begun, done: {} });
      throw error;
    }
    await setTime(opened, file.modified);
  };
  const { keeps } = shared;
  await folder.writeFile(file.names, write, { name: begun.partial, keeps });
}

/** @param modified milliseconds since 1970 */
export async function setTime(opened: FileHandle, modified: number | undefined): Promise<void> {
  if (modified !== undefined) await opened.utimes(modified / 1000, modified / 1000);
}

/** The ranges that were noted and are on disk: a machine that lost its power may have lost some. */
async function rangesThere(opened: FileHandle, begun: BegunDownload): Promise<Map<number, number>> {
  const there = new Map<number, number>();
  for (const [number, crc] of Object.entries(begun.done)) {
    const length = lengthOf(begun, Number(number));
    const { bytesRead, buffer } = await opened.read({
      ...{ buffer: Buffer.alloc(length), length },
      position: Number(number) * begun.rangeSize,
    });
    if (bytesRead === length && crc32(buffer) === crc) there.set(Number(number), crc);
  }
  return there;
}

interface Seen {
  readonly eTag: string;
  readonly size: number;
  /** Its CRC32 in base64, of all or (with how many they are) of its parts. */
  readonly crc: string | undefined;
  readonly stored: StoredChecksum | undefined;
  /** Bytes of its parts, where `crc` is of them. */
  readonly partSize: number | undefined;
}

async function look(
  client: S3Client,
  { bucket, key, versionId }: FileToDownload,
  { send, signal }: Shared,
): Promise<Seen> {
  const at = { Bucket: bucket, Key: key, VersionId: versionId };
  const input = { ...at, ChecksumMode: 'ENABLED' } as const;
  const ask = (more: { PartNumber?: number; IfMatch?: string }) =>
    send(() => client.send(new HeadObjectCommand({ ...input, ...more }), { abortSignal: signal }));
  // Both at once: a long line is waited for only once.
  const asked = ask({ PartNumber: 1 }).catch(() => undefined);
  const head = await ask({});
  const { ETag = '', ContentLength = 0, ChecksumCRC32: crc } = head;
  const seen = { eTag: ETag, size: ContentLength, crc, stored: storedChecksum(head) };
  if (!crc?.includes('-')) return { ...seen, partSize: undefined };
  const early = await asked;
  const first = early?.ETag === ETag ? early : await ask({ PartNumber: 1, IfMatch: ETag });
  return { ...seen, partSize: first.ContentLength };
}

/** So that parts have whole ranges, and their CRC32 can be told from those of the ranges. */
export function rangeSizeFor(partSize: number | undefined): number {
  if (partSize === undefined || partSize === 0) return RANGE_SIZE;
  for (let count = Math.ceil(partSize / RANGE_SIZE); count <= 1024; count++) {
    if (partSize % count === 0) return partSize / count;
  }
  return RANGE_SIZE;
}

interface Ranges {
  readonly begun: BegunDownload;
  /** Of those that are there, by their number. */
  readonly crcs: Map<number, number>;
}

function lengthOf({ size, rangeSize }: BegunDownload, number: number): number {
  return Math.min(rangeSize, size - number * rangeSize);
}

async function fetchMissing(
  client: S3Client,
  ranges: Ranges,
  opened: FileHandle,
  keep: (begun: BegunDownload) => Promise<void>,
  shared: Shared,
): Promise<void> {
  const { crcs, begun } = ranges;
  const { size, rangeSize } = begun;
  const numbers = Array.from({ length: Math.ceil(size / rangeSize) }, (_, at) => at);
  for (const number of crcs.keys()) shared.moved(lengthOf(begun, number));
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, shared.signal]);
  const blocks = new Blocks();
  let failure: unknown;
  let keptAt = Date.now();
  const missing = numbers.filter(number => !crcs.has(number));
  await forEachLimited(missing, new FixedLimiter(AT_A_TIME), async number => {
    await shared.ready();
    if (signal.aborted || failure !== undefined) return;
    try {
      const range = { number, opened, blocks };
      crcs.set(
        number,
        await persist(
          signal,
          () => fetchRange(client, begun, range, shared, signal),
          shared.patience,
        ),
      );
      if (Date.now() - keptAt < KEEP_EVERY_MS) return;
      keptAt = Date.now();
      await keep({ ...begun, done: Object.fromEntries(crcs) });
    } catch (error) {
      failure ??= error;
      // Of what is kept, those under way may still come to their end.
      if (!shared.keeps(error)) stop.abort();
    }
  });
  shared.signal.throwIfAborted();
  if (failure === undefined) return;
  if (shared.keeps(failure)) await keep({ ...begun, done: Object.fromEntries(crcs) });
  throw toBrigadeError(failure);
}

interface Range {
  readonly number: number;
  readonly opened: FileHandle;
  readonly blocks: Blocks;
}

/** Answers the CRC32 of what has been written. */
async function fetchRange(
  client: S3Client,
  begun: BegunDownload,
  { number, opened, blocks }: Range,
  { send, moved }: Shared,
  signal: AbortSignal,
): Promise<number> {
  const { bucket, key, versionId } = begun.file;
  const start = number * begun.rangeSize;
  const length = lengthOf(begun, number);
  const range = `bytes=${start}-${start + length - 1}`;
  const request = {
    ...{ bucket, key },
    headers: { range, 'if-match': begun.eTag },
    ...(versionId !== undefined && { query: { versionId } }),
    command: () =>
      new GetObjectCommand({
        ...{ Bucket: bucket, Key: key, VersionId: versionId },
        ...{ Range: range, IfMatch: begun.eTag },
      }),
  };
  const kind = versionId === undefined ? 'GetObject range' : 'GetObject range of version';
  const writer = new RangeWriter(opened, { start, length }, blocks, moved);
  try {
    const body = { bytes: length, sink: writer };
    await send(() => receiveLean(client, kind, request, body, { signal }));
    return await writer.end();
  } catch (error) {
    await writer.settle();
    moved(-writer.received);
    throw error;
  }
}

/** Whether what has come in has the CRC32 of the object; undefined where that can't be said. */
function hasCrc({ crc, partSize }: Seen, ranges: Ranges): boolean | undefined {
  if (crc === undefined) return undefined;
  const { crcs, begun } = ranges;
  const { size, rangeSize } = begun;
  const count = Math.ceil(size / rangeSize);
  const combined = (from: number, to: number): string => {
    let all = 0;
    for (let number = from; number < to; number++) {
      all = combineCrc32(all, crcs.get(number) ?? 0, lengthOf(begun, number));
    }
    return crc32InBase64(all);
  };
  if (!crc.includes('-')) return crc === combined(0, count);
  if (partSize === undefined || partSize % rangeSize !== 0) return undefined;
  const perPart = partSize / rangeSize;
  const parts = Array.from({ length: Math.ceil(size / partSize) }, (_, at) =>
    combined(at * perPart, Math.min(count, (at + 1) * perPart)),
  );
  return isComposite(crc, parts);
}

function damaged({ file }: BegunDownload): BrigadeError {
  return new BrigadeError('Network', 'What has arrived is not the object: its checksum differs', {
    subject: file.key,
  });
}
