import { execFile } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Row } from './row.ts';
import type { Server } from './servers.ts';
import { summarize } from './statistics.ts';

const READER = fileURLToPath(new URL('readReport.ts', import.meta.url));
const BUCKET = 'bench-report';

interface Measured {
  readonly rows: number;
  /** Milliseconds of work; `search` and `page` by the clock. */
  readonly first: number;
  readonly seconds: number;
  readonly growthMb: number;
  readonly search: number;
  readonly page: number;
}

/** Opens a report of many rows, half of them failed, with the extension's own index. */
export async function measureLongReport(
  sandbox: Server,
  rows: number,
  folder: string,
): Promise<Row[]> {
  const s3 = new S3Client({ ...sandbox, credentials: sandbox, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  await putReport(s3, 'short', 1000);
  await putReport(s3, 'long', rows);
  s3.destroy();
  const args = [READER, JSON.stringify(sandbox), BUCKET, path.join(folder, 'indexes')];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const read = JSON.parse(stdout) as Measured;
  if (read.rows !== rows) throw new Error(`${read.rows} rows were read instead of ${rows}`);
  const group = `Report of ${rows.toLocaleString('en')} rows`;
  const row = (measure: string, unit: Row['unit'], value: number, atMost?: number): Row => ({
    ...{ group, measure, unit, ours: summarize([value]) },
    ...(atMost !== undefined && { aim: { atMost } }),
  });
  return [
    row('first page, work', 'ms', read.first, 300),
    row('all rows read', 's', read.seconds),
    row('growth of the reader’s memory', 'MB', read.growthMb, 100),
    row('searched', 'ms', read.search),
    row('a page in its middle', 'ms', read.page, 50),
  ];
}

async function putReport(s3: S3Client, jobId: string, rows: number): Promise<void> {
  const files = ['failed', 'succeeded'].map(status => ({
    status,
    key: `job-${jobId}/results/${status}.csv`,
  }));
  for (const { status, key } of files) {
    const end =
      status === 'failed' ? 'failed,403,AccessDenied,Access Denied' : 'succeeded,200,,Successful';
    const lines = Array.from(
      { length: rows / 2 },
      (_, at) => `bench-target,photos/${status}/small%20${at}.jpg,,${end}\n`,
    );
    await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: lines.join('') }));
  }
  const Results = files.map(({ status, key }) => ({
    ...{ TaskExecutionStatus: status, Bucket: BUCKET, Key: key },
  }));
  const Body = JSON.stringify({ Format: 'Report_CSV_20180820', Results });
  await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: `job-${jobId}/manifest.json`, Body }));
}
