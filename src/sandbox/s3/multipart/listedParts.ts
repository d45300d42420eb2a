import { AwsError } from '../../errors.ts';
import type { XmlElement } from '../../xml.ts';
import { childText, childrenOf, malformedXml } from '../../xml.ts';
import type { XmlShape } from '../../xmlShape.ts';
import type { ChecksumAlgorithm } from '../checksums.ts';
import { CHECKSUM_ALGORITHMS, checksumElement } from '../checksums.ts';
import { invalidArgument, invalidRequest } from '../errors.ts';
import type { Part, Upload } from '../store/uploads.ts';

const MIN_PART_SIZE = 5 * 1024 * 1024;

/** What a `<CompleteMultipartUpload>` document holds. */
export const PARTS: XmlShape = {
  'Part*': {
    ...{ PartNumber: 'text', ETag: 'text' },
    // Those of other algorithms, too: what they mean is looked at later.
    ...Object.fromEntries(
      [...CHECKSUM_ALGORITHMS, 'SHA512', 'MD5', 'XXHASH64', 'XXHASH3', 'XXHASH128'].map(
        algorithm => [`Checksum${algorithm}`, 'text' as const],
      ),
    ),
  },
};

/** A part as the client lists it. */
export interface ListedPart {
  readonly number: number;
  /** Without quotes. */
  readonly eTag: string;
  /** Base64, by the algorithms that the client names. */
  readonly checksums: ReadonlyMap<ChecksumAlgorithm, string>;
}

/**
 * The parts of a `<CompleteMultipartUpload>` document.
 * @throws AwsError MalformedXML, InvalidArgument for a number that can't be.
 */
export function readListedParts(root: XmlElement): ListedPart[] {
  const parts = childrenOf(root, 'Part').map(part => {
    const number = childText(part, 'PartNumber') ?? '';
    const eTag = childText(part, 'ETag');
    if (!/^\d{1,9}$/.test(number) || eTag === undefined) throw malformedXml();
    return {
      number: Number(number),
      eTag: eTag.trim().replace(/^"(.*)"$/, '$1'),
      checksums: readChecksums(part),
    };
  });
  if (parts.length === 0) throw malformedXml();
  const tooLarge = parts.find(part => part.number < 1 || part.number > 10_000);
  if (!tooLarge) return parts;
  throw invalidArgument(
    'PartNumber must be >= 1 and <= 10000',
    'partNumber',
    String(tooLarge.number),
  );
}

function readChecksums(part: XmlElement): Map<ChecksumAlgorithm, string> {
  const given = CHECKSUM_ALGORITHMS.flatMap(algorithm => {
    const text = childText(part, checksumElement(algorithm));
    return text === undefined ? [] : [[algorithm, text] as const];
  });
  return new Map(given);
}

/**
 * Those of the uploaded parts that the client lists.
 * @throws AwsError InvalidPartOrder, InvalidPart, InvalidRequest, BadDigest, EntityTooSmall.
 */
export function chooseParts(
  uploaded: readonly Part[],
  upload: Upload,
  listed: readonly ListedPart[],
): Part[] {
  checkOrder(upload, listed);
  const byNumber = new Map(uploaded.map(part => [part.number, part]));
  const parts = listed.map(wanted => {
    const part = byNumber.get(wanted.number);
    if (part?.eTag !== wanted.eTag) throw invalidPart(upload, wanted);
    checkPartChecksum(upload, part, wanted);
    return part;
  });
  const small = parts.slice(0, -1).find(part => part.blob.size < MIN_PART_SIZE);
  if (small) throw tooSmall(small);
  return parts;
}

function checkOrder(upload: Upload, listed: readonly ListedPart[]): void {
  const ascending = listed.every(
    (part, index) => index === 0 || part.number > (listed[index - 1]?.number ?? 0),
  );
  if (ascending) return;
  throw new AwsError(
    'InvalidPartOrder',
    400,
    'The list of parts was not in ascending order. Parts must be ordered by part number.',
    { UploadId: upload.id },
  );
}

/** As recorded, what differs has several names. */
function checkPartChecksum(upload: Upload, part: Part, { number, eTag, checksums }: ListedPart) {
  const { chosen, type, algorithm } = upload.checksum;
  const own = checksums.get(algorithm);
  const [other] = [...checksums.keys()].filter(each => each !== algorithm);
  // Also a right one is wrong where the upload was begun without an algorithm.
  const wrong = chosen ? own !== undefined && own !== part.checksum : checksums.size > 0;
  if (wrong) throw invalidPart(upload, { number, eTag });
  if (other !== undefined) {
    throw new AwsError(
      'BadDigest',
      400,
      `The ${other.toLowerCase()} you specified for part ${number} did not match what we received.`,
    );
  }
  if (!chosen || type !== 'COMPOSITE' || own !== undefined) return;
  throw invalidRequest(
    `The upload was created using a ${algorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${number} in the request.`,
  );
}

function invalidPart(upload: Upload, { number, eTag }: Pick<ListedPart, 'number' | 'eTag'>) {
  return new AwsError(
    'InvalidPart',
    400,
    "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    { UploadId: upload.id, PartNumber: String(number), ETag: eTag },
  );
}

function tooSmall(part: Part): AwsError {
  return new AwsError(
    'EntityTooSmall',
    400,
    'Your proposed upload is smaller than the minimum allowed size',
    {
      ProposedSize: String(part.blob.size),
      MinSizeAllowed: String(MIN_PART_SIZE),
      PartNumber: String(part.number),
      ETag: part.eTag,
    },
  );
}
