import { notImplemented } from '../errors.ts';
import { header, splitTarget, QueryParameters } from '../request.ts';
import type { ReadCondition } from './objects/conditions.ts';
import { invalidArgument } from './errors.ts';
import type { ObjectAddress } from './objects/getObject.ts';
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

/** The request's conditions on the object that it copies. */
export function readSourceCondition({ request }: S3Call): ReadCondition {
  return {
    ifMatch: header(request, 'x-amz-copy-source-if-match'),
    ifNoneMatch: header(request, 'x-amz-copy-source-if-none-match'),
    ifModifiedSince: header(request, 'x-amz-copy-source-if-modified-since'),
    ifUnmodifiedSince: header(request, 'x-amz-copy-source-if-unmodified-since'),
  };
}
