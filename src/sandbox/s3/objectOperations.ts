import type { SandboxResponse } from '../request.ts';
import { AwsError } from '../errors.ts';
import { header } from '../request.ts';
import type { S3Context } from './s3Context.ts';
import type { ObjectVersion } from './store/versions.ts';
import { authorize } from './access/authorize.ts';
import { checkReadCondition, readWriteCondition } from './conditions.ts';
import type { ByteRange } from './byteRange.ts';
import { readRange } from './byteRange.ts';
import { readDigestPlan } from './digestPlan.ts';
import { GET_OBJECT, findObject } from './getObject.ts';
import type { FoundObject } from './getObject.ts';
import { openBody } from './objectBody.ts';
import {
  checksumHeaders,
  describeObject,
  overriddenHeaders,
  readProperties,
} from './objectHeaders.ts';
import { putObject } from './putObject.ts';
import { checkReadable, restoreHeaders } from './store/restoreState.ts';
import type { RouteTable, S3Call, S3Operation } from './s3Call.ts';
import { s3Arn } from './s3Call.ts';

const putObjectOperation: S3Operation = async (context, call) => {
  const output = await putObject(context, call.caller, {
    bucket: call.bucket,
    key: call.key,
    body: () => call.request.body.read(),
    digests: readDigestPlan(call),
    condition: readWriteCondition(call),
    request: call.request,
    ...readProperties(call),
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
  const part = partRange(request.query.get('partNumber'), object);
  const range = part ?? readRange(header(request, 'range'), object.size);
  const length = range ? range.end - range.start + 1 : object.size;
  return {
    status: range ? 206 : 200,
    headers: {
      ...objectHeaders(context, call, found, range === undefined),
      'content-length': String(length),
      ...(part && object.eTag.includes('-')
        ? { 'x-amz-mp-parts-count': String(object.blobs.length) }
        : {}),
      ...(range ? { 'content-range': `bytes ${range.start}-${range.end}/${object.size}` } : {}),
    },
    body: withBody ? openBody(context.s3.blobs, object, range) : undefined,
  };
}

/**
 * The bytes of one part of an object that was uploaded in parts; any other object is its part 1.
 * @throws AwsError InvalidPartNumber 416
 */
function partRange(
  text: string | undefined,
  { blobs, size }: ObjectVersion,
): ByteRange | undefined {
  if (text === undefined) return undefined;
  const number = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  const part = blobs[number - 1];
  if (!part) {
    throw new AwsError('InvalidPartNumber', 416, 'The requested partnumber is not satisfiable', {
      PartNumberRequested: text,
      ActualPartCount: String(blobs.length),
    });
  }
  if (size === 0) return undefined;
  const start = blobs.slice(0, number - 1).reduce((sum, blob) => sum + blob.size, 0);
  return { start, end: start + part.size - 1 };
}

function objectHeaders(
  context: S3Context,
  call: S3Call,
  { bucket, object }: FoundObject,
  whole: boolean,
): Record<string, string> {
  const wantsChecksum = header(call.request, 'x-amz-checksum-mode')?.toUpperCase() === 'ENABLED';
  return {
    ...describeObject(object, bucket.versioning !== undefined),
    ...restoreHeaders(object.restore, context.clock.now()),
    ...(wantsChecksum && whole ? checksumHeaders(object.checksum) : {}),
    ...taggingCount(context, call, object.tags.length),
    ...overriddenHeaders(call),
  };
}

/** The number of tags is told only to those who may read them. */
function taggingCount(context: S3Context, call: S3Call, count: number): Record<string, string> {
  if (count === 0) return {};
  try {
    authorize(context, call.caller, 's3:GetObjectTagging', s3Arn(call.bucket, call.key));
  } catch {
    return {};
  }
  return { 'x-amz-tagging-count': String(count) };
}

export const OBJECT_OPERATIONS: RouteTable = {
  'PUT object': ['PutObject', putObjectOperation],
  'GET object': ['GetObject', getObjectOperation],
  'HEAD object': ['HeadObject', headObjectOperation],
};
