import { header } from '../../request.ts';
import { element, textElement } from '../../xml.ts';
import type { XmlElement } from '../../xml.ts';
import type { S3Context } from '../s3Context.ts';
import {
  CHECKSUM_ALGORITHMS,
  checksumElement,
  checksumHeader,
  isChecksumAlgorithm,
} from '../checksums.ts';
import { canCombine } from './crcCombine.ts';
import type { CompleteUploadInput, CompletedUpload } from './completeUpload.ts';
import { completeUpload, completedBefore } from './completeUpload.ts';
import { readWriteCondition } from '../objects/conditions.ts';
import { readDigestPlan } from '../digestPlan.ts';
import { invalidRequest } from '../errors.ts';
import type { ListedPart } from './listedParts.ts';
import { PARTS, readListedParts } from './listedParts.ts';
import {
  abortUpload,
  checkPartNumber,
  createUpload,
  findUpload,
  uploadPart,
} from './multipartUpload.ts';
import { readProperties } from '../objects/objectHeaders.ts';
import { permitted } from '../permitted.ts';
import type { RouteTable, S3Call, S3Operation } from '../s3Call.ts';
import { xmlAnswer } from '../s3Call.ts';
import type { Upload, UploadChecksum } from '../store/uploads.ts';
import { readXmlBody } from '../xmlBody.ts';

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
  const { bucket, key, caller } = call;
  return findUpload(context, caller, { bucket, key, uploadId: uploadId(call) }, action);
}

function uploadId({ request }: S3Call): string {
  return request.query.get('uploadId') ?? '';
}

/** @throws AwsError InvalidArgument */
export function readPartNumber(call: S3Call): number {
  return checkPartNumber(call.request.query.get('partNumber') ?? '');
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
  // Before the body is looked at (recorded).
  if (context.s3.uploads.completed(uploadId(call)) === undefined) uploadOf(context, call);
  const parts = readListedParts(await readCompleteBody(call));
  const done =
    completedAlready(context, call, parts) ??
    (await completeUpload(context, uploadOf(context, call), {
      bucket: call.bucket,
      parts,
      condition: readWriteCondition(call),
      ...readExpected(call),
      origin: call,
    }));
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

function completedAlready(
  context: S3Context,
  call: S3Call,
  parts: readonly ListedPart[],
): CompletedUpload | undefined {
  const id = uploadId(call);
  if (context.s3.uploads.find(id) !== undefined) return undefined;
  const bucket = permitted(context, call, 's3:PutObject', call.key);
  return completedBefore(context, { id, bucket, key: call.key, parts });
}

function readExpected({ request }: S3Call): Pick<CompleteUploadInput, 'expected' | 'expectedSize'> {
  const size = header(request, 'x-amz-mp-object-size');
  const values = new Map(
    CHECKSUM_ALGORITHMS.flatMap(algorithm => {
      const value = header(request, checksumHeader(algorithm));
      return value === undefined ? [] : [[algorithm, value] as const];
    }),
  );
  const expected = { values, type: header(request, 'x-amz-checksum-type')?.toUpperCase() };
  return size === undefined ? { expected } : { expected, expectedSize: Number(size) };
}

/** Here a checksum header speaks of the object, not of the body. */
async function readCompleteBody(call: S3Call): Promise<XmlElement> {
  // As recorded; a document without parts is another error.
  if (call.request.body.length === 0) throw invalidRequest('You must specify at least one part');
  return readXmlBody(call, 'CompleteMultipartUpload', PARTS, { algorithm: 'CRC32' });
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

/**
 * Who began an upload, by ARN and name as S3 tells it of users ("If the initiator is an IAM User, this
 * element provides the user ARN and display name"), and whose it is.
 */
export function renderInitiator({ initiator }: Upload, owner: string): string {
  const id = initiator ?? owner;
  return (
    element(
      'Initiator',
      textElement('ID', id),
      textElement('DisplayName', id.slice(id.indexOf('/') + 1)),
    ) + element('Owner', textElement('ID', owner))
  );
}

export const MULTIPART_OPERATIONS: RouteTable = {
  'POST object uploads': ['CreateMultipartUpload', create],
  'PUT object uploadId': ['UploadPart', putPart],
  'POST object uploadId': ['CompleteMultipartUpload', complete],
  'DELETE object uploadId': ['AbortMultipartUpload', abort],
};
