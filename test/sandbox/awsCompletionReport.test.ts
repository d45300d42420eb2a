import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findReport } from '../../src/aws/batchJobs/completionReport.ts';
import { readReport } from '../../src/aws/batchJobs/reportRows.ts';
import { summarizeReport } from '../../src/aws/batchJobs/reportSummary.ts';
import { encodeManifestKey } from '../../src/aws/manifest/manifestKey.ts';
import { writeObject } from '../../src/aws/objects/objects.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';

let sandbox: SandboxClients;
let bucket: string;

beforeAll(async () => {
  sandbox = await startSandboxClients();
});
beforeEach(async () => {
  bucket = await sandbox.bucket();
});
afterAll(() => sandbox.close());

/** Writes a report as S3 does: its manifest names result files by status. */
async function write(prefix: string, files: Record<string, string>) {
  const client = sandbox.clients.s3();
  const results = Object.keys(files).map((name, index) => ({
    TaskExecutionStatus: name.replace(/\d/g, ''),
    Bucket: bucket,
    MD5Checksum: 'x',
    Key: `${prefix}job-j/results/${index}.csv`,
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
  await writeObject(client, {
    bucket,
    key: `${prefix}job-j/manifest.json`,
    body: JSON.stringify(manifest),
  });
}

const summarize = async (prefix?: string, maxRows?: number) => {
  const client = sandbox.clients.s3();
  return summarizeReport(client, await findReport(client, { bucket, prefix, jobId: 'j' }), {
    maxRows,
  });
};

describe('a completion report', () => {
  it('is found with and without a prefix', async () => {
    await write('', { succeeded: 'b,k,,succeeded,200,,Successful\n' });
    await write('reports/', { succeeded: 'b,k,,succeeded,200,,Successful\n' });
    const client = sandbox.clients.s3();
    for (const prefix of [undefined, '', 'reports', 'reports/']) {
      const report = await findReport(client, { bucket, prefix, jobId: 'j' });
      expect(report.created).toEqual(new Date('2026-11-22T17:48:39.725Z'));
      expect(report.results).toHaveLength(1);
    }
  });

  it('is counted, its failures grouped by code, of all files', async () => {
    await write('', {
      succeeded1: 'b,a%20b.png,,succeeded,200,,Successful\r\nb,c,v1,succeeded,200,,Successful\r\n',
      succeeded2: 'b,d,,succeeded,200,,Successful\r\n',
      failed:
        'b,e,,failed,403,AccessDenied,Access Denied\n' +
        'b,f,,failed,404,NoSuchKey,The specified key does not exist.\n' +
        'b,g%2Bh,,failed,403,AccessDenied,Access Denied\n' +
        'b,i,,failed,200,PermanentFailure,"Lambda returned function error: {""errorMessage"":""two\nlines""}"\n',
    });
    const summary = await summarize();
    expect(summary).toMatchObject({ total: 7, succeeded: 3, failed: 4 });
    expect(summary.groups).toEqual([
      {
        errorCode: 'AccessDenied',
        httpStatus: 403,
        count: 2,
        message: 'Access Denied',
        sampleKeys: ['e', 'g+h'],
      },
      expect.objectContaining({ errorCode: 'NoSuchKey', httpStatus: 404, count: 1 }),
      expect.objectContaining({
        errorCode: 'PermanentFailure',
        message: 'Lambda returned function error: {"errorMessage":"two\nlines"}',
      }),
    ]);
    expect(summary.rows.map(row => row.taskStatus)).toEqual([
      ...Array<string>(4).fill('failed'),
      ...Array<string>(3).fill('succeeded'),
    ]);
    expect(summary.rows).toContainEqual({
      bucket: 'b',
      key: 'a b.png',
      rawKey: 'a%20b.png',
      versionId: undefined,
      taskStatus: 'succeeded',
      httpStatus: 200,
      errorCode: '',
      message: 'Successful',
    });
    const few = await summarize('', 2);
    expect(few.rows.map(row => row.key)).toEqual(['e', 'f']);
    expect(few.total).toBe(7);
  });

  it('is read whichever of its two columns comes first', async () => {
    await write('', { failed: 'b,k,,failed,AccessDenied,403,m\nb,k,,failed,403,AccessDenied,m\n' });
    expect((await summarize()).groups).toEqual([
      expect.objectContaining({ errorCode: 'AccessDenied', httpStatus: 403, count: 2 }),
    ]);
  });

  it('keeps a key that is not URL-encoded as it is', async () => {
    await write('', { failed: 'b,100% sure,,failed,404,NoSuchKey,m\n' });
    expect((await summarize()).rows[0]).toMatchObject({ key: '100% sure', rawKey: '100% sure' });
  });

  it('survives any key and message', async () => {
    const text = fc.string({ maxLength: 60, unit: 'binary' });
    const key = fc.string({ minLength: 1, maxLength: 60, unit: 'binary' });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(key, text), { minLength: 1, maxLength: 4 }),
        async rows => {
          const cells = rows.map(([name, message]) => [
            'b',
            encodeManifestKey(name),
            '',
            'failed',
            '400',
            'InvalidRequest',
            message,
          ]);
          await write('', { failed: stringify(cells) });
          const read = (await summarize()).rows.map(row => [row.key, row.message]);
          expect(read).toEqual(rows);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('may be left in the middle', async () => {
    const line = 'b,k,,succeeded,200,,Successful\n';
    await write('', { succeeded: line.repeat(100_000) });
    const client = sandbox.clients.s3();
    const report = await findReport(client, { bucket, jobId: 'j' });
    let rows = 0;
    for await (const row of readReport(client, report)) {
      rows += row.taskStatus === 'succeeded' ? 1 : 0;
      if (rows === 10) break;
    }
    expect(rows).toBe(10);
    expect((await summarize()).total).toBe(100_000);
  });

  it('is cancelled with its signal', async () => {
    await write('', { succeeded: 'b,k,,succeeded,200,,Successful\n'.repeat(50_000) });
    const client = sandbox.clients.s3();
    const report = await findReport(client, { bucket, jobId: 'j' });
    const controller = new AbortController();
    const { signal } = controller;
    const reading = summarizeReport(client, report, {
      signal,
      onProgress: () => controller.abort(),
    });
    await expect(reading).rejects.toMatchObject({ code: 'Cancelled' });
  });

  it('counts failures of one kind together, whatever object or request they name', async () => {
    const error = (text: string) =>
      `"Lambda returned function error: {""errorType"":""Error"",""errorMessage"":""${text}""}"`;
    const timeout = (seconds: number) => error(`Task timed out after ${seconds}.00 seconds`);
    const lines = [
      'b,a%20b.png,,failed,200,PermanentFailure,"Could not resize a b.png: corrupt"',
      'b,c.png,,failed,200,PermanentFailure,"Could not resize c.png: corrupt"',
      `b,d.png,,failed,200,PermanentFailure,${timeout(3)}`,
      `b,e.png,,failed,200,PermanentFailure,${timeout(60)}`,
      'b,f.png,,failed,200,PermanentFailure,EmptyObject: The object has no bytes',
    ];
    await write('', { failed: `${lines.join('\n')}\n` });
    const { groups } = await summarize();
    expect(groups.map(({ count, message }) => [count, message])).toEqual([
      [2, 'Could not resize a b.png: corrupt'],
      [2, 'Error: Task timed out after 3.00 seconds'],
      [1, 'EmptyObject: The object has no bytes'],
    ]);
  });

  it('counts by code what a function never says twice', async () => {
    const word = (at: number) => 'x'.repeat(at + 1);
    const lines = Array.from({ length: 200 }, (_, at) => {
      return `b,k${at},,failed,200,PermanentFailure,${word(at)}\n`;
    });
    await write('', { failed: lines.join('') });
    const { groups, failed } = await summarize();
    expect(failed).toBe(200);
    expect(groups).toHaveLength(51);
    expect(groups[0]).toMatchObject({ errorCode: 'PermanentFailure', count: 150 });
  });

  it('that is not there says why', async () => {
    const client = sandbox.clients.s3();
    const find = (status: string, succeeded: number, failed: number) =>
      findReport(client, { bucket, jobId: 'j', job: { status, succeeded, failed } });
    await expect(find('Failed', 0, 0)).rejects.toMatchObject({
      code: 'NotFound',
      reason: 'NoTaskRan',
    });
    await expect(find('Complete', 3, 0)).rejects.toMatchObject({
      code: 'NotFound',
      reason: 'NotYetWritten',
      awsCode: 'NoSuchKey',
    });
    await expect(find('Active', 0, 0)).rejects.toMatchObject({ reason: 'NotYetWritten' });
  });

  it('that is none is refused', async () => {
    const client = sandbox.clients.s3();
    await writeObject(client, { bucket, key: 'job-j/manifest.json', body: '{"files":[]}' });
    const find = findReport(client, { bucket, jobId: 'j' });
    await expect(find).rejects.toMatchObject({ code: 'InvalidInput' });
  });

  it('with a row that has no end is refused before it fills the memory', async () => {
    await write('', { failed: `b,"${'k'.repeat(9 * 1024 * 1024)}` });
    await expect(summarize()).rejects.toMatchObject({ code: 'InvalidInput' });
  });

  it('without result files has no rows', async () => {
    await write('', {});
    expect(await summarize()).toMatchObject({ total: 0, failed: 0, groups: [], rows: [] });
  });
});
