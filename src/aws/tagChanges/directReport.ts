import { createReadStream } from 'node:fs';
import { createHash } from 'node:crypto';
import type { CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { writeObject } from '../objects/objects.ts';
import { uploadFile } from '../objects/uploadFile.ts';
import type { ResultStore } from './resultStore.ts';
import type { TagChange } from './tagChange.ts';

/** What a report of the direct engine says of itself, beside what S3's say. */
export interface DirectReportFacts {
  readonly engine: 'direct';
  /** The change that was made to each object; an undoing differs from object to object. */
  readonly change?: TagChange;
  /** The key of the report that was undone, in the same bucket or the one that is named. */
  readonly undone?: { readonly bucket: string; readonly key: string };
}

/** As S3 has it in its reports, although the rows have the status before the code. */
const SCHEMA = 'Bucket, Key, VersionId, TaskStatus, ErrorCode, HTTPStatusCode, ResultMessage';

/** `<prefix>/direct-<id>/`: where S3 would write `<prefix>/job-<id>/`. */
export function directReportFolder(prefix: string | undefined, id: string): string {
  return prefix === undefined || prefix === '' ? `direct-${id}/` : `${prefix}/direct-${id}/`;
}

/**
 * Writes a completion report of S3's own layout (Amazon S3 user guide, "Examples: S3 Batch Operations
 * completion reports"); its manifest comes last, as S3's does. Written again it is the same.
 *
 * @returns the key of its manifest.json
 * @throws BrigadeError `AccessDenied` (s3:PutObject) …
 */
export async function writeDirectReport(
  clients: AwsClients,
  input: {
    readonly bucket: string;
    readonly folder: string;
    readonly store: ResultStore;
    readonly batches: readonly number[];
    readonly facts: DirectReportFacts;
  },
  options: CallOptions = {},
): Promise<string> {
  const { bucket, folder, store } = input;
  const client = await clients.s3ForBucket(bucket, options.signal);
  const results: object[] = [];
  for (const status of ['succeeded', 'failed'] as const) {
    const rows = await store.collect(status, input.batches);
    if (rows === undefined) continue;
    const key = `${folder}results/${status}.csv`;
    const upload = { bucket, key, body: createReadStream(rows.path), size: rows.bytes };
    await uploadFile(client, upload, options);
    const file = { TaskExecutionStatus: status, Bucket: bucket, MD5Checksum: rows.md5, Key: key };
    results.push(file);
  }
  const manifest = JSON.stringify({
    Format: 'Report_CSV_20180820',
    ReportCreationDate: new Date().toISOString(),
    Results: results,
    ReportSchema: SCHEMA,
    BucketBrigade: input.facts,
  });
  const key = `${folder}manifest.json`;
  const md5 = createHash('md5').update(manifest).digest('hex');
  await writeObject(client, { bucket, key: `${key}.md5`, body: md5 }, options);
  await writeObject(client, { bucket, key, body: manifest }, options);
  return key;
}
