import { AwsError } from '../../errors.ts';
import type { Call } from '../../request.ts';
import { header } from '../../request.ts';
import { headerNotImplemented, noSuchKey, preconditionFailed } from '../errors.ts';
import type { ObjectVersion } from '../store/versions.ts';

/** When a write may replace what is there. */
export interface WriteCondition {
  /** An ETag that the current object must have. */
  readonly ifMatch?: string;
  /** Only `*`: there must be no current object. */
  readonly ifNoneMatch?: string;
}

/**
 * The condition of a request that writes an object.
 * @throws AwsError NotImplemented 501, as recorded from S3: for both headers, an ETag that must not be
 * there, and an object that must be there, whichever it is.
 */
export function readWriteCondition(call: Call): WriteCondition {
  const ifMatch = header(call.request, 'if-match');
  const ifNoneMatch = header(call.request, 'if-none-match');
  if (ifMatch !== undefined && ifNoneMatch !== undefined) {
    throw headerNotImplemented(
      'If-Match,If-None-Match',
      'Multiple conditional request headers present in the request',
    );
  }
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') throw valueNotImplemented('If-None-Match');
  if (ifMatch === '*') throw valueNotImplemented('If-Match');
  return { ifMatch, ifNoneMatch };
}

function valueNotImplemented(name: string): AwsError {
  return headerNotImplemented(
    name,
    `We don't accept the provided value of ${name} header for this API`,
  );
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

type FailedCondition = 'If-Match' | 'If-Unmodified-Since' | 'If-None-Match' | 'If-Modified-Since';

/**
 * The condition of a read that does not hold, by RFC 7232's precedence, which S3 follows.
 * @param now an If-Modified-Since after it is ignored (RFC 7232, 3.3).
 */
export function failedCondition(
  condition: ReadCondition,
  object: ObjectVersion,
  now: Date,
): FailedCondition | undefined {
  const { ifMatch, ifNoneMatch } = condition;
  const modified = Math.floor(object.modified.getTime() / 1000) * 1000;
  if (ifMatch !== undefined) {
    if (!matches(ifMatch, object.eTag)) return 'If-Match';
  } else if (modified > dateOf(condition.ifUnmodifiedSince, Number.POSITIVE_INFINITY)) {
    return 'If-Unmodified-Since';
  }
  if (ifNoneMatch !== undefined) {
    return matches(ifNoneMatch, object.eTag) ? 'If-None-Match' : undefined;
  }
  const since = dateOf(condition.ifModifiedSince, Number.NEGATIVE_INFINITY);
  return modified <= since && since <= now.getTime() ? 'If-Modified-Since' : undefined;
}

/**
 * Checks the condition of a GET or HEAD.
 * @throws AwsError PreconditionFailed 412 or NotModified 304.
 */
export function checkReadCondition(
  condition: ReadCondition,
  object: ObjectVersion,
  now: Date,
): void {
  const failed = failedCondition(condition, object, now);
  if (failed === 'If-None-Match' || failed === 'If-Modified-Since') throw notModified(object);
  if (failed !== undefined) throw preconditionFailed(failed);
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
