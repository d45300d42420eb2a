import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListPartsCommand,
  UploadPartCommand,
  type CompletedPart,
  type ListPartsCommandOutput,
  type S3Client,
  type UploadPartCommandOutput,
} from '@aws-sdk/client-s3';
import type { FileHandle } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { BrigadeError } from '../errors.ts';
import type { LeanAnswer } from '../leanRequests/leanRequest.ts';
import { sendLean } from '../leanRequests/sendLean.ts';
import { contentTypeOf } from '../objects/contentType.ts';
import {
  abandonUpload,
  abortUpload,
  eTagOf,
  findCompleted,
  type MultipartUpload,
} from '../objects/multipartUploads.ts';
import { unquoted } from '../objects/listing.ts';
import { readExactly } from '../objects/plainFile.ts';
import { isNotOffered } from '../objects/rewrite/bucketRules.ts';
import { toConditionError } from '../objects/rewrite/conditions.ts';
import { formatS3Uri } from '../s3Uri.ts';
import { toBrigadeError } from '../toBrigadeError.ts';
import { isComposite } from './checksums.ts';
import { persist } from './persist.ts';
import type { Shared } from './runTransfer.ts';
import { forEachLimited, FixedLimiter } from './limiter.ts';

/** An upload in parts under way, as it is written down. */
export interface BegunUpload {
  readonly upload: MultipartUpload;
  readonly partSize: number;
  /** Of the file when it was begun: another one is another upload. */
  readonly size: number;
  readonly mtimeMs: number;
  /** All parts, when it was about to be completed. */
  readonly completing?: readonly CompletedPart[];
}

/** What an earlier process has noted, and where this one notes. */
export interface Keeping<Part> {
  readonly known: Part | undefined;
  readonly keep: (part: Part) => Promise<void>;
}

interface Source {
  readonly path: string;
  readonly opened: FileHandle;
  readonly size: number;
  readonly mtimeMs: number;
}

interface Target {
  readonly bucket: string;
  readonly key: string;
  readonly source: Source;
  /** An object that there is by now is not overwritten. */
  readonly isNew: boolean | undefined;
}

const MIB = 1024 * 1024;
/** Parts of one file at a time. */
const AT_A_TIME = 6;
/** S3's limit of parts. */
const MAX_PARTS = 10_000;

/**
 * Parts of 8 MiB, of which several fit into memory; larger only where 10,000 of them would not be enough,
 * from 78 GiB on.
 */
export function partSizeFor(size: number): number {
  return Math.max(8 * MIB, Math.ceil(size / MAX_PARTS / MIB) * MIB);
}

/**
 * Uploads a file in parts, or goes on where an earlier process was. Each part is checked by S3 against
 * the checksum that is sent with it, and the object against all of them. A failure leaves no
 * parts, but one that passes (`Shared.keeps`): then they stay for who continues.
 *
 * @throws BrigadeError `Conflict` where the file changes meanwhile, or there is an object where none was; `UnfinishedUpload` as its reason where
 *   parts stay …
 */
export async function uploadInParts(
  client: S3Client,
  target: Target,
  keeping: Keeping<BegunUpload>,
  shared: Shared,
): Promise<void> {
  const begun = await beginOrContinue(client, target, keeping, shared);
  if (begun === 'done') return;
  const { upload, parts } = begun;
  try {
    await sendMissing(client, target, begun, shared);
    await checkUnchanged(target.source);
    const sorted = [...parts.values()].sort(
      (one, other) => (one.PartNumber ?? 0) - (other.PartNumber ?? 0),
    );
    await keeping.keep({ ...begun.kept, completing: sorted });
    await complete(client, upload, { parts: sorted, isNew: target.isNew }, shared);
  } catch (error) {
    if (shared.keeps(error)) throw error;
    await abandonUpload(client, upload, error, {
      begin: () => undefined,
      end: () => undefined,
      abandon: left => shared.leftUploads.push(left),
      left: () => [],
    });
  }
}

