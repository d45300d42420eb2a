import { HeadObjectCommand, type HeadObjectCommandOutput, type S3Client } from '@aws-sdk/client-s3';
import type { FileHandle } from 'node:fs/promises';
import pLimit from 'p-limit';
import { checksumOf } from '../objects/rewrite/objectChecksum.ts';
import { plainMd5 } from './checksums.ts';
import { checksumOfFile, isSummed, type Summed } from './readBack.ts';
import type { Shared } from './runTransfer.ts';
import type { FileToDownload } from './transfer.ts';

/** What S3 keeps of an object's bytes. */
export interface StoredChecksum {
  readonly algorithm: Summed;
  /** Base64; with `-<number of parts>` behind it when it is of those of its parts. */
  readonly value: string;
}

/** Undefined where there is none that can be computed here. */
export function storedChecksum(head: HeadObjectCommandOutput): StoredChecksum | undefined {
  const sum = checksumOf(head);
  if (sum && isSummed(sum.algorithm)) return { algorithm: sum.algorithm, value: sum.value };
  const { ETag = '', ServerSideEncryption, SSECustomerAlgorithm } = head;
  const value = plainMd5(ETag, ServerSideEncryption, SSECustomerAlgorithm);
  return value === undefined ? undefined : { algorithm: 'MD5', value };
}

/** Each part is asked for: of more parts of several sizes a checksum is not worth it. */
const MAX_PARTS = 1000;
const ASKED_AT_A_TIME = 8;

/**
 * Whether what is on disk has the checksum that S3 keeps of an object, read from there once more. True too
 * where that can't be said.
 *
 * @throws BrigadeError `Cancelled` … what asking for the sizes of its parts meets
 */
export async function isWhole(
  client: S3Client,
  file: FileToDownload,
  {
    opened,
    size,
    eTag,
    stored,
  }: {
    readonly opened: FileHandle;
    readonly size: number;
    readonly eTag: string;
    readonly stored: StoredChecksum;
  },
  shared: Shared,
): Promise<boolean> {
  const { algorithm, value } = stored;
  const sum = (parts?: readonly number[]): Promise<string> =>
    checksumOfFile(opened, algorithm, { size, parts }, shared.signal);
  const count = Number(/-(\d+)$/.exec(value)?.[1] ?? 0);
  if (count === 0) return (await sum()) === value;
  const ask = async (PartNumber: number): Promise<number> => {
    const { bucket: Bucket, key: Key, versionId: VersionId } = file;
    const command = new HeadObjectCommand({ Bucket, Key, VersionId, PartNumber, IfMatch: eTag });
    const options = { abortSignal: shared.signal };
    return (await shared.send(() => client.send(command, options))).ContentLength ?? 0;
  };
  const first = await ask(1);
  const equal = Array.from({ length: count }, (_, at) => Math.min(first, size - at * first));
  const isEqual = (equal.at(-1) ?? 0) > 0 && total(equal) === size;
  if (isEqual && (await sum(equal)) === value) return true;
  if (count > MAX_PARTS) return true;
  const numbers = equal.map((_, at) => at + 1);
  const sizes = await pLimit(ASKED_AT_A_TIME).map(numbers, ask);
  if (total(sizes) !== size) return true;
  if (isEqual && sizes.every((each, at) => each === equal[at])) return false;
  return (await sum(sizes)) === value;
}

function total(sizes: readonly number[]): number {
  return sizes.reduce((sum, each) => sum + each, 0);
}
