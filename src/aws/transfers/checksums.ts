import { crc32 } from 'node:zlib';
import { crc32InBase64 } from '../leanRequests/template.ts';
import { checksumOfBytes, type Summed } from './readBack.ts';

/**
 * Whether a checksum is that of parts with these: the CRC32 of theirs, and how many they are (S3 user
 * guide, "Checking object integrity", composite checksums).
 *
 * @param checksum `qNz5ig==-3`
 * @param parts in base64, in order
 */
export function isComposite(checksum: string, parts: readonly string[]): boolean {
  const [value = '', count] = checksum.split('-');
  if (count !== undefined && Number(count) !== parts.length) return false;
  const all = Buffer.concat(parts.map(part => Buffer.from(part, 'base64')));
  return count === undefined || value === crc32InBase64(crc32(all));
}

/** A checksum that S3 has sent with an object: which it is, and its value in base64. */
export interface SentChecksum {
  readonly algorithm: Summed;
  readonly value: string;
}

const MD5 = /^"([0-9a-f]{32})"$/;

/**
 * The MD5 that an ETag is, in base64; undefined where it is none: of objects in parts, and of those with
 * KMS or customers' keys (API reference, Object).
 */
export function plainMd5(
  eTag: string,
  encryption: string | undefined,
  customerAlgorithm: string | undefined,
): string | undefined {
  if (encryption?.startsWith('aws:') === true || customerAlgorithm !== undefined) return undefined;
  const [, md5] = MD5.exec(eTag) ?? [];
  return md5 === undefined ? undefined : Buffer.from(md5, 'hex').toString('base64');
}

/** The checksum in the headers of an answer by which all of its body can be checked here, if there is one. */
export function checksumIn(headers: Readonly<Record<string, string>>): SentChecksum | undefined {
  for (const algorithm of ['CRC32', 'CRC64NVME', 'CRC32C', 'SHA256', 'SHA1'] as const) {
    const value = headers[`x-amz-checksum-${algorithm.toLowerCase()}`];
    if (value !== undefined && !value.includes('-')) return { algorithm, value };
  }
  const value = plainMd5(
    headers['etag'] ?? '',
    headers['x-amz-server-side-encryption'],
    headers['x-amz-server-side-encryption-customer-algorithm'],
  );
  return value === undefined ? undefined : { algorithm: 'MD5', value };
}

export async function isIntact(body: Buffer, sent: SentChecksum): Promise<boolean> {
  return sent.value === (await checksumOfBytes(sent.algorithm, body));
}

/**
 * The CRC32 of two texts one behind the other, from theirs (zlib's crc32_combine, by multiplication of
 * polynomials modulo that of CRC32).
 *
 * @param length bytes of the second
 */
export function combineCrc32(first: number, second: number, length: number): number {
  let power = X8;
  let shift = ONE;
  for (let rest = length; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) shift = multiply(shift, power);
    power = multiply(power, power);
  }
  return (multiply(shift, first) ^ second) >>> 0;
}

/** Polynomials have their lowest power in the highest bit. */
const POLYNOMIAL = 0xedb88320;
const ONE = 0x8000_0000;
const X8 = 0x0080_0000;

function multiply(one: number, other: number): number {
  let product = 0;
  let factor = other;
  for (let bit = ONE; bit !== 0; bit >>>= 1) {
    if ((one & bit) !== 0) product ^= factor;
    factor = (factor & 1) === 1 ? (factor >>> 1) ^ POLYNOMIAL : factor >>> 1;
  }
  return product >>> 0;
}
