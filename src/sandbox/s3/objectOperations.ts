import type { SandboxRequest, SandboxResponse } from '../request.ts';
import { AwsError } from '../errors.ts';
import { header } from '../request.ts';
import type { S3Context } from './s3Context.ts';
import type { ObjectVersion } from './store/versions.ts';
import { authorize } from './access/authorize.ts';
import { aclOfNewObject } from './acl/newAcl.ts';
import { checkReadCondition, readWriteCondition } from './objects/conditions.ts';
import type { ByteRange } from './objects/byteRange.ts';
import { readRange } from './objects/byteRange.ts';
import { readDigestPlan } from './digestPlan.ts';
import { GET_OBJECT, findObject, objectContext } from './objects/getObject.ts';
import type { FoundObject } from './objects/getObject.ts';
import { openBody } from './objects/objectBody.ts';
import {
  checksumHeaders,
  describeObject,
  overriddenHeaders,
  readProperties,
} from './objects/objectHeaders.ts';
import { putObject } from './objects/putObject.ts';
import { checkReadable, restoreHeaders } from './store/restoreState.ts';
import type { RouteTable, S3Call, S3Operation } from './s3Call.ts';
import { s3Arn } from './s3Call.ts';
import { invalidRequest } from './errors.ts';
import { checkPartNumber } from './multipart/multipartUpload.ts';

const putObjectOperation: S3Operation = async (context, call) => {
  const properties = readProperties(call);
  const acl = aclOfNewObject(context, call, properties.tags);
  const output = await putObject(context, call.caller, {
    bucket: call.bucket,
    key: call.key,
    body: () => call.request.body.read(),
    digests: { ...readDigestPlan(call), tellsMd5InHex: true },
    condition: readWriteCondition(call),
    request: call.request,
    ...(acl ? { acl } : {}),
    ...properties,
  });
  return {
    status: 200,
    headers: {
      etag: `"${output.eTag}"`,
      'x-amz-server-side-encryption': 'AES256',
      ...checksumHeaders(output.checksum),
      ...(output.versionId === undefined ? {} : { 'x-amz-version-id': output.versionId }),
    },
  };
};

const getObjectOperation: S3Operation = (context, call) => readObject(context, call, true);
const headObjectOperation: S3Operation = (context, call) => readObject(context, call, false);

function readObject(context: S3Context, call: S3Call, withBody: boolean): SandboxResponse {
  const { request, caller, bucket, key } = call;
  const versionId = request.query.get('versionId');
  const found = findObject(context, caller, { bucket, key, versionId }, GET_OBJECT, {
    method: request.method,
  });
  const { object } = found;
  checkReadCondition(
    {
      ifMatch: header(request, 'if-match'),
      ifNoneMatch: header(request, 'if-none-match'),
      ifModifiedSince: header(request, 'if-modified-since'),
      ifUnmodifiedSince: header(request, 'if-unmodified-since'),
    },
    object,
    context.clock.now(),
  );
  if (withBody) checkReadable(object, context.clock.now());
  const partNumber = readPart(request);
  const part = partNumber === undefined ? undefined : partRange(partNumber, object);
  const range = part ?? readRange(header(request, 'range'), object.size);
  const whole = length(range, object) === object.size;
  return {
    status: range ? 206 : 200,
    headers: {
      ...objectHeaders(context, call, found),
      ...readChecksum(call, object, { partNumber, whole }),
      'content-length': String(length(range, object)),
      ...(part && object.eTag.includes('-')
        ? { 'x-amz-mp-parts-count': String(object.blobs.length) }
        : {}),
      ...(range ? { 'content-range': `bytes ${range.start}-${range.end}/${object.size}` } : {}),
    },
    body: withBody ? openBody(context.s3.blobs, object, range) : undefined,
  };
}

function length(range: ByteRange | undefined, { size }: ObjectVersion): number {
  return range ? range.end - range.start + 1 : size;
}

/**
 * The number of the part that is asked for.
 * @throws AwsError InvalidRequest when a range is, too (recorded); InvalidArgument for no number of a part.
 */
function readPart(request: SandboxRequest): number | undefined {
  const text = request.query.get('partNumber');
  if (text === undefined) return undefined;
  if (header(request, 'range') !== undefined) {
    throw invalidRequest('Cannot specify both Range header and partNumber query parameter');
  }
  return checkPartNumber(text);
}

/**
 * The bytes of one part of an object that was uploaded in parts; any other object is its part 1.
 * @throws AwsError InvalidPartNumber 416
 */
function partRange(number: number, { blobs, size }: ObjectVersion): ByteRange | undefined {
  const part = blobs[number - 1];
  if (!part) {
    throw new AwsError('InvalidPartNumber', 416, 'The requested partnumber is not satisfiable', {
      PartNumberRequested: String(number),
      ActualPartCount: String(blobs.length),
    });
  }
  if (size === 0) return undefined;
  const start = blobs.slice(0, number - 1).reduce((sum, blob) => sum + blob.size, 0);
  return { start, end: start + part.size - 1 };
}

/**
 * The checksum of what is read, where one is known: of all bytes (a range of all of them, too), or of a
 * part of a composite object (both recorded).
 */
function readChecksum(
  call: S3Call,
  { checksum, partChecksums }: ObjectVersion,
  { partNumber = 0, whole }: { readonly partNumber: number | undefined; readonly whole: boolean },
): Record<string, string> {
  if (header(call.request, 'x-amz-checksum-mode')?.toUpperCase() !== 'ENABLED') return {};
  const value = partChecksums?.[partNumber - 1];
  if (checksum && value !== undefined) return checksumHeaders({ ...checksum, value });
  return whole ? checksumHeaders(checksum) : {};
}

function objectHeaders(
  context: S3Context,
  call: S3Call,
  { bucket, object }: FoundObject,
): Record<string, string> {
  return {
    ...describeObject(object, bucket.versioning !== undefined),
    ...restoreHeaders(object.restore, context.clock.now()),
    ...taggingCount(context, call, object),
    ...overriddenHeaders(call),
  };
}

/** The number of tags is told only to those who may read them. */
function taggingCount(
  context: S3Context,
  { caller, bucket, key, request }: S3Call,
  object: ObjectVersion,
): Record<string, string> {
  if (object.tags.length === 0) return {};
  const versionId = request.query.get('versionId');
  const action = versionId === undefined ? 's3:GetObjectTagging' : 's3:GetObjectVersionTagging';
  try {
    authorize(context, caller, action, s3Arn(bucket, key), objectContext(object, versionId));
  } catch {
    return {};
  }
  return { 'x-amz-tagging-count': String(object.tags.length) };
}

export const OBJECT_OPERATIONS: RouteTable = {
  'PUT object': ['PutObject', putObjectOperation],
  'GET object': ['GetObject', getObjectOperation],
  'HEAD object': ['HeadObject', headObjectOperation],
};
