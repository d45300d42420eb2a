import { notImplemented } from '../errors.ts';
import { header, splitTarget, QueryParameters } from '../request.ts';
import type { S3Context } from './s3Context.ts';
import type { ReadCondition } from './objects/conditions.ts';
import { failedCondition } from './objects/conditions.ts';
import { invalidArgument, preconditionFailed } from './errors.ts';
import type { FoundObject, ObjectAddress } from './objects/getObject.ts';
import { GET_OBJECT, findObject } from './objects/getObject.ts';
import { checkReadable } from './store/restoreState.ts';
import { decodePlus, type S3Call } from './s3Call.ts';

const NAME = 'x-amz-copy-source';

/**
 * Reads `x-amz-copy-source`: `[/]bucket/key[?versionId=…]`, percent-encoded; an address in path style
 * is taken, too (recorded).
 * @throws AwsError InvalidArgument
 */
export function readCopySource(call: S3Call): ObjectAddress {
  const text = header(call.request, NAME) ?? '';
  const { rawPath, rawQuery } = splitTarget(text.replace(/^https?:\/\/[^/]*/i, ''));
  const path = decodePlus(rawPath.replace(/^\//, ''));
  if (path.startsWith('arn:')) throw notImplemented(`a copy source by ARN`);
  const slash = path.indexOf('/');
  if (slash <= 0 || slash === path.length - 1) {
    // The value is the header's name, as recorded.
    throw invalidArgument('Invalid copy source object key', NAME, NAME);
  }
  return {
    bucket: path.slice(0, slash),
    key: path.slice(slash + 1),
    versionId: new QueryParameters(rawQuery).get('versionId'),
  };
}

/**
 * Finds the object to copy and checks the request's conditions on it.
 * @throws AwsError NoSuchKey, AccessDenied, PreconditionFailed.
 */
export function findCopySource(
  context: S3Context,
  call: S3Call,
  source: ObjectAddress,
): FoundObject {
  const found = findObject(context, call.caller, source, GET_OBJECT);
  const condition: ReadCondition = {
    ifMatch: header(call.request, 'x-amz-copy-source-if-match'),
    ifNoneMatch: header(call.request, 'x-amz-copy-source-if-none-match'),
    ifModifiedSince: header(call.request, 'x-amz-copy-source-if-modified-since'),
    ifUnmodifiedSince: header(call.request, 'x-amz-copy-source-if-unmodified-since'),
  };
  const failed = failedCondition(condition, found.object, context.clock.now());
  // A copy that may not happen is 412, also where a read would say "not modified".
  if (failed !== undefined) throw preconditionFailed(`x-amz-copy-source-${failed}`);
  const sentence = "Operation is not valid for the source object's storage class";
  checkReadable(found.object, context.clock.now(), sentence);
  return found;
}
