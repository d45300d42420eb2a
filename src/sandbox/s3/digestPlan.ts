import { hash } from 'node:crypto';
import { AwsError } from '../errors.ts';
import type { Call } from '../request.ts';
import { header } from '../request.ts';
import type { Blobs, StagedBlob } from './store/blobs.ts';
import type { ChecksumAlgorithm, Hasher } from './checksums.ts';
import {
  CHECKSUM_ALGORITHMS,
  checksumHeader,
  createHasher,
  isChecksum,
  isChecksumAlgorithm,
} from './checksums.ts';
import { invalidRequest } from './errors.ts';

/** Which digests of a body to compute, and what the client says they are. */
export interface DigestPlan {
  readonly algorithm: ChecksumAlgorithm;
  /** The checksum to keep, when it is another one. */
  readonly kept?: ChecksumAlgorithm;
  /** The client's checksum in base64; a trailer is known only after the body. */
  readonly expected?: () => string | undefined;
  /** Content-MD5, base64. */
  readonly contentMd5?: string;
  /** What S3 calls the MD5 that did not match: by PutObject in hex, by others as it came (recorded). */
  readonly tellsMd5InHex?: boolean;
}

/** S3 computes this checksum by itself when the client gives none. */
export const DEFAULT_DIGESTS: DigestPlan = { algorithm: 'CRC64NVME' };

/** A body, or how to begin reading it. */
export type BodySource =
  Buffer | AsyncIterable<Buffer> | (() => Promise<Buffer | AsyncIterable<Buffer>>);

export interface ReceivedBody {
  readonly staged: StagedBlob;
  readonly md5: Buffer;
  /** What the plan says to keep; base64. */
  readonly kept: { readonly algorithm: ChecksumAlgorithm; readonly value: string };
  /** Of the algorithm that the client verifies by; base64. */
  readonly checksum: string;
}

/**
 * Reads from a request's headers what must be verified.
 * @throws AwsError InvalidRequest when they contradict each other, InvalidDigest for a malformed MD5.
 */
export function readDigestPlan(call: Call, fallback?: ChecksumAlgorithm): DigestPlan {
  const { request } = call;
  const contentMd5 = header(request, 'content-md5');
  if (contentMd5 !== undefined && Buffer.from(contentMd5, 'base64').length !== 16) {
    throw new AwsError('InvalidDigest', 400, 'The Content-MD5 you specified was invalid.', {
      'Content-MD5': contentMd5,
    });
  }
  const inHeaders = CHECKSUM_ALGORITHMS.filter(
    algorithm => header(request, checksumHeader(algorithm)) !== undefined,
  );
  const inTrailers = CHECKSUM_ALGORITHMS.filter(algorithm =>
    request.body.announcedTrailers.includes(checksumHeader(algorithm)),
  );
  const given = [...inHeaders, ...inTrailers];
  if (given.length > 1) {
    throw invalidRequest(
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    );
  }
  const named = namedAlgorithm(call);
  const [algorithm] = given;
  if (algorithm === undefined) {
    return { algorithm: named ?? fallback ?? DEFAULT_DIGESTS.algorithm, contentMd5 };
  }
  if (named !== undefined && named !== algorithm) {
    throw invalidRequest('Value for x-amz-sdk-checksum-algorithm header is invalid.');
  }
  const name = checksumHeader(algorithm);
  const value = header(request, name);
  if (value !== undefined && !isChecksum(value, algorithm)) throw invalidChecksum(algorithm);
  return { algorithm, contentMd5, expected: () => value ?? request.body.trailers.get(name) };
}

function namedAlgorithm(call: Call): ChecksumAlgorithm | undefined {
  const text = header(call.request, 'x-amz-sdk-checksum-algorithm')?.toUpperCase();
  if (text === undefined) return undefined;
  if (isChecksumAlgorithm(text)) return text;
  throw invalidRequest('Value for x-amz-sdk-checksum-algorithm header is invalid.');
}

/**
 * Takes a body in and holds it against what the client said of it.
 * @throws AwsError BadDigest and whatever reading throws; nothing is left behind then.
 */
export async function receiveBody(
  blobs: Blobs,
  source: BodySource,
  plan: DigestPlan,
): Promise<ReceivedBody> {
  const body = typeof source === 'function' ? await source() : source;
  const md5 = createHasher('MD5');
  const hasher = createHasher(plan.algorithm);
  const { kept = plan.algorithm } = plan;
  const keptHasher = kept === plan.algorithm ? undefined : createHasher(kept);
  const hashers = keptHasher ? [md5, hasher, keptHasher] : [md5, hasher];
  const staged = await blobs.stage(observed(body, hashers));
  const checksum = (await hasher.digest()).toString('base64');
  const received: ReceivedBody = {
    staged,
    md5: await md5.digest(),
    kept: {
      algorithm: kept,
      value: keptHasher ? (await keptHasher.digest()).toString('base64') : checksum,
    },
    checksum,
  };
  try {
    checkDigests(plan, received);
  } catch (error) {
    blobs.discard(staged);
    throw error;
  }
  return received;
}

/** The same check for a small body that is already in memory. */
export async function verifyBytes(bytes: Buffer, plan: DigestPlan): Promise<void> {
  if (plan.expected === undefined && plan.contentMd5 === undefined) return;
  const hasher = createHasher(plan.algorithm);
  hasher.update(bytes);
  const checksum = (await hasher.digest()).toString('base64');
  checkDigests(plan, { md5: hash('md5', bytes, 'buffer'), checksum });
}

function observed(
  body: Buffer | AsyncIterable<Buffer>,
  hashers: readonly Hasher[],
): Buffer | AsyncIterable<Buffer> {
  if (!Buffer.isBuffer(body)) return observedChunks(body, hashers);
  for (const hasher of hashers) hasher.update(body);
  return body;
}

async function* observedChunks(
  body: AsyncIterable<Buffer>,
  hashers: readonly Hasher[],
): AsyncGenerator<Buffer> {
  for await (const chunk of body) {
    for (const hasher of hashers) hasher.update(chunk);
    yield chunk;
  }
}

function checkDigests(plan: DigestPlan, received: Pick<ReceivedBody, 'md5' | 'checksum'>): void {
  const md5 = received.md5.toString('base64');
  if (plan.contentMd5 !== undefined && plan.contentMd5 !== md5) {
    throw new AwsError(
      'BadDigest',
      400,
      'The Content-MD5 you specified did not match what we received.',
      { ExpectedDigest: md5InError(plan), CalculatedDigest: md5 },
    );
  }
  const expected = plan.expected?.();
  if (expected === undefined || expected === received.checksum) return;
  if (!isChecksum(expected, plan.algorithm)) throw invalidChecksum(plan.algorithm);
  throw new AwsError(
    'BadDigest',
    400,
    `The ${plan.algorithm} you specified did not match the calculated checksum.`,
  );
}

function md5InError({ contentMd5 = '', tellsMd5InHex }: DigestPlan): string {
  return tellsMd5InHex ? Buffer.from(contentMd5, 'base64').toString('hex') : contentMd5;
}

function invalidChecksum(algorithm: ChecksumAlgorithm): AwsError {
  return invalidRequest(`Value for ${checksumHeader(algorithm)} header is invalid.`);
}
