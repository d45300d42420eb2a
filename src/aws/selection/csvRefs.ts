import { StringDecoder } from 'node:string_decoder';
import { CsvRecords } from '../csvRecords.ts';
import { BrigadeError } from '../errors.ts';
import { isHeader } from '../manifest/headerRow.ts';
import { decodeManifestKey } from '../manifest/manifestKey.ts';
import { looksLikeVersionId } from '../manifest/versionColumn.ts';
import { isBucketName, parseS3Uri } from '../s3Uri.ts';
import type { ObjectRef } from './selection.ts';

/** A row longer than any legal one means that this is no CSV. */
const MAX_ROW = 64 * 1024;

/**
 * The objects of a CSV manifest: bucket, encoded key and, where the third column holds them, version
 * ids. A header row and blank lines are left out.
 *
 * @throws BrigadeError `InvalidInput` naming the first row that names no object
 */
export async function* csvRefs(
  body: AsyncIterable<Uint8Array>,
  subject: string,
): AsyncGenerator<ObjectRef> {
  const csv = new CsvRecords({ maxRow: MAX_ROW, acceptsLines: () => false });
  let first = true;
  const refs = function* (records: ReturnType<typeof csv.push>): Generator<ObjectRef> {
    for (const [index, { row, cells }] of records.entries()) {
      if (cells?.length === 1 && cells[0]?.trim() === '') continue;
      const header = first && cells && isHeader(cells, records[index + 1]?.cells);
      first = false;
      if (header) continue;
      yield refOfRow(cells, row, subject);
    }
  };
  for await (const chunk of body) yield* refs(csv.push(chunk));
  yield* refs(csv.end());
}

function refOfRow(cells: readonly string[] | undefined, row: number, subject: string): ObjectRef {
  const [bucket = '', cell = '', version = ''] = cells ?? [];
  const key = decodeManifestKey(cell);
  if (!isBucketName(bucket) || key === undefined || key === '') {
    throw new BrigadeError('InvalidInput', `Row ${row} names no object`, {
      subject,
      problem: { kind: 'rowWithoutObject', row },
    });
  }
  const versionId = version === 'null' || looksLikeVersionId(version) ? version : undefined;
  return { bucket, key, versionId };
}

/**
 * The objects of a text with one key a line, as it is, or one `s3://bucket/key`. Blank lines are left out.
 */
export async function* lineRefs(
  body: AsyncIterable<Uint8Array>,
  bucket: string,
): AsyncGenerator<ObjectRef> {
  for await (const line of linesOf(body)) {
    const text = line.endsWith('\r') ? line.slice(0, -1) : line;
    if (text === '') continue;
    const uri = parseS3Uri(text);
    yield uri?.key ? { bucket: uri.bucket, key: uri.key } : { bucket, key: text };
  }
}

async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let first = true;
  for await (const chunk of body) {
    const text = rest + decoder.write(Buffer.from(chunk));
    const lines = (first && text.startsWith('\ufeff') ? text.slice(1) : text).split('\n');
    first &&= text === '';
    rest = lines.pop() ?? '';
    yield* lines;
  }
  yield rest + decoder.end();
}
