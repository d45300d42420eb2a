import type { ChecksumAlgorithm } from '../checksums.ts';

/** A reflected CRC: its width in bits and its polynomial, lowest power in the highest bit. */
interface Crc {
  readonly width: bigint;
  readonly polynomial: bigint;
}

const CRCS: Readonly<Partial<Record<ChecksumAlgorithm, Crc>>> = {
  CRC32: { width: 32n, polynomial: 0xedb88320n },
  CRC32C: { width: 32n, polynomial: 0x82f63b78n },
  CRC64NVME: { width: 64n, polynomial: 0x9a6c9329ac4bc9b5n },
};

/** Whether the checksum of a whole can be computed from those of its parts. */
export function canCombine(algorithm: ChecksumAlgorithm): boolean {
  return algorithm in CRCS;
}

/**
 * The CRC of parts put together, from each part's CRC (base64) and size in bytes: shifting a CRC over
 * n bytes is a multiplication by x^(8n) modulo its polynomial.
 */
export function combineCrcs(
  algorithm: ChecksumAlgorithm,
  parts: readonly { readonly checksum: string; readonly size: number }[],
): string {
  const crc = CRCS[algorithm];
  if (!crc) throw new Error(`${algorithm} can't be combined.`);
  const combined = parts.reduce((whole, part) => {
    const own = BigInt(`0x${Buffer.from(part.checksum, 'base64').toString('hex')}`);
    return multiply(crc, whole, powerOfX(crc, BigInt(part.size) * 8n)) ^ own;
  }, 0n);
  const hex = combined.toString(16).padStart(Number(crc.width / 4n), '0');
  return Buffer.from(hex, 'hex').toString('base64');
}

/** a · b modulo the polynomial; bits are reflected, so x^0 is the highest bit. */
function multiply({ width, polynomial }: Crc, a: bigint, b: bigint): bigint {
  let product = 0n;
  let factor = b;
  for (let bit = width - 1n; bit >= 0n; bit -= 1n) {
    if ((a >> bit) & 1n) product ^= factor;
    factor = factor & 1n ? (factor >> 1n) ^ polynomial : factor >> 1n;
  }
  return product;
}

/** x^n modulo the polynomial, by squaring. */
function powerOfX(crc: Crc, exponent: bigint): bigint {
  let result = 1n << (crc.width - 1n);
  let base = 1n << (crc.width - 2n);
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = multiply(crc, result, base);
    base = multiply(crc, base, base);
  }
  return result;
}
