import { Readable } from 'node:stream';
import type { CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { BrigadeError } from '../errors.ts';
import type { ManifestObject } from '../manifest/jobManifest.ts';
import { uploadFile } from '../objects/uploadFile.ts';
import { formatS3Uri } from '../s3Uri.ts';
import { eachRow, readSummary } from './readRows.ts';
import type { IndexedRow } from './rowLine.ts';

export interface RetryManifestInput {
  /** Of the report's index, which must be whole. */
  readonly folder: string;
  /** Rows of a view of it; all that failed when absent. */
  readonly view?: string;
  /** Where the manifest goes; what is there is written over. */
  readonly bucket: string;
  readonly key: string;
}

export interface RetryManifest {
  readonly manifest: ManifestObject;
  /** Rows in it. */
  readonly rows: number;
  /** Failed rows left out: they name no version where others do, which a job fails for again. */
  readonly left: number;
}

/**
 * Writes a manifest of exactly the rows of a report that failed: bucket, key as the report has it byte
 * for byte, and version. Streamed from disk into an upload in parts; a failure or cancellation leaves
 * nothing behind.
 *
 * @throws BrigadeError `InvalidInput` when there is nothing to retry; `AccessDenied` (s3:PutObject) …
 */
export async function writeRetryManifest(
  clients: AwsClients,
  { folder, view, bucket, key }: RetryManifestInput,
  options: CallOptions & { readonly onProgress?: (rows: number) => void } = {},
): Promise<RetryManifest> {
  const subject = formatS3Uri({ bucket, key });
  const summary = await readSummary(folder);
  if (summary === undefined) throw new BrigadeError('NotFound', 'No index', { subject });
  const withVersions = summary.failedVersions > 0;
  const counts = { rows: 0, left: 0 };
  const lines = Readable.from(manifestLines({ folder, view, withVersions }, counts, options));
  const client = await clients.s3ForBucket(bucket, options.signal);
  // A manifest under a KMS key can't be read by a job (Amazon S3 user guide, "Creating a job").
  const encryption = 'AES256';
  const input = { bucket, key, body: lines, contentType: 'text/csv', encryption } as const;
  const { eTag, versionId } = await uploadFile(client, input, { signal: options.signal });
  return {
    manifest: {
      ...{ bucket, key, eTag, ...(versionId !== undefined && { versionId }) },
      format: 'S3BatchOperations_CSV_20180820',
      fields: withVersions ? ['Bucket', 'Key', 'VersionId'] : ['Bucket', 'Key'],
    },
    ...counts,
  };
}

async function* manifestLines(
  { withVersions, ...input }: { folder: string; view?: string | undefined; withVersions: boolean },
  counts: { rows: number; left: number },
  { signal, onProgress }: CallOptions & { readonly onProgress?: (rows: number) => void },
): AsyncGenerator<Buffer, void, undefined> {
  for await (const batch of eachRow(input, signal)) {
    const failed = batch.filter(({ succeeded }) => !succeeded);
    const fit = failed.filter(({ versionId }) => !withVersions || versionId !== undefined);
    counts.rows += fit.length;
    counts.left += failed.length - fit.length;
    onProgress?.(counts.rows);
    if (fit.length > 0) yield Buffer.from(fit.map(row => lineOf(row, withVersions)).join(''));
    // Failed rows come first in an index; a view may have them anywhere.
    if (input.view === undefined && failed.length === 0) break;
  }
  if (counts.rows === 0)
    throw new BrigadeError('InvalidInput', 'No row of the report failed', {
      problem: { kind: 'noFailedRow' },
    });
}

function lineOf({ bucket, rawKey, versionId = '' }: IndexedRow, withVersions: boolean): string {
  const cells = [bucket, rawKey, ...(withVersions ? [versionId] : [])];
  return `${cells.map(csvCell).join(',')}\n`;
}

/** A cell of CSV (RFC 4180), in quotation marks only where it has to be. */
export function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
