import { createReadStream } from 'node:fs';

/** Bytes of a file of rows, from `start` up to `end`: whole rows. */
export interface ReportPart {
  readonly start: number;
  readonly end: number;
}

const QUOTE = 0x22;
const NEWLINE = 0x0a;

/**
 * Where to cut a file of rows, so that each part has at least `size` bytes but for the last one. A cell in
 * quotes may hold line ends.
 * @param length in bytes, of the rows that count
 */
export async function reportParts(
  file: string,
  length: number,
  size: number,
): Promise<ReportPart[]> {
  if (length === 0) return [];
  if (length <= size) return [{ start: 0, end: length }];
  const parts: ReportPart[] = [];
  let start = 0;
  let position = 0;
  let quoted = false;
  for await (const chunk of createReadStream(file, { end: length - 1 }) as AsyncIterable<Buffer>) {
    for (const byte of chunk) {
      position += 1;
      if (byte === QUOTE) quoted = !quoted;
      if (byte !== NEWLINE || quoted || position - start < size) continue;
      parts.push({ start, end: position });
      start = position;
    }
  }
  if (start < length) parts.push({ start, end: length });
  return parts;
}
