import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Row } from './row.ts';
import type { Server } from './servers.ts';
import { summarize } from './statistics.ts';

const READER = fileURLToPath(new URL('readManifest.ts', import.meta.url));
const BUCKET = 'bench-manifest';

/** Reads a manifest of many rows with the extension's own reader: how long, and how much memory. */
export async function measureLongManifest(sandbox: Server, rows: number): Promise<Row[]> {
  const s3 = new S3Client({ ...sandbox, credentials: sandbox, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  for (const [Key, count] of [
    ['short.csv', 1000],
    ['long.csv', rows],
  ] as const) {
    await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: manifest(count) }));
  }
  s3.destroy();
  const args = [READER, JSON.stringify(sandbox), BUCKET, 'short.csv', 'long.csv'];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const read = JSON.parse(stdout) as { rows: number; seconds: number; growthMb: number };
  if (read.rows !== rows) throw new Error(`${read.rows} rows were read instead of ${rows}`);
  const group = `Manifest of ${rows.toLocaleString('en')} rows`;
  return [
    { group, measure: 'read and checked', unit: 's', ours: summarize([read.seconds]) },
    {
      group,
      measure: 'growth of the reader’s memory',
      unit: 'MB',
      ours: summarize([read.growthMb]),
      aim: { atMost: 50 },
    },
  ];
}

function manifest(rows: number): string {
  return Array.from(
    { length: rows },
    (_, number) => `bench-target,photos/${number.toString().padStart(7, '0')}%20small.jpg\n`,
  ).join('');
}
