import { AwsError } from '../errors.ts';
import type { Call } from '../request.ts';
import { header } from '../request.ts';
import { headerNotImplemented, noSuchKey, preconditionFailed } from './errors.ts';
import type { ObjectVersion } from './versions.ts';

/** When a write may replace what is there. */
export interface WriteCondition {
  /** An ETag that the current object must have. */
  readonly ifMatch?: string;
  /** Only `*`: there must be no current object. */
  readonly ifNoneMatch?: string;
}

export function readWriteCondition(call: Call): WriteCondition {
  const ifNoneMatch = header(call.request, 'if-none-match');
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') {
    throw headerNotImplemented('If-None-Match');
  }
  return { ifMatch: header(call.request, 'if-match'), ifNoneMatch };
}

/**
 * Checks a write against the current object; call it in the transaction that writes.
 * @throws AwsError PreconditionFailed, or NoSuchKey for If-Match on nothing.
 */
export function checkWriteCondition(
  condition: WriteCondition | undefined,
  key: string,
  findLatest: () => ObjectVersion | undefined,
): void {
  if (condition?.ifMatch === undefined && condition?.ifNoneMatch === undefined) return;
  const latest = findLatest();
  const current = latest?.deleteMarker === true ? undefined : latest;
  if (condition.ifNoneMatch !== undefined && current) throw preconditionFailed('If-None-Match');
  if (condition.ifMatch === undefined) return;
  if (!current) throw noSuchKey(key);
  if (!matches(condition.ifMatch, current.eTag)) throw preconditionFailed('If-Match');
}

/** When a read answers. Dates are in HTTP's whole seconds. */
export interface ReadCondition {
  readonly ifMatch?: string;
  readonly ifNoneMatch?: string;
  readonly ifModifiedSince?: string;
  readonly ifUnmodifiedSince?: string;
}

/**
 * Checks a read by RFC 7232's precedence, which S3 follows.
 * @throws AwsError PreconditionFailed 412 or NotModified 304.
 */
export function checkReadCondition(condition: ReadCondition, object: ObjectVersion): void {
  const { ifMatch, ifNoneMatch } = condition;
  const modified = Math.floor(object.modified.getTime() / 1000) * 1000;
  if (ifMatch !== undefined) {
    if (!matches(ifMatch, object.eTag)) throw preconditionFailed('If-Match');
  } else if (modified > dateOf(condition.ifUnmodifiedSince, Number.POSITIVE_INFINITY)) {
    throw preconditionFailed('If-Unmodified-Since');
  }
  if (ifNoneMatch !== undefined) {
    if (matches(ifNoneMatch, object.eTag)) throw notModified(object);
  } else if (modified <= dateOf(condition.ifModifiedSince, Number.NEGATIVE_INFINITY)) {
    throw notModified(object);
  }
}

/** Dates that can't be read are ignored, as HTTP says. */
function dateOf(text: string | undefined, otherwise: number): number {
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? otherwise : time;
}

function matches(list: string, eTag: string): boolean {
  return list
    .split(',')
    .map(text =>
      text
        .trim()
        .replace(/^W\//, '')
        .replace(/^"(.*)"$/, '$1'),
    )
    .some(text => text === '*' || text === eTag);
}

function notModified(object: ObjectVersion): AwsError {
  return new AwsError(
    'NotModified',
    304,
    'Not Modified',
    {},
    {
      etag: `"${object.eTag}"`,
      'last-modified': object.modified.toUTCString(),
    },
  );
}
