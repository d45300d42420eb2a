import type { S3Client } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { addAbortSignal } from 'node:stream';
import { callError, type CallOptions } from '../call.ts';
import { CsvRecords, type CsvRecord } from '../csvRecords.ts';
import { BrigadeError } from '../errors.ts';
import { decodeManifestKey } from '../manifest/manifestKey.ts';
import { openObject, type OpenedObject } from '../objects/objects.ts';
import { formatS3Uri } from '../s3Uri.ts';
import type { CompletionReport, ReportFile } from './completionReport.ts';
import { readableMessage } from './resultMessage.ts';

/** One task's result. */
export interface ReportRow {
  readonly bucket: string;
  /** The key, URL-decoded; the cell itself where it is not URL-encoded. */
  readonly key: string;
  /** The cell: what the manifest said, byte for byte. */
  readonly rawKey: string;
  readonly versionId?: string;
  /** `succeeded` or `failed`. */
  readonly taskStatus: string;
  readonly httpStatus?: number;
  /** Empty for a success. */
  readonly errorCode: string;
  /** Readable; for LambdaInvoke what the function said. */
  readonly message: string;
}

/** A part of a report that can't be read; everything else is read. */
export interface ReportDamage {
  /**
   * `row`: it doesn't have the columns of a result. `missing`, `denied`: the file. `checksum`: the file isn't
   * what S3 wrote, by the MD5 in the report's manifest: rows may be missing from it.
   */
  readonly damage: 'row' | 'missing' | 'denied' | 'checksum';
  /** The S3 URI of the result file. */
  readonly file: string;
  /** Counted from 1 in its file. */
  readonly row?: number;
  /** The beginning of the row. */
  readonly text?: string;
}

/** Characters of a row: a key of 1,024 bytes and what a Lambda function says. */
const MAX_ROW = 8 * 1024 * 1024;
/** Bucket, Key, VersionId, TaskStatus, HTTPStatusCode, ErrorCode, ResultMessage. */
const COLUMNS = 7;

/**
 * Streams the rows of all result files, with the damage that is found in place of the rows it hides.
 *
 * @throws BrigadeError `Network`, `Cancelled` …, for what may be there at the next try
 */
export async function* readReport(
  client: S3Client,
  report: Pick<CompletionReport, 'results'>,
  options: CallOptions = {},
): AsyncGenerator<(ReportRow | ReportDamage)[], void, undefined> {
  for (const file of report.results) {
    const opened = await openFile(client, file, options);
    if ('damage' in opened) yield [opened];
    else yield* readFile(opened, file, options);
  }
}

async function openFile(
  client: S3Client,
  file: ReportFile,
  options: CallOptions,
): Promise<OpenedObject | ReportDamage> {
  // The report's manifest is damaged itself.
  if (file.key === '') return { damage: 'missing', file: formatS3Uri(file) };
  try {
    return await openObject(client, file, options);
  } catch (error) {
    const code = error instanceof BrigadeError ? error.code : undefined;
    if (code === 'NotFound') return { damage: 'missing', file: formatS3Uri(file) };
    if (code === 'AccessDenied') return { damage: 'denied', file: formatS3Uri(file) };
    throw error;
  }
}

async function* readFile(
  { body }: OpenedObject,
  file: ReportFile,
  options: CallOptions,
): AsyncGenerator<(ReportRow | ReportDamage)[], void, undefined> {
  const uri = formatS3Uri(file);
  const csv = new CsvRecords({ maxRow: MAX_ROW, acceptsLines: isOneResult });
  const md5 = createHash('md5');
  if (options.signal) addAbortSignal(options.signal, body);
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      md5.update(chunk);
      yield entriesOf(csv.push(chunk), uri);
    }
    yield entriesOf(csv.end(), uri);
  } catch (error) {
    throw callError(error, uri, options);
  } finally {
    body.destroy();
  }
  if (file.md5 !== undefined && md5.digest('hex') !== file.md5) {
    yield [{ damage: 'checksum', file: uri }];
  }
}

function entriesOf(records: readonly CsvRecord[], file: string): (ReportRow | ReportDamage)[] {
  return records
    .filter(({ cells }) => cells?.length !== 1 || cells[0] !== '')
    .map(({ row, cells, text }): ReportRow | ReportDamage =>
      cells !== undefined && isResult(cells)
        ? rowOf(cells)
        : { damage: 'row', file, row, text: cells?.join(',') ?? text },
    );
}

function isResult(cells: readonly string[]): boolean {
  const [bucket, key, , taskStatus, fifth = '', sixth = ''] = cells;
  return (
    cells.length === COLUMNS &&
    bucket !== '' &&
    key !== '' &&
    (taskStatus === 'succeeded' || taskStatus === 'failed') &&
    (fifth === '' || isStatus(fifth) || isStatus(sixth)) &&
    !cells.some((cell, at) => at < COLUMNS - 1 && cell.includes('\ufffd'))
  );
}

/** What a function says may have several lines, but none that reads like the next result. */
function isOneResult(cells: readonly string[], lines: readonly string[]): boolean {
  const [bucket = ''] = cells;
  return (
    isResult(cells) &&
    !lines.some(
      (line, at) =>
        at > 0 &&
        line.startsWith(`${bucket},`) &&
        /^[^,]*,[^,]*,[^,]*,(succeeded|failed),/.test(line),
    )
  );
}

function isStatus(cell: string): boolean {
  return /^\d+$/.test(cell);
}

/**
 * The report's own ReportSchema says `…, TaskStatus, ErrorCode, HTTPStatusCode, …`, but real rows
 * have the HTTP status first: of the two the number is the status.
 */
function rowOf(cells: readonly string[]): ReportRow {
  const [bucket = '', rawKey = '', versionId = '', taskStatus = '', fifth = '', sixth = ''] = cells;
  const swapped = isStatus(sixth) && !isStatus(fifth);
  const [status, errorCode] = swapped ? [sixth, fifth] : [fifth, sixth];
  return {
    bucket,
    key: decodeManifestKey(rawKey) ?? rawKey,
    rawKey,
    // `\\N` is what S3 makes of an empty cell of the manifest, as reports of real jobs show.
    versionId: versionId === '' || versionId === '\\N' ? undefined : versionId,
    taskStatus,
    httpStatus: isStatus(status) ? Number(status) : undefined,
    errorCode,
    message: readableMessage(cells[6] ?? ''),
  };
}
