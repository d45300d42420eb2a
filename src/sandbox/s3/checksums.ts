import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Crc32c } from '@aws-crypto/crc32c';
import { Crc64NvmeJs } from '@aws-sdk/checksums/crc';

export const CHECKSUM_ALGORITHMS = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;
export type ChecksumAlgorithm = (typeof CHECKSUM_ALGORITHMS)[number];

/** COMPOSITE: a checksum of the parts' checksums, with `-<number of parts>` behind it. */
export type ChecksumType = 'FULL_OBJECT' | 'COMPOSITE';

export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  /** Base64. */
  readonly value: string;
  readonly type: ChecksumType;
}

/** A running checksum. */
export interface Hasher {
  update(data: Uint8Array): void;
  digest(): Promise<Buffer>;
}

export function createHasher(algorithm: ChecksumAlgorithm | 'MD5'): Hasher {
  switch (algorithm) {
    case 'CRC32':
      return crc32Hasher();
    case 'CRC32C':
      return crc32cHasher();
    case 'CRC64NVME':
      return crc64Hasher();
    case 'MD5':
    case 'SHA1':
    case 'SHA256':
      return cryptoHasher(algorithm);
  }
}

function cryptoHasher(algorithm: 'MD5' | 'SHA1' | 'SHA256'): Hasher {
  const hash = createHash(algorithm.toLowerCase());
  return {
    update: data => {
      hash.update(data);
    },
    digest: () => Promise.resolve(hash.digest()),
  };
}

function crc32Hasher(): Hasher {
  let value = 0;
  return {
    update: data => {
      value = crc32(data, value);
    },
    digest: () => Promise.resolve(uint32(value)),
  };
}

function crc32cHasher(): Hasher {
  const crc = new Crc32c();
  return {
    update: data => {
      crc.update(data);
    },
    digest: () => Promise.resolve(uint32(crc.digest())),
  };
}

function crc64Hasher(): Hasher {
  const crc = new Crc64NvmeJs();
  return {
    update: data => {
      crc.update(data);
    },
    digest: async () => Buffer.from(await crc.digest()),
  };
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

/** The header that carries a checksum, e.g. `x-amz-checksum-crc32`. */
export function checksumHeader(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

/** The element that carries a checksum, e.g. `ChecksumCRC32`. */
export function checksumElement(algorithm: ChecksumAlgorithm): string {
  return `Checksum${algorithm}`;
}

export function isChecksumAlgorithm(text: string): text is ChecksumAlgorithm {
  return (CHECKSUM_ALGORITHMS as readonly string[]).includes(text);
}

const BYTES: Readonly<Record<ChecksumAlgorithm, number>> = {
  CRC32: 4,
  CRC32C: 4,
  CRC64NVME: 8,
  SHA1: 20,
  SHA256: 32,
};

/** Whether a text can be a checksum in base64. */
export function isChecksum(text: string, algorithm: ChecksumAlgorithm): boolean {
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === BYTES[algorithm] && bytes.toString('base64') === text;
}