interface Begun {
  readonly upload: MultipartUpload;
  readonly kept: BegunUpload;
  /** By their number. */
  readonly parts: Map<number, CompletedPart>;
}

async function beginOrContinue(
  client: S3Client,
  { bucket, key, source }: Target,
  { known, keep }: Keeping<BegunUpload>,
  shared: Shared,
): Promise<Begun | 'done'> {
  if (known) {
    const isSame = known.size === source.size && known.mtimeMs === source.mtimeMs;
    const parts = isSame ? await partsThere(client, known, shared) : undefined;
    if (parts) {
      shared.moved(Math.min(source.size, parts.size * known.partSize));
      return { upload: known.upload, kept: known, parts };
    }
    const { completing } = known;
    const lost = new BrigadeError('NotFound', 'No such upload', {
      awsCode: 'NoSuchUpload',
      problem: { kind: 'noUpload' },
    });
    if (isSame && completing && (await findCompleted(client, known.upload, completing, lost))) {
      shared.moved(source.size);
      return 'done';
    }
    await abortUpload(client, known.upload);
  }
  const command = new CreateMultipartUploadCommand({
    ...{ Bucket: bucket, Key: key, ContentType: contentTypeOf(key) },
    ...((await checksPart(client)) && { ChecksumAlgorithm: 'CRC32' }),
  });
  const { signal } = shared;
  const begin = () => shared.send(() => client.send(command, { abortSignal: signal }));
  const { UploadId: uploadId = '' } = await persist(signal, begin, shared.patience);
  const upload = { bucket, key, uploadId, source: pathToFileURL(source.path).href };
  const { size, mtimeMs } = source;
  const kept = { upload, partSize: partSizeFor(size), size, mtimeMs };
  await keep(kept);
  return { upload, kept, parts: new Map() };
}

/** Whether the SDK sends a checksum with each part by itself. */
async function checksPart({ config }: S3Client): Promise<boolean> {
  return (await config.requestChecksumCalculation()) === 'WHEN_SUPPORTED';
}

/** The parts that S3 has of an upload; undefined when it does not know it any more. */
async function partsThere(
  client: S3Client,
  { upload, partSize, size }: BegunUpload,
  { signal }: Shared,
): Promise<Map<number, CompletedPart> | undefined> {
  const parts = new Map<number, CompletedPart>();
  let marker: string | undefined;
  try {
    do {
      const page: ListPartsCommandOutput = await client.send(
        new ListPartsCommand({
          ...{ Bucket: upload.bucket, Key: upload.key, UploadId: upload.uploadId },
          PartNumberMarker: marker,
        }),
        { abortSignal: signal },
      );
      for (const { PartNumber = 0, Size, ETag, ChecksumCRC32 } of page.Parts ?? []) {
        const whole = Math.min(partSize, size - (PartNumber - 1) * partSize);
        if (Size === whole) parts.set(PartNumber, { PartNumber, ETag, ChecksumCRC32 });
      }
      marker = page.IsTruncated ? page.NextPartNumberMarker : undefined;
    } while (marker !== undefined);
    return parts;
  } catch (error) {
    if (toBrigadeError(error).code === 'NotFound') return undefined;
    throw error;
  }
}

async function sendMissing(
  client: S3Client,
  { source }: Target,
  { upload, kept, parts }: Begun,
  shared: Shared,
): Promise<void> {
  const { partSize, size } = kept;
  const count = Math.ceil(size / partSize);
  const missing = Array.from({ length: count }, (_, at) => at + 1).filter(each => !parts.has(each));
  // After the first failure none begins.
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, shared.signal]);
  let failure: unknown;
  await forEachLimited(missing, new FixedLimiter(AT_A_TIME), async number => {
    await shared.ready();
    if (signal.aborted || failure !== undefined) return;
    const start = (number - 1) * partSize;
    const length = Math.min(partSize, size - start);
    try {
      const sendOne = () =>
        shared.partBuffers.with(length, buffer =>
          sendPart(client, { upload, number, source, start, buffer }, shared, signal),
        );
      const part = await shared.partMemory.hold(length, () =>
        persist(signal, sendOne, shared.patience),
      );
      parts.set(number, part);
      shared.moved(length);
    } catch (error) {
      failure ??= error;
      // Of what is kept, those under way may still come to their end.
      if (!shared.keeps(error)) stop.abort();
    }
  });
  shared.signal.throwIfAborted();
  if (failure !== undefined) throw toBrigadeError(failure);
}

