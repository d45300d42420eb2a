import { cp } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { FunctionProcess, lambdaEnvironment } from '../support/functionProcess.ts';
import { functionBuild, unpackZip } from '../support/functionZips.ts';
import type { Row } from './row.ts';
import { summarize } from './statistics.ts';

/** A camera's picture. */
const MEGAPIXELS = 24;
const KEY = 'photo.jpg';

const EVENT = {
  Records: [
    {
      eventSource: 'aws:s3',
      eventName: 'ObjectCreated:Put',
      s3: { bucket: { name: 'pictures' }, object: { key: KEY, size: 1 } },
    },
  ],
};

interface Run {
  /** Milliseconds from starting the process to the first byte of the resized picture at S3. */
  readonly firstByte: number;
  readonly peakMegabytes: number;
}

/**
 * A cold start: a new process loads the function, gets an event and resizes a 24-megapixel JPEG. Ours
 * is the deployed zip, its peer the usual tutorial function with the same packages as npm installs them.
 */
export async function measureColdStart(dataDir: string, rounds: number): Promise<Row[]> {
  const folders = await prepare(dataDir);
  const s3 = await startS3(await photograph());
  try {
    const runs = folders.map(() => [] as Run[]);
    for (let round = -1; round < rounds; round++) {
      for (const [index, folder] of folders.entries()) {
        const run = await coldStart(folder, s3);
        if (round >= 0) runs[index]?.push(run);
      }
    }
    const [ours = [], theirs = []] = runs;
    return [
      row('to the first byte out', 'ms', ours, theirs, each => each.firstByte),
      row('peak memory', 'MB', ours, theirs, each => each.peakMegabytes),
    ];
  } finally {
    s3.server.close();
  }
}

function row(
  measure: string,
  unit: 'ms' | 'MB',
  ours: readonly Run[],
  theirs: readonly Run[],
  of: (run: Run) => number,
): Row {
  return {
    group: `Cold start, ${MEGAPIXELS}-megapixel JPEG`,
    measure,
    unit,
    ours: summarize(ours.map(of)),
    peer: { name: 'tutorial', sample: summarize(theirs.map(of)) },
    aim: { ratio: 1.3 },
  };
}

async function prepare(dataDir: string): Promise<string[]> {
  const ours = join(dataDir, 'ours');
  const naive = join(dataDir, 'tutorial');
  const { buildFunctionZips, packages } = await functionBuild();
  await buildFunctionZips(dataDir);
  const { arch } = process;
  await unpackZip(join(dataDir, `resize-${arch === 'x64' ? 'x86_64' : 'arm64'}.zip`), ours);
  const tutorial = fileURLToPath(new URL('naiveFunction', import.meta.url));
  await cp(tutorial, naive, { recursive: true });
  await cp(await packages(arch, tutorial), join(naive, 'node_modules'), { recursive: true });
  return [ours, naive];
}

/** Detail at every scale, as a photograph has it; about 10 MB. */
async function photograph(): Promise<Buffer> {
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 50 };
  const create = { width: 1500, height: 1000, channels: 3 as const, background: '#888', noise };
  const grain = await sharp({ create }).png().toBuffer();
  return await sharp(grain).resize(6000, 4000).jpeg({ quality: 95 }).toBuffer();
}

interface S3 {
  readonly server: Server;
  readonly endpoint: string;
  /** When the first byte of the last upload came. */
  uploadedAt: number;
}

/** Just enough of S3 to answer at once: what is measured is the function. */
async function startS3(picture: Buffer): Promise<S3> {
  const server = createServer((request, response) => {
    if (request.method === 'GET') {
      response.writeHead(200, { 'content-length': picture.length, 'content-type': 'image/jpeg' });
      response.end(picture);
      return;
    }
    request.once('data', () => (s3.uploadedAt = performance.now()));
    request.once('end', () => response.writeHead(200, { etag: '"0"' }).end());
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const s3: S3 = { server, endpoint: `http://127.0.0.1:${port}`, uploadedAt: 0 };
  return s3;
}

async function coldStart(folder: string, s3: S3): Promise<Run> {
  const keys = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' };
  const env = lambdaEnvironment({ endpoint: s3.endpoint, region: 'us-east-1', ...keys });
  const start = performance.now();
  await using run = new FunctionProcess(folder, env);
  const { error, peakKilobytes = 0 } = await run.invoke(EVENT);
  if (error) throw new Error(`${folder}: ${error.message}\n${run.output}`);
  return { firstByte: s3.uploadedAt - start, peakMegabytes: peakKilobytes / 1024 };
}
