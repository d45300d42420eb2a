import { Readable, pipeline } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { invalidManifest } from './jobFailure.ts';

/** Longer than any row of a manifest: a key has 1,024 bytes, and an inventory's other columns are short. */
const MAX_ROW = 64 * 1024;

/** Mixed in one file too: a parser that takes the first one for all of them loses rows. */
const LINE_ENDS = ['\r\n', '\n', '\r'];

/**
 * The rows of a CSV file as it streams. An empty line is a row of one empty cell, a byte order mark is
 * part of the first cell, and a header is a row like any other: manifests have none of them.
 * @throws JobFailure when it is no CSV
 */
export async function* csvRows(
  source: Buffer | Readable,
  through?: NodeJS.ReadWriteStream,
): AsyncGenerator<string[]> {
  const parser = parse({
    relax_column_count: true,
    max_record_size: MAX_ROW,
    record_delimiter: LINE_ENDS,
  });
  const input = Buffer.isBuffer(source) ? Readable.from([source]) : source;
  // pipeline hands the first error on to the parser, whose iteration then throws it.
  const streams = through === undefined ? [input, parser] : [input, through, parser];
  pipeline(streams, () => undefined);
  try {
    for await (const row of parser) yield row as string[];
  } catch (error) {
    if (error instanceof CsvError || isBadGzip(error)) {
      throw invalidManifest('Manifest file is not properly formatted');
    }
    throw error;
  } finally {
    input.destroy();
  }
}

function isBadGzip(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return /^Z_(DATA|BUF)_ERROR$/.test(code);
}
