import { header } from '../request.ts';
import { childText, childrenOf, element, malformedXml, textElement } from '../xml.ts';
import type { XmlElement } from '../xml.ts';
import type { S3Context } from './s3Context.ts';
import type { ChecksumAlgorithm } from './checksums.ts';
import { checksumElement, checksumHeader, isChecksumAlgorithm } from './checksums.ts';
import { canCombine } from './crcCombine.ts';
import type { ListedPart } from './completeUpload.ts';
import { completeUpload } from './completeUpload.ts';
import { readWriteCondition } from './conditions.ts';
import { readDigestPlan } from './digestPlan.ts';
import { invalidArgument, invalidRequest } from './errors.ts';
import { abortUpload, createUpload, findUpload, uploadPart } from './multipartUpload.ts';
import { readProperties } from './objectHeaders.ts';
import type { RouteTable, S3Call, S3Operation } from './s3Call.ts';
import { xmlAnswer } from './s3Call.ts';
import type { Upload, UploadChecksum } from './store/uploads.ts';
import { readXmlBody } from './xmlBody.ts';

const create: S3Operation = (context, call) => {
  const { bucket, key } = call;
  const checksum = readUploadChecksum(call);
  const properties = readProperties(call);
  const upload = createUpload(context, call.caller, { bucket, key, checksum, ...properties });
  const answer = xmlAnswer(
    'InitiateMultipartUploadResult',
    textElement('Bucket', bucket),
    textElement('Key', key),
    textElement('UploadId', upload.id),
  );
  const chosen: Record<string, string> = checksum.chosen
    ? {
        'x-amz-checksum-algorithm': checksum.algorithm,
        'x-amz-checksum-type': checksum.type,
      }
    : {};
  const headers = { ...answer.headers, 'x-amz-server-side-encryption': 'AES256', ...chosen };
  return { ...answer, headers };
};

/** CRC64NVME is always of the full object, SHAs always composite; other CRCs may be either. */
function readUploadChecksum(call: S3Call): UploadChecksum {
  const algorithm = header(call.request, 'x-amz-checksum-algorithm')?.toUpperCase();
  const type = header(call.request, 'x-amz-checksum-type')?.toUpperCase();
  if (algorithm === undefined) {
    if (type !== undefined) {
      throw invalidRequest(
        'The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.',
      );
    }
    return { algorithm: 'CRC64NVME', type: 'FULL_OBJECT', chosen: false };
  }
  if (!isChecksumAlgorithm(algorithm)) {
    throw invalidRequest(
      'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]',
    );
  }
  const fallback = algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE';
  const wanted = type ?? fallback;
  if (wanted !== 'FULL_OBJECT' && wanted !== 'COMPOSITE') {
    throw invalidRequest('Value for x-amz-checksum-type header is invalid.');
  }
  if (wanted === 'FULL_OBJECT' ? !canCombine(algorithm) : algorithm === 'CRC64NVME') {
    throw invalidRequest(
      `The ${wanted} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    );
  }
  return { algorithm, type: wanted, chosen: true };
}

/** The upload that a request names, if the caller may do `action` on it. */
export function uploadOf(context: S3Context, call: S3Call, action = 's3:PutObject'): Upload {
  const { bucket, key, caller, request } = call;
  const uploadId = request.query.get('uploadId') ?? '';
  return findUpload(context, caller, { bucket, key, uploadId }, action);
}

export function readPartNumber(call: S3Call): number {
  const text = call.request.query.get('partNumber') ?? '';
  return /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
}

const putPart: S3Operation = async (context, call) => {
  const upload = uploadOf(context, call);
  const digests = readDigestPlan(call);
  const { request } = call;
  const part = await uploadPart(
    context,
    upload,
    readPartNumber(call),
    () => request.body.read(),
    digests,
  );
  const { algorithm, chosen } = upload.checksum;
  const checksum = chosen ? part.checksum : digests.expected?.();
  const name = checksumHeader(chosen ? algorithm : digests.algorithm);
  return {
    status: 200,
    headers: {
      etag: `"${part.eTag}"`,
      'x-amz-server-side-encryption': 'AES256',
      ...(checksum === undefined ? {} : { [name]: checksum }),
    },
  };
};

const complete: S3Operation = async (context, call) => {
  const upload = uploadOf(context, call);
  const { algorithm } = upload.checksum;
  const bytes = await readCompleteBody(call);
  const size = header(call.request, 'x-amz-mp-object-size');
  const done = await completeUpload(context, upload, {
    bucket: call.bucket,
    parts: readListedParts(bytes, algorithm),
    condition: readWriteCondition(call),
    expectedChecksum: header(call.request, checksumHeader(algorithm)),
    expectedSize: size === undefined ? undefined : Number(size),
    origin: call,
  });
  const answer = xmlAnswer(
    'CompleteMultipartUploadResult',
    textElement('Location', `http://${header(call.request, 'host') ?? ''}${call.request.rawPath}`),
    textElement('Bucket', call.bucket),
    textElement('Key', call.key),
    textElement('ETag', `"${done.eTag}"`),
    textElement(checksumElement(done.checksum.algorithm), done.checksum.value),
    textElement('ChecksumType', done.checksum.type),
  );
  const versionId: Record<string, string> =
    done.versionId === undefined ? {} : { 'x-amz-version-id': done.versionId };
  const encryption = { 'x-amz-server-side-encryption': 'AES256' };
  return { ...answer, headers: { ...answer.headers, ...encryption, ...versionId } };
};

/** Here a checksum header speaks of the object, not of the body. */
async function readCompleteBody(call: S3Call): Promise<XmlElement> {
  return readXmlBody(call, 'CompleteMultipartUpload', { algorithm: 'CRC32' });
}

function readListedParts(root: XmlElement, algorithm: ChecksumAlgorithm): ListedPart[] {
  const parts = childrenOf(root, 'Part').map(part => {
    const number = childText(part, 'PartNumber') ?? '';
    const eTag = childText(part, 'ETag');
    if (!/^\d{1,9}$/.test(number) || eTag === undefined) throw malformedXml();
    return {
      number: Number(number),
      eTag: eTag.trim().replace(/^"(.*)"$/, '$1'),
      checksum: childText(part, checksumElement(algorithm)),
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

const abort: S3Operation = (context, call) => {
  abortUpload(context, uploadOf(context, call, 's3:AbortMultipartUpload'));
  return { status: 204 };
};

/** The elements that name an upload's checksum, when the client chose one. */
export function renderUploadChecksum({ checksum }: Upload): string {
  if (!checksum.chosen) return '';
  return (
    textElement('ChecksumAlgorithm', checksum.algorithm) +
    textElement('ChecksumType', checksum.type)
  );
}

/** Who began an upload: always the sandbox's account. */
export function renderInitiator(id: string): string {
  return element('Initiator', textElement('ID', id)) + element('Owner', textElement('ID', id));
}

export const MULTIPART_OPERATIONS: RouteTable = {
  'POST object uploads': ['CreateMultipartUpload', create],
  'PUT object uploadId': ['UploadPart', putPart],
  'POST object uploadId': ['CompleteMultipartUpload', complete],
  'DELETE object uploadId': ['AbortMultipartUpload', abort],
};
