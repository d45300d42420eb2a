import { header } from '../request.ts';
import { textElement } from '../xml.ts';
import type { S3Context } from './s3Context.ts';
import { readCopyRange } from './objects/byteRange.ts';
import type { ChecksumAlgorithm } from './checksums.ts';
import { checksumElement, isChecksumAlgorithm } from './checksums.ts';
import { readWriteCondition } from './objects/conditions.ts';
import { readCopySource, readSourceCondition } from './copySource.ts';
import { invalidArgument, invalidRequest } from './errors.ts';
import type { CopyDirective, CopyObjectInput, StagedCopy } from './objects/copyObject.ts';
import { findCopySource, stageCopy } from './objects/copyObject.ts';
import type { FoundObject } from './objects/getObject.ts';
import { readPartNumber, uploadOf } from './multipart/multipartOperations.ts';
import { uploadPart } from './multipart/multipartUpload.ts';
import { openBody } from './objects/objectBody.ts';
import { readProperties } from './objects/objectHeaders.ts';
import type { PutObjectOutput } from './objects/putObject.ts';
import type { RouteTable, S3Call, S3Operation } from './s3Call.ts';
import { xmlAnswer } from './s3Call.ts';
import { timestamp } from './timestamp.ts';

/** @throws AwsError InvalidRequest: a copy's bytes are its source's (versity/versitygw#1242) */
function refuseBody({ request }: S3Call): void {
  if (!request.body.length) return;
  throw invalidRequest(
    'The request included a body. Requests of this type must not include a non-empty body.',
  );
}

const copyObject: S3Operation = async (context, call) => {
  refuseBody(call);
  const input = readCopy(call);
  const staged = await stageCopy(context, call.caller, input);
  const output = commit(context, staged);
  const answer = xmlAnswer(
    'CopyObjectResult',
    textElement('LastModified', timestamp(output.modified)),
    textElement('ETag', `"${output.eTag}"`),
    output.checksum
      ? textElement(checksumElement(output.checksum.algorithm), output.checksum.value)
      : '',
    textElement('ChecksumType', output.checksum?.type),
  );
  const version: Record<string, string> =
    output.versionId === undefined ? {} : { 'x-amz-version-id': output.versionId };
  return {
    ...answer,
    headers: { ...answer.headers, ...sourceHeaders(staged.found), ...version },
  };
};

/** What the request asks for; its conditions on the target come with the write. */
function readCopy(call: S3Call): CopyObjectInput {
  return {
    source: readCopySource(call),
    sourceCondition: readSourceCondition(call),
    bucket: call.bucket,
    key: call.key,
    directive: readDirective(call, 'x-amz-metadata-directive'),
    tagging: readDirective(call, 'x-amz-tagging-directive'),
    own: readProperties(call),
    storageClass: header(call.request, 'x-amz-storage-class'),
    encrypts: header(call.request, 'x-amz-server-side-encryption') !== undefined,
    algorithm: readAlgorithm(call),
    condition: readWriteCondition(call),
    request: call.request,
  };
}

function commit(context: S3Context, staged: StagedCopy): PutObjectOutput {
  try {
    return context.store.transaction(() => staged.commit());
  } catch (error) {
    staged.discard();
    throw error;
  }
}

function sourceHeaders({ bucket, object }: FoundObject): Record<string, string> {
  return {
    'x-amz-server-side-encryption': 'AES256',
    // Of the null version nothing is said (recorded).
    ...(bucket.versioning && object.versionId !== 'null'
      ? { 'x-amz-copy-source-version-id': object.versionId }
      : {}),
  };
}

function readDirective(call: S3Call, name: string): CopyDirective {
  const text = header(call.request, name) ?? 'COPY';
  if (text === 'COPY' || text === 'REPLACE') return text;
  const what = name === 'x-amz-tagging-directive' ? 'tagging' : 'metadata';
  throw invalidArgument(`Unknown ${what} directive.`, name, text);
}

function readAlgorithm(call: S3Call): ChecksumAlgorithm | undefined {
  const text = header(call.request, 'x-amz-checksum-algorithm')?.toUpperCase();
  if (text === undefined || isChecksumAlgorithm(text)) return text;
  throw invalidRequest('Checksum algorithm provided is unsupported.');
}

const copyPart: S3Operation = async (context, call) => {
  refuseBody(call);
  const upload = uploadOf(context, call);
  const source = readCopySource(call);
  const found = findCopySource(context, call.caller, source, readSourceCondition(call));
  const { object } = found;
  const range = readCopyRange(header(call.request, 'x-amz-copy-source-range'), object.size);
  const { algorithm, chosen } = upload.checksum;
  const body = () => Promise.resolve(openBody(context.s3.blobs, object, range));
  const part = await uploadPart(context, upload, readPartNumber(call), body, { algorithm });
  const answer = xmlAnswer(
    'CopyPartResult',
    textElement('LastModified', timestamp(part.modified)),
    textElement('ETag', `"${part.eTag}"`),
    textElement(checksumElement(algorithm), chosen ? part.checksum : undefined),
  );
  return { ...answer, headers: { ...answer.headers, ...sourceHeaders(found) } };
};

export const COPY_OPERATIONS: RouteTable = {
  'PUT object x-amz-copy-source': ['CopyObject', copyObject],
  'PUT object uploadId x-amz-copy-source': ['UploadPartCopy', copyPart],
};
