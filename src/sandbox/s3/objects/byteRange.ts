import { AwsError } from '../../errors.ts';
import { invalidArgument, invalidRequest } from '../errors.ts';

/** Bytes of an object, both ends included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Reads a Range header. What is not one range of bytes is ignored, as HTTP says.
 * @throws AwsError InvalidRange 416 when no byte of it exists.
 */
export function readRange(text: string | undefined, size: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec((text ?? '').trim());
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  const [, first = '', last = ''] = match;
  if (first !== '' && last !== '' && Number(first) > Number(last)) return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (start < size && start <= end) return { start, end };
  throw new AwsError(
    'InvalidRange',
    416,
    'The requested range is not satisfiable',
    { RangeRequested: text ?? '', ActualObjectSize: String(size) },
    { 'content-range': `bytes */${size}` },
  );
}

const COPY_RANGE = 'x-amz-copy-source-range';

/**
 * Reads which bytes of a source a part is copied of: stricter than a Range header, as recorded.
 * @throws AwsError InvalidArgument, InvalidRequest.
 */
export function readCopyRange(text: string | undefined, size: number): ByteRange | undefined {
  if (text === undefined) return undefined;
  const [, first = '', last = ''] = /^bytes=(\d+)-(\d+)$/.exec(text) ?? [];
  const range = { start: Number(first), end: Number(last) };
  if (first === '' || range.start > range.end) {
    throw invalidArgument(
      `The ${COPY_RANGE} value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy`,
      COPY_RANGE,
      text,
    );
  }
  if (range.start >= size) {
    throw invalidRequest('The specified copy range is invalid for the source object size');
  }
  if (range.end < size) return range;
  throw invalidArgument(
    `Range specified is not valid for source object of size: ${size}`,
    COPY_RANGE,
    text,
  );
}
