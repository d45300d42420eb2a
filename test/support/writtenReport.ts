import { createHash } from 'node:crypto';
import type { AwsClients } from '../../src/aws/clients.ts';
import { writeObject } from '../../src/aws/objects/objects.ts';

export interface WrittenReport {
  readonly bucket: string;
  readonly prefix?: string;
  readonly jobId?: string;
  /** By name; one that begins with `failed` or `succeeded` has that status. */
  readonly files: Readonly<Record<string, string | Buffer>>;
}

/** Writes a completion report as S3 does: its manifest names result files by status. */
export async function writeReport(
  clients: AwsClients,
  { bucket, prefix = '', jobId = 'j', files }: WrittenReport,
): Promise<void> {
  const client = clients.s3();
  const results = Object.entries(files).map(([name, body], index) => ({
    TaskExecutionStatus: name.replace(/\d/g, ''),
    Bucket: bucket,
    MD5Checksum: createHash('md5').update(body).digest('hex'),
    Key: `${prefix}job-${jobId}/results/${index}.csv`,
  }));
  for (const [index, body] of Object.values(files).entries()) {
    await writeObject(client, { bucket, key: results[index]!.Key, body });
  }
  const manifest = {
    Format: 'Report_CSV_20180820',
    ReportCreationDate: '2026-11-22T17:48:39.725Z',
    Results: results,
    ReportSchema: 'Bucket, Key, VersionId, TaskStatus, ErrorCode, HTTPStatusCode, ResultMessage',
  };
  const key = `${prefix}job-${jobId}/manifest.json`;
  await writeObject(client, { bucket, key, body: JSON.stringify(manifest) });
}
