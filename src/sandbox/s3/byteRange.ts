import { AwsError } from '../errors.ts';

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
