import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findReport } from '../../src/aws/batchJobs/completionReport.ts';
import { readManifest } from '../../src/aws/manifest/manifest.ts';
import { encodeManifestKey } from '../../src/aws/manifest/manifestKey.ts';
import { readObject } from '../../src/aws/objects/objects.ts';
import { exportRows } from '../../src/aws/report/exportRows.ts';
import { indexReport } from '../../src/aws/report/indexReport.ts';
import { queryReport } from '../../src/aws/report/queryReport.ts';
import { readRows, readSummary } from '../../src/aws/report/readRows.ts';
import type { RowQuery } from '../../src/aws/report/rowQuery.ts';
import { writeRetryManifest } from '../../src/aws/report/retryManifest.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';
import { writeReport } from '../support/writtenReport.ts';

let sandbox: SandboxClients;
let bucket: string;
let root: string;
let folder: string;
let folders = 0;

beforeAll(async () => {
  sandbox = await startSandboxClients();
  root = await mkdtemp(join(tmpdir(), 'bucket-brigade-report-'));
});
beforeEach(async () => {
  bucket = await sandbox.bucket();
  folder = join(root, String((folders += 1)));
});
afterAll(async () => {
  await sandbox.close();
  await rm(root, { recursive: true, force: true });
});

type Files = Record<string, string | Buffer>;

/** Writes a report and indexes it. */
async function index(files: Files, onProgress?: (progress: { rows: number }) => void) {
  await writeReport(sandbox.clients, { bucket, files });
  const client = sandbox.clients.s3();
  const report = await findReport(client, { bucket, jobId: 'j' });
  return await indexReport(sandbox.clients, { report, folder }, onProgress ? { onProgress } : {});
}

const all = async (query: RowQuery = {}) => {
  const { view, rows } = await queryReport({ folder, query });
  const found = await readRows({ folder, from: 0, count: rows + 10, ...(view && { view }) });
  expect(found).toHaveLength(rows);
  return found;
};
const keys = async (query: RowQuery = {}) => (await all(query)).map(({ key }) => key);

const FILES = {
  succeeded1: 'b,d%20e.png,,succeeded,200,,Successful\r\nb,c,v1,succeeded,200,,Successful\r\n',
  succeeded2: 'b,A,,succeeded,200,,"{""before"":[]}"\r\n',
  failed1: 'b,x/2,,failed,403,AccessDenied,Access Denied\nb,x/1,,failed,404,NoSuchKey,None\n',
  failed2: 'b2,x/%2Bz,,failed,403,AccessDenied,Access Denied\nb,broken\n',
};

describe('the index of a report', () => {
  it('has the rows of all files, failed ones first, decoded and as they were', async () => {
    const summary = await index(FILES);
    expect(summary).toMatchObject({ rows: 6, succeeded: 3, failed: 3, hasVersions: true });
    expect(summary).toMatchObject({ failedVersions: 0, buckets: ['b', 'b2'] });
    expect(summary.damage.count).toBe(1);
    expect(summary.damage.first[0]).toMatchObject({ damage: 'row', row: 2, text: 'b,broken' });
    expect(await readSummary(folder)).toEqual(JSON.parse(JSON.stringify(summary)));
    const rows = await all();
    expect(rows.map(({ key }) => key)).toEqual(['x/2', 'x/1', 'x/+z', 'd e.png', 'c', 'A']);
    expect(rows[2]).toEqual({
      ...{ bucket: 'b2', key: 'x/+z', rawKey: 'x/%2Bz', succeeded: false },
      ...{ httpStatus: 403, errorCode: 'AccessDenied', message: 'Access Denied' },
    });
    // What every success says is left out; what a function said is not.
    expect(rows.slice(3).map(({ message }) => message)).toEqual(['', '', '{"before":[]}']);
    expect(rows[4]?.versionId).toBe('v1');
  });

  it('puts failures together, with where they are', async () => {
    const { groups } = await index(FILES);
    expect(groups).toEqual([
      {
        ...{ errorCode: 'AccessDenied', httpStatus: 403, message: 'Access Denied', count: 2 },
        ...{ sampleKeys: ['x/2', 'x/+z'], hasVersions: false },
        places: [
          { bucket: 'b', prefix: 'x/2' },
          { bucket: 'b2', prefix: 'x/+z' },
        ],
      },
      expect.objectContaining({ errorCode: 'NoSuchKey', count: 1 }),
    ]);
  });

  it('is filtered and sorted', async () => {
    await index(FILES);
    expect(await keys({ status: 'failed' })).toEqual(['x/2', 'x/1', 'x/+z']);
    expect(await keys({ status: 'succeeded' })).toEqual(['d e.png', 'c', 'A']);
    expect(await keys({ groups: [0] })).toEqual(['x/2', 'x/+z']);
    expect(await keys({ text: 'D E' })).toEqual(['d e.png']);
    expect(await keys({ text: '403' })).toEqual(['x/2', 'x/+z']);
    expect(await keys({ text: '"before"' })).toEqual(['A']);
    expect(await keys({ text: 'x/', status: 'succeeded' })).toEqual([]);
    const sort = { by: 'key', descending: false } as const;
    expect(await keys({ sort })).toEqual(['A', 'c', 'd e.png', 'x/+z', 'x/1', 'x/2']);
    expect(await keys({ sort: { ...sort, descending: true }, text: 'x' })).toEqual([
      'x/2',
      'x/1',
      'x/+z',
    ]);
    const byError = { by: 'error', descending: true } as const;
    expect((await keys({ sort: byError })).slice(3)).toEqual(['x/1', 'x/2', 'x/+z']);
  });

  it('reads a page from anywhere', async () => {
    await index(FILES);
    expect(await readRows({ folder, from: 4, count: 1 })).toMatchObject([{ key: 'c' }]);
    expect(await readRows({ folder, from: 5, count: 9 })).toHaveLength(1);
    expect(await readRows({ folder, from: 6, count: 9 })).toEqual([]);
  });

  it('survives any key, version and message', async () => {
    const text = fc.string({ maxLength: 40, unit: 'binary' });
    const key = fc.string({ minLength: 1, maxLength: 40, unit: 'binary' });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(key, text), { minLength: 1, maxLength: 5 }),
        async rows => {
          const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
          const lines = rows.map(([name, message]) =>
            ['b', encodeManifestKey(name), '', 'failed', '400', 'Bad', quoted(message)].join(','),
          );
          await index({ failed: lines.join('\n') });
          const found = await all();
          expect(found.map(row => [row.key, row.message])).toEqual(rows);
          for (const [name] of rows) expect(await keys({ text: name })).toContain(name);
        },
      ),
      { numRuns: 15 },
    );
  });

  it('is not there when it was cancelled, and made anew the next time', async () => {
    const line = (n: number) => `b,key-${n},,succeeded,200,,Successful\n`;
    const files = { succeeded: Array.from({ length: 100_000 }, (_, n) => line(n)).join('') };
    await writeReport(sandbox.clients, { bucket, files });
    const client = sandbox.clients.s3();
    const report = await findReport(client, { bucket, jobId: 'j' });
    const controller = new AbortController();
    const { signal } = controller;
    let first: Promise<unknown[]> = Promise.resolve([]);
    const indexing = indexReport(
      sandbox.clients,
      { report, folder },
      {
        signal,
        onProgress: ({ rows }) => {
          controller.abort();
          // What is written can be read while it goes on.
          first = readRows({ folder, from: rows - 1, count: 1 });
        },
      },
    );
    await expect(indexing).rejects.toMatchObject({ code: 'Cancelled' });
    expect(await readSummary(folder)).toBeUndefined();
    expect(await first).toHaveLength(1);
    expect(await indexReport(sandbox.clients, { report, folder })).toMatchObject({ rows: 100_000 });
    expect(await keys({ text: 'key-99999' })).toEqual(['key-99999']);
  });
});

