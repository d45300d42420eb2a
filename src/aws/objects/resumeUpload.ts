import {
  CompleteMultipartUploadCommand,
  UploadPartCommand,
  type CompletedPart,
  type Part,
  type S3Client,
} from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { call } from '../call.ts';
import { BrigadeError } from '../errors.ts';
import { formatS3Uri } from '../s3Uri.ts';
import { unquoted } from './listing.ts';
import type { MultipartUpload } from './multipartUploads.ts';
import type { TransferOptions } from './transfer.ts';
import { listUploadedParts, type UploadedParts } from './unfinishedUploads.ts';

const MIB = 1024 * 1024;
/** S3 takes no smaller part, but the last. */
const MIN_PART_SIZE = 5 * MIB;
const PART_SIZE = 8 * MIB;
const MAX_PARTS = 10_000;

/**
 * Completes an upload in parts with a local file. A part that S3 has is kept when its MD5 or CRC-32 is
 * that of the same bytes of the file; any other is sent again, so that the object is the file as it is.
 *
 * @param path followed nowhere: a link in its place is refused
 * @throws BrigadeError `NotFound` when the upload is gone, `Conflict` when the file changes meanwhile …
 */
export async function resumeUpload(
  client: S3Client,
  input: MultipartUpload & { readonly path: string },
  options: TransferOptions = {},
): Promise<void> {
  const file = await open(input.path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const before = await file.stat();
    if (!before.isFile()) throw changed(input.path);
    await call(formatS3Uri(input), options, async () => {
      const there = await listUploadedParts(client, input, options);
      const parts = await sendMissing(client, input, { file, size: before.size, there }, options);
      const after = await file.stat();
      if (after.size !== before.size || after.mtimeMs !== before.mtimeMs) throw changed(input.path);
      await complete(client, input, parts, options);
    });
  } finally {
    await file.close();
  }
}

interface Source {
  readonly file: FileHandle;
  readonly size: number;
  readonly there: UploadedParts;
}

async function sendMissing(
  client: S3Client,
  { bucket, key, uploadId }: MultipartUpload,
  { file, size, there }: Source,
  { signal, onProgress }: TransferOptions,
): Promise<CompletedPart[]> {
  const { checksumAlgorithm } = there;
  const partSize = partSizeOf(there.parts, size);
  const parts: CompletedPart[] = [];
  const count = Math.max(1, Math.ceil(size / partSize));
  for (let number = 1; number <= count; number++) {
    signal?.throwIfAborted();
    const start = (number - 1) * partSize;
    const bytes = await readRange(file, start, Math.min(partSize, size - start));
    const known = there.parts.find(({ PartNumber }) => PartNumber === number);
    if (known && isSame(known, bytes)) {
      parts.push(completed(number, known, checksumAlgorithm));
    } else {
      const command = new UploadPartCommand({
        ...{ Bucket: bucket, Key: key, UploadId: uploadId, PartNumber: number },
        ...{ Body: bytes, ChecksumAlgorithm: checksumAlgorithm },
      });
      const sent = await client.send(command, { abortSignal: signal });
      parts.push(completed(number, sent, checksumAlgorithm));
    }
    onProgress?.(start + bytes.byteLength, size);
  }
  return parts;
}

/** That of the parts that are there, where it can be; all but the last are equally long. */
function partSizeOf(there: readonly Part[], size: number): number {
  const longest = Math.max(0, ...there.map(part => part.Size ?? 0));
  const fits =
    longest > 0 && longest >= Math.min(size, MIN_PART_SIZE) && longest * MAX_PARTS >= size;
  return fits ? longest : Math.max(PART_SIZE, Math.ceil(size / MAX_PARTS / MIB) * MIB);
}

async function readRange(file: FileHandle, start: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let read = 0;
  while (read < length) {
    const { bytesRead } = await file.read(bytes, read, length - read, start + read);
    if (bytesRead === 0) return bytes.subarray(0, read);
    read += bytesRead;
  }
  return bytes;
}

/** By MD5 where the ETag is one (not with SSE-KMS), else by CRC-32. */
function isSame({ Size, ETag, ChecksumCRC32 }: Part, bytes: Buffer): boolean {
  if (Size !== bytes.byteLength) return false;
  if (unquoted(ETag) === createHash('md5').update(bytes).digest('hex')) return true;
  if (ChecksumCRC32 === undefined) return false;
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum.toString('base64') === ChecksumCRC32;
}

function completed(
  PartNumber: number,
  part: Omit<CompletedPart, 'PartNumber'>,
  algorithm: UploadedParts['checksumAlgorithm'],
): CompletedPart {
  // S3 tells a checksum that it was sent; one that the upload was not begun with it refuses later.
  const name = algorithm && (`Checksum${algorithm}` as const);
  const checksum = name && name in part ? { [name]: part[name as keyof typeof part] } : {};
  return { PartNumber, ETag: part.ETag, ...checksum };
}

async function complete(
  client: S3Client,
  { bucket, key, uploadId }: MultipartUpload,
  Parts: CompletedPart[],
  { signal }: TransferOptions,
): Promise<void> {
  const command = new CompleteMultipartUploadCommand({
    ...{ Bucket: bucket, Key: key, UploadId: uploadId },
    MultipartUpload: { Parts },
  });
  await client.send(command, { abortSignal: signal });
}

function changed(path: string): BrigadeError {
  return new BrigadeError('Conflict', 'The file changed while it was uploaded', {
    subject: path,
    problem: { kind: 'fileChanged' },
  });
}
