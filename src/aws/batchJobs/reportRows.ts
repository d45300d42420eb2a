import type { S3Client } from '@aws-sdk/client-s3';
import { CsvError, parse } from 'csv-parse';
import { pipeline } from 'node:stream/promises';
import { call, callError, type CallOptions } from '../call.ts';
import { BrigadeError } from '../errors.ts';
import { decodeManifestKey } from '../manifest/manifestKey.ts';
import { openObject } from '../objects/objects.ts';
import { formatS3Uri } from '../s3Uri.ts';
import type { CompletionReport } from './completionReport.ts';
import { readableMessage } from './resultMessage.ts';

/** One task's result. */
export interface ReportRow {
  readonly bucket: string;
  /** Decoded; the cell as it is where it is not URL-encoded. */
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

/** Longer than any row: a key of 1,024 bytes and what a Lambda function says. */
const MAX_ROW_BYTES = 8 * 1024 * 1024;

/** The rows of all result files, streaming. @throws BrigadeError */
export async function* readReport(
  client: S3Client,
  report: Pick<CompletionReport, 'results'>,
  options: CallOptions = {},
): AsyncGenerator<ReportRow, void, undefined> {
  for (const file of report.results) {
    const { body } = await openObject(client, file, options);
    const parser = parse({
      bom: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: MAX_ROW_BYTES,
    });
    const fed = call(formatS3Uri(file), options, () =>
      pipeline(body, parser, { signal: options.signal }),
    );
    // Whoever stops reading early ends the pipeline; its error has nobody to go to.
    fed.catch(() => undefined);
    try {
      for await (const cells of parser as AsyncIterable<string[]>) {
        yield rowOf(cells);
      }
      await fed;
    } catch (error) {
      if (error instanceof CsvError) throw noReport(formatS3Uri(file), error);
      throw callError(error, formatS3Uri(file), options);
    } finally {
      body.destroy();
    }
  }
}

function noReport(subject: string, cause: CsvError): BrigadeError {
  return new BrigadeError('InvalidInput', "Not a completion report's results", { subject, cause });
}

/**
 * The report's own ReportSchema says `…, TaskStatus, ErrorCode, HTTPStatusCode, …`, but real rows
 * have the HTTP status first: of the two the number is the status.
 */
function rowOf(cells: readonly string[]): ReportRow {
  const [bucket = '', rawKey = '', versionId = '', taskStatus = '', fifth = '', sixth = ''] = cells;
  const swapped = /^\d+$/.test(sixth) && !/^\d+$/.test(fifth);
  const [status, errorCode] = swapped ? [sixth, fifth] : [fifth, sixth];
  return {
    bucket,
    key: decodeManifestKey(rawKey) ?? rawKey,
    rawKey,
    versionId: versionId === '' ? undefined : versionId,
    taskStatus,
    httpStatus: /^\d+$/.test(status) ? Number(status) : undefined,
    errorCode,
    message: readableMessage(cells[6] ?? ''),
  };
}