describe('a retry manifest', () => {
  const place = () => ({ bucket, key: 'retry/1.csv' });

  async function lines(): Promise<string[]> {
    const input = { ...place(), maxBytes: 1e6 };
    const body = Buffer.from(await readObject(sandbox.clients.s3(), input)).toString();
    return body.split('\n').slice(0, -1);
  }

  it('has exactly the failed rows, keys byte for byte', async () => {
    await index({
      ...FILES,
      failed3: 'b,a+b%2C%0A%22,,failed,500,InternalError,x\nb,100%,,failed,400,BadRequest,x\n',
    });
    const made = await writeRetryManifest(sandbox.clients, { folder, ...place() });
    expect(made).toMatchObject({ rows: 5, left: 0 });
    expect(await lines()).toEqual(['b,x/2', 'b,x/1', 'b2,x/%2Bz', 'b,a+b%2C%0A%22', 'b,100%']);
    expect(made.manifest).toMatchObject({ fields: ['Bucket', 'Key'], ...place() });
  });

  it('is a manifest that a job takes', async () => {
    await index({ failed: 'b,x%2Cy,v1,failed,403,AccessDenied,x\n' });
    const { manifest } = await writeRetryManifest(sandbox.clients, { folder, ...place() });
    const read = await readManifest(sandbox.clients.s3(), place());
    expect(read).toMatchObject({ eTag: manifest.eTag, rows: 1 });
    expect(manifest.fields).toEqual(['Bucket', 'Key', 'VersionId']);
    expect(await lines()).toEqual(['b,x%2Cy,v1']);
  });

  it('leaves out rows without a version where others have one', async () => {
    await index({ failed: 'b,a,v1,failed,403,AccessDenied,x\nb,c,,failed,400,InvalidRequest,x\n' });
    const made = await writeRetryManifest(sandbox.clients, { folder, ...place() });
    expect(made).toMatchObject({ rows: 1, left: 1 });
  });

  it('has the rows of one kind of failure only, where that is wanted', async () => {
    await index(FILES);
    const { view } = await queryReport({ folder, query: { groups: [1] } });
    const made = await writeRetryManifest(sandbox.clients, { folder, ...place(), view: view! });
    expect(made.rows).toBe(1);
    expect(await lines()).toEqual(['b,x/1']);
  });

  it('is not made of nothing', async () => {
    await index({ succeeded: FILES.succeeded1 });
    const making = writeRetryManifest(sandbox.clients, { folder, ...place() });
    await expect(making).rejects.toMatchObject({ code: 'InvalidInput' });
  });
});

it('rows are exported with decoded keys and a header', async () => {
  await index(FILES);
  const { view } = await queryReport({ folder, query: { text: 'd e' } });
  const file = join(root, 'out.csv');
  expect(await exportRows({ folder, file, view: view! })).toBe(1);
  expect(await readFile(file, 'utf8')).toBe(
    'Bucket,Key,VersionId,TaskStatus,HTTPStatusCode,ErrorCode,ResultMessage\n' +
      'b,d e.png,,succeeded,200,,\n',
  );
});
