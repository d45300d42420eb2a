import { invalidManifest } from './jobFailure.ts';
import type { ManifestField } from './job.ts';
import { decodeManifestKey } from './manifestKey.ts';

/** One row of a manifest. */
export interface Task {
  readonly bucket: string;
  /** Byte for byte as in the manifest, which is how the report repeats it. */
  readonly rawKey: string;
  /** Undefined when the manifest has no versions; empty when this row lacks its own. */
  readonly versionId: string | undefined;
}

/** Where the columns of a manifest are; -1 for no such column. */
export interface Columns {
  readonly count: number;
  readonly bucket: number;
  readonly key: number;
  readonly versionId: number;
}

/** @throws JobFailure in AWS's words when there is no Bucket or no Key column */
export function readColumns(fields: readonly ManifestField[]): Columns {
  const missing = (['Bucket', 'Key'] as const).filter(name => !fields.includes(name));
  if (missing.length > 0) {
    throw invalidManifest(`Required fields are missing in the schema: ${missing.join(', ')}`);
  }
  return {
    count: fields.length,
    bucket: fields.indexOf('Bucket'),
    key: fields.indexOf('Key'),
    versionId: fields.indexOf('VersionId'),
  };
}

/** @throws JobFailure when the row has not its columns, holds no key or another thing than a version */
export function readTask(row: readonly string[], columns: Columns): Task {
  if (row.length !== columns.count)
    throw invalidManifest('Manifest file is not properly formatted');
  const rawKey = row[columns.key] ?? '';
  if (decodeManifestKey(rawKey) === undefined) throw invalidManifest('Invalid object key format');
  const versionId = columns.versionId === -1 ? undefined : (row[columns.versionId] ?? '');
  if (versionId !== undefined && !isVersionId(versionId)) {
    throw invalidManifest('Invalid version ID format');
  }
  return { bucket: row[columns.bucket] ?? '', rawKey, versionId };
}

/** The forms that AWS's guide shows; a row that lacks its own fails as a task. */
function isVersionId(cell: string): boolean {
  return cell === '' || cell === 'null' || /^([\w.-]{32}|[\w.+-]{64})$/.test(cell);
}

/** A line of the task file. */
export function taskLine({ bucket, rawKey, versionId }: Task): string {
  return `${JSON.stringify(versionId === undefined ? [bucket, rawKey] : [bucket, rawKey, versionId])}\n`;
}

export function parseTaskLine(line: string): Task {
  const [bucket = '', rawKey = '', versionId] = JSON.parse(line) as string[];
  return { bucket, rawKey, versionId };
}
