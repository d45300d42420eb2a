import { Readable } from 'node:stream';
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { Row } from './row.ts';
import { memoryMb, peakMemoryMb, type Server } from './servers.ts';
import { summarize } from './statistics.ts';

const BUCKET = 'bench-large';
const KEY = 'large.bin';
const MEBIBYTE = 1024 * 1024;

/** Streams one large object in and out by the SDK: how fast, and how much memory the sandbox needs. */
export async function measureLargeObject(sandbox: Server, mebibytes: number): Promise<Row[]> {
  const s3 = new S3Client({ ...sandbox, credentials: sandbox, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const before = memoryMb(sandbox.pid);
  const put = await seconds(() => upload(s3, mebibytes));
  const get = await seconds(() => download(s3, mebibytes));
  const peak = peakMemoryMb(sandbox.pid);
  s3.destroy();
  const group = `Object of ${(mebibytes / 1024).toLocaleString('en')} GiB`;
  const rate = (time: number): number => (mebibytes * MEBIBYTE) / 1e6 / time;
  return [
    { group, measure: 'PutObject, streamed', unit: 'MB/s', ours: summarize([rate(put)]) },
    { group, measure: 'GetObject, streamed', unit: 'MB/s', ours: summarize([rate(get)]) },
    {
      group,
      measure: 'peak memory of the sandbox',
      unit: 'MB',
      ours: summarize([peak]),
      aim: { atMost: 150 },
    },
    {
      group,
      measure: 'of that more than before',
      unit: 'MB',
      ours: summarize([peak - before]),
    },
  ];
}

async function upload(s3: S3Client, mebibytes: number): Promise<void> {
  const chunk = Buffer.alloc(MEBIBYTE, 'bucket brigade ');
  const chunks = function* (): Generator<Buffer> {
    for (let sent = 0; sent < mebibytes; sent++) yield chunk;
  };
  await s3.send(
    new PutObjectCommand({
      Bucket: BUCKET,
      Key: KEY,
      Body: Readable.from(chunks(), { objectMode: false }),
      ContentLength: mebibytes * MEBIBYTE,
    }),
  );
}

async function download(s3: S3Client, mebibytes: number): Promise<void> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: KEY }));
  let received = 0;
  for await (const chunk of Body as AsyncIterable<Buffer>) received += chunk.length;
  if (received !== mebibytes * MEBIBYTE) throw new Error(`${received} bytes were read`);
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
