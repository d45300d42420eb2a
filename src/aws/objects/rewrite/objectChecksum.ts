import type { ChecksumAlgorithm, HeadObjectCommandOutput } from '@aws-sdk/client-s3';

export interface ObjectChecksum {
  readonly algorithm: ChecksumAlgorithm;
  /** Base64; of parts' checksums with `-<number of parts>` behind it when composite. */
  readonly value: string;
  readonly isComposite: boolean;
}

const FIELDS = [
  ['CRC32', 'ChecksumCRC32'],
  ['CRC32C', 'ChecksumCRC32C'],
  ['CRC64NVME', 'ChecksumCRC64NVME'],
  ['SHA1', 'ChecksumSHA1'],
  ['SHA256', 'ChecksumSHA256'],
  ['SHA512', 'ChecksumSHA512'],
  ['MD5', 'ChecksumMD5'],
  ['XXHASH64', 'ChecksumXXHASH64'],
  ['XXHASH3', 'ChecksumXXHASH3'],
  ['XXHASH128', 'ChecksumXXHASH128'],
] as const satisfies readonly (readonly [ChecksumAlgorithm, keyof HeadObjectCommandOutput])[];

/** The checksum that S3 keeps of an object, of the one algorithm that it was written with. */
export function checksumOf(head: HeadObjectCommandOutput): ObjectChecksum | undefined {
  for (const [algorithm, field] of FIELDS) {
    const value = head[field];
    if (value === undefined) continue;
    const isComposite = head.ChecksumType === 'COMPOSITE' || /-\d+$/.test(value);
    return { algorithm, value, isComposite };
  }
  return undefined;
}

/** The algorithms that the SDK computes by itself. */
export const COMPUTED: readonly ChecksumAlgorithm[] = [
  'CRC32',
  'CRC32C',
  'CRC64NVME',
  'SHA1',
  'SHA256',
];
