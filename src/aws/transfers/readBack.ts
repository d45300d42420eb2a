import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { Crc32c } from '@aws-crypto/crc32c';
import { Crc64NvmeJs } from '@aws-sdk/checksums/crc';
import { crc32InBase64 } from '../leanRequests/template.ts';
import { BrigadeError } from '../errors.ts';

/** Those of S3's checksums that are computed here. */
export type Summed = 'CRC32' | 'CRC32C' | 'CRC64NVME' | 'SHA1' | 'SHA256' | 'MD5';

export function isSummed(algorithm: string): algorithm is Summed {
  return ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256', 'MD5'].includes(algorithm);
}

interface Sum {
  update(bytes: Uint8Array): void;
  base64(): Promise<string>;
}

function sumOf(algorithm: Summed): Sum {
  switch (algorithm) {
    case 'CRC32': {
      let value = 0;
      return {
        update: bytes => (value = crc32(bytes, value)),
        base64: () => Promise.resolve(crc32InBase64(value)),
      };
    }
    case 'CRC32C': {
      const crc = new Crc32c();
      return {
        update: bytes => crc.update(bytes),
        base64: () => Promise.resolve(crc32InBase64(crc.digest())),
      };
    }
    case 'CRC64NVME': {
      const crc = new Crc64NvmeJs();
      return {
        update: bytes => crc.update(bytes),
        base64: async () => Buffer.from(await crc.digest()).toString('base64'),
      };
    }
    default: {
      const hash = createHash(algorithm.toLowerCase());
      return {
        update: bytes => hash.update(bytes),
        base64: () => Promise.resolve(hash.digest('base64')),
      };
    }
  }
}

/** Of bytes in memory, in base64. */
export async function checksumOfBytes(algorithm: Summed, bytes: Uint8Array): Promise<string> {
  const sum = sumOf(algorithm);
  sum.update(bytes);
  return await sum.base64();
}

const READ_AT_ONCE = 1024 * 1024;

/**
 * The checksum of what is in a file, as S3 keeps it of an object: of all, or of its parts (S3 user guide,
 * "Checking object integrity": a checksum of theirs, and how many they are).
 *
 * @param parts the bytes of each, in order, for a composite one
 * @returns base64, with `-<number of parts>` behind a composite one
 * @throws BrigadeError `Cancelled`, `Conflict` where the file is shorter
 */
export async function checksumOfFile(
  file: FileHandle,
  algorithm: Summed,
  { size, parts }: { readonly size: number; readonly parts?: readonly number[] },
  signal: AbortSignal,
): Promise<string> {
  const buffer = Buffer.allocUnsafe(Math.min(READ_AT_ONCE, Math.max(1, size)));
  const values: string[] = [];
  let position = 0;
  for (const length of parts ?? [size]) {
    const sum = sumOf(algorithm);
    const end = position + length;
    while (position < end) {
      if (signal.aborted) throw new BrigadeError('Cancelled', 'Cancelled');
      const wanted = Math.min(buffer.length, end - position);
      const { bytesRead } = await file.read(buffer, 0, wanted, position);
      if (bytesRead === 0)
        throw new BrigadeError('Conflict', 'The file has changed meanwhile', {
          problem: { kind: 'fileChanged' },
        });
      sum.update(buffer.subarray(0, bytesRead));
      position += bytesRead;
    }
    values.push(await sum.base64());
  }
  if (!parts) return values[0] ?? '';
  const all = Buffer.concat(values.map(value => Buffer.from(value, 'base64')));
  return `${await checksumOfBytes(algorithm, all)}-${parts.length}`;
}
