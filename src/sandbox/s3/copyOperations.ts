import { authorize } from './access/authorize.ts';
import { header } from '../request.ts';
import { textElement } from '../xml.ts';
import type { S3Context } from './s3Context.ts';
import { readCopyRange } from './objects/byteRange.ts';
import type { ChecksumAlgorithm } from './checksums.ts';
import { checksumElement, isChecksumAlgorithm } from './checksums.ts';
import { readWriteCondition } from './objects/conditions.ts';
import { findCopySource, readCopySource } from './copySource.ts';
import { invalidArgument, invalidRequest } from './errors.ts';
import type { FoundObject, ObjectAddress } from './objects/getObject.ts';
import { objectContext } from './objects/getObject.ts';
import { readPartNumber, uploadOf } from './multipart/multipartOperations.ts';
import { uploadPart } from './multipart/multipartUpload.ts';
import { openBody } from './objects/objectBody.ts';
import { readProperties } from './objects/objectHeaders.ts';
import type { ObjectProperties } from './store/objectProperties.ts';
import { putObject } from './objects/putObject.ts';
import type { RouteTable, S3Call, S3Operation } from './s3Call.ts';
import { s3Arn, xmlAnswer } from './s3Call.ts';
import { timestamp } from './timestamp.ts';

const MAX_COPY_SIZE = 5 * 1024 ** 3;

type Directive = 'COPY' | 'REPLACE';

interface Copy {
  readonly source: ObjectAddress;
  readonly found: FoundObject;
  readonly directive: Directive;
  readonly tagging: Directive;
}

const copyObject: S3Operation = async (context, call) => {
  const source = readCopySource(call);
  const directive = readDirective(call, 'x-amz-metadata-directive');
  const tagging = readDirective(call, 'x-amz-tagging-directive');
  const found = findCopySource(context, call, source);
  checkSize(found.object.size);
  checkSelfCopy(call, { source, found, directive });
  const properties = copiedProperties(context, call, { source, found, directive, tagging });
  const output = await putObject(context, call.caller, {
    bucket: call.bucket,
    key: call.key,
    ...properties,
    condition: readWriteCondition(call),
    event: 'ObjectCreated:Copy',
    request: call.request,
    digests: { algorithm: readAlgorithm(call) ?? found.object.checksum?.algorithm ?? 'CRC64NVME' },
    body: () => Promise.resolve(openBody(context.s3.blobs, found.object, undefined)),
  });
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
  return { ...answer, headers: { ...answer.headers, ...sourceHeaders(found), ...version } };
};

function sourceHeaders({ bucket, object }: FoundObject): Record<string, string> {
  return {
    'x-amz-server-side-encryption': 'AES256',
    // Of the null version nothing is said (recorded).
    ...(bucket.versioning && object.versionId !== 'null'
      ? { 'x-amz-copy-source-version-id': object.versionId }
      : {}),
  };
}

function readDirective(call: S3Call, name: string): Directive {
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

function checkSize(size: number): void {
  if (size <= MAX_COPY_SIZE) return;
  throw invalidRequest(
    `The specified copy source is larger than the maximum allowable size for a copy source: ${MAX_COPY_SIZE}`,
  );
}

function checkSelfCopy(
  call: S3Call,
  { source, found, directive }: Pick<Copy, 'source' | 'found' | 'directive'>,
): void {
  const self = source.bucket === call.bucket && source.key === call.key;
  if (!self || source.versionId !== undefined || directive === 'REPLACE') return;
  // As recorded, a default encryption that someone has put counts as one of the request.
  if (found.bucket.bucketKeyEnabled !== undefined) return;
  const changes = [
    'x-amz-storage-class',
    'x-amz-website-redirect-location',
    'x-amz-server-side-encryption',
  ];
  if (changes.some(name => header(call.request, name) !== undefined)) return;
  throw invalidRequest(
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
  );
}

/** What the copy keeps of its source, by the two directives. */
function copiedProperties(context: S3Context, call: S3Call, copy: Copy): ObjectProperties {
  const own = readProperties(call);
  const { object } = copy.found;
  const kept =
    copy.directive === 'REPLACE'
      ? own
      : { headers: copiedHeaders(object.headers, own.headers), metadata: object.metadata };
  const storageClass = header(call.request, 'x-amz-storage-class');
  const tags = copy.tagging === 'REPLACE' ? own.tags : copiedTags(context, call, copy);
  return { ...kept, storageClass, tags };
}

const REDIRECT = 'x-amz-website-redirect-location';

/** S3 copies no redirect: it is the request's or there is none. */
function copiedHeaders(
  source: Readonly<Record<string, string>>,
  own: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const headers = Object.entries(source).filter(([name]) => name !== REDIRECT);
  const redirect = own[REDIRECT];
  return {
    ...Object.fromEntries(headers),
    ...(redirect !== undefined && { [REDIRECT]: redirect }),
  };
}

/** Copying tags needs the permission to read them; there may be none. */
function copiedTags(
  context: S3Context,
  { caller }: S3Call,
  { source, found }: { readonly source: ObjectAddress; readonly found: FoundObject },
): ObjectProperties['tags'] {
  if (found.object.tags.length === 0) return undefined;
  const action =
    source.versionId === undefined ? 's3:GetObjectTagging' : 's3:GetObjectVersionTagging';
  const conditions = objectContext(found.object, source.versionId);
  authorize(context, caller, action, s3Arn(source.bucket, source.key), conditions);
  return found.object.tags;
}

const copyPart: S3Operation = async (context, call) => {
  const upload = uploadOf(context, call);
  const found = findCopySource(context, call, readCopySource(call));
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
