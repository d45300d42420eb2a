import type { S3Client } from '@aws-sdk/client-s3';
import pLimit from 'p-limit';
import { Readable } from 'node:stream';
import type { CallOptions } from '../call.ts';
import type { ManifestObject } from '../manifest/jobManifest.ts';
import { deleteObjectVersion } from '../objects/objectVersions.ts';
import { writeObject } from '../objects/objects.ts';
import { uploadFile } from '../objects/uploadFile.ts';
import type { FormerTags } from '../tagChanges/revert.ts';
import { formatRecord, recordName, type TagRecord } from './tagRecord.ts';
import { recordCell, undoCell } from './undoCell.ts';

/** An object whose tags go back, with what they were or the record that says so. */
export interface UndoRow {
  readonly bucket: string;
  /** Empty where only the record knows it. */
  readonly key: string;
  readonly versionId?: string;
  /** `recordKey`: in the bucket of the undo's report, and written by the tagger. */
  readonly former: FormerTags | { readonly recordKey: string };
}

export interface UndoManifestInput {
  readonly rows: AsyncIterable<readonly UndoRow[]>;
  readonly bucket: string;
  readonly key: string;
  /** In the bucket of the undo's report: for the records of rows whose tags don't fit. */
  readonly recordPrefix: string;
}

/** Records that are written at the same time. */
const PARALLEL = 16;

export interface UndoManifest {
  readonly manifest: ManifestObject;
  readonly rows: number;
  /** The buckets of the objects. */
  readonly buckets: readonly string[];
}

/**
 * Writes the manifest of an undo by the tagger: streaming, in parts, so that any number of rows does.
 *
 * @returns undefined when there is no row, and then no manifest either
 * @throws BrigadeError `Cancelled`, `Network`, `AccessDenied` … (s3:PutObject)
 */
export async function writeUndoManifest(
  client: S3Client,
  input: UndoManifestInput,
  options: CallOptions & { readonly onProgress?: (rows: number) => void } = {},
): Promise<UndoManifest | undefined> {
  const { bucket, key } = input;
  // A manifest has versions for all rows or for none, and so has what a report says of it.
  const buckets = new Set<string>();
  const written = { rows: 0, hasVersions: false };
  async function* lines(): AsyncGenerator<Buffer> {
    const limit = pLimit(PARALLEL);
    for await (const batch of input.rows) {
      if (written.rows === 0) written.hasVersions = batch[0]?.versionId !== undefined;
      const cells = batch.map(row => limit(() => cellOf(client, input, row, options)));
      const texts = (await Promise.all(cells)).map((cell, at) =>
        lineOf(batch[at], cell, written.hasVersions),
      );
      batch.forEach(row => buckets.add(row.bucket));
      written.rows += batch.length;
      options.onProgress?.(written.rows);
      yield Buffer.from(texts.join(''));
    }
  }
  const body = Readable.from(lines());
  // What lies in the bucket may not be a KMS key's: S3 reads such a manifest of inventories only.
  const upload = { bucket, key, body, contentType: 'text/csv', encryption: 'AES256' } as const;
  const { eTag, versionId } = await uploadFile(client, upload, { signal: options.signal });
  if (written.rows === 0) {
    await deleteObjectVersion(client, { bucket, key, versionId }, options);
    return undefined;
  }
  const fields = written.hasVersions
    ? (['Bucket', 'Key', 'VersionId'] as const)
    : (['Bucket', 'Key'] as const);
  const format = 'S3BatchOperations_CSV_20180820';
  return {
    manifest: { bucket, key, eTag, versionId, format, fields },
    rows: written.rows,
    buckets: [...buckets],
  };
}

function lineOf(row: UndoRow | undefined, cell: string, hasVersions: boolean): string {
  const { bucket = '', versionId = '' } = row ?? {};
  return `${bucket},${cell}${hasVersions ? `,${versionId}` : ''}\n`;
}

async function cellOf(
  client: S3Client,
  { bucket, recordPrefix }: UndoManifestInput,
  row: UndoRow,
  options: CallOptions,
): Promise<string> {
  const { key, former } = row;
  if ('recordKey' in former) return needed(recordCell(key, former.recordKey));
  const cell = undoCell(key, former);
  if (cell !== undefined) return cell;
  const record: TagRecord = { ...row, ...former };
  const recordKey = `${recordPrefix}${recordName(record)}`;
  const body = Buffer.from(formatRecord(record));
  // The tagger reads it, and its role may use no KMS key.
  const written = { bucket, key: recordKey, body, encryption: 'AES256' } as const;
  await writeObject(client, written, options);
  return needed(recordCell(key, recordKey));
}

/** A record's key alone always fits, unless a prefix of a thousand characters is before it. */
function needed(cell: string | undefined): string {
  if (cell === undefined) throw new Error('The key of a record is too long for a manifest');
  return cell;
}