interface Part {
  readonly upload: MultipartUpload;
  readonly number: number;
  readonly source: Source;
  readonly start: number;
  /** Of its length. */
  readonly buffer: Buffer;
}

async function sendPart(
  client: S3Client,
  { upload, number, source, start, buffer }: Part,
  { send }: Shared,
  signal: AbortSignal,
): Promise<CompletedPart> {
  const { bucket, key, uploadId } = upload;
  const { opened, path } = source;
  const body = await readExactly(opened, start, buffer.length, path, buffer);
  const request = {
    ...{ bucket, key, body },
    query: { uploadId, partNumber: String(number) },
    command: () =>
      new UploadPartCommand({
        ...{ Bucket: bucket, Key: key, UploadId: uploadId },
        ...{ PartNumber: number, Body: body },
      }),
  };
  const readers = {
    lean: ({ headers }: LeanAnswer) => ({
      PartNumber: number,
      ETag: headers['etag'],
      ChecksumCRC32: headers['x-amz-checksum-crc32'],
    }),
    sdk: ({ ETag, ChecksumCRC32 }: UploadPartCommandOutput) => ({
      ...{ PartNumber: number, ETag, ChecksumCRC32 },
    }),
  };
  return await send(() => sendLean(client, 'UploadPart', request, readers, { signal }));
}

async function checkUnchanged({ opened, path, size, mtimeMs }: Source): Promise<void> {
  const now = await opened.stat();
  if (now.size === size && now.mtimeMs === mtimeMs) return;
  throw new BrigadeError('Conflict', 'The file has changed meanwhile', {
    subject: path,
    problem: { kind: 'fileChanged' },
  });
}

async function complete(
  client: S3Client,
  upload: MultipartUpload,
  { parts, isNew }: { readonly parts: readonly CompletedPart[]; readonly isNew?: boolean },
  shared: Shared,
): Promise<void> {
  const { signal, send, patience } = shared;
  const command = new CompleteMultipartUploadCommand({
    ...{ Bucket: upload.bucket, Key: upload.key, UploadId: upload.uploadId },
    MultipartUpload: { Parts: [...parts] },
    ...(isNew && { IfNoneMatch: '*' }),
  });
  try {
    const sendOnce = () => send(() => client.send(command, { abortSignal: signal }));
    const output = await persist(signal, sendOnce, patience);
    const eTag = unquoted(output.ETag) ?? '';
    const isOurs =
      output.ChecksumCRC32 === undefined
        ? !IN_PARTS.test(eTag) || hasOtherETag(output) || eTag === eTagOf(parts)
        : isComposite(
            output.ChecksumCRC32,
            parts.map(part => part.ChecksumCRC32 ?? ''),
          );
    if (!isOurs)
      throw new BrigadeError('Conflict', 'The object is not the file', {
        problem: { kind: 'otherObject' },
      });
  } catch (error) {
    const failure = toBrigadeError(error, formatS3Uri(upload));
    if (isNew && isNotOffered(failure)) {
      await complete(client, upload, { parts }, shared);
      return;
    }
    if (await findCompleted(client, upload, parts, failure)) return;
    throw isNew ? toConditionError(failure, formatS3Uri(upload), true) : error;
  }
}

/** Ceph's gateway answers none, and others have the MD5 of the whole: each part was checked by S3. */
const IN_PARTS = /-\d+$/;

/** With KMS keys an ETag is no MD5 (API reference, Object). */
function hasOtherETag({
  ServerSideEncryption,
}: {
  readonly ServerSideEncryption?: string;
}): boolean {
  return ServerSideEncryption?.startsWith('aws:') === true;
}
