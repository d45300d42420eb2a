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
async function write(prefix: string, files: Record<string, string | Buffer>) {
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
    // A prefix that ends in a slash is taken as it is, by AWS too.
    await write('reports//', { succeeded: 'b,k,,succeeded,200,,Successful\n' });
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
          await write('', { failed: stringify(cells, { quoted_match: /[\r\n]/ }) });
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
    for await (const entries of readReport(client, report)) {
      rows += entries.length;
      if (rows > 10) break;
    }
    expect(rows).toBeLessThan(100_000);
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

  it('with a row that has no end loses that row', async () => {
    const endless = `b,"${'k'.repeat(9 * 1024 * 1024)}`;
    await write('', { failed: `b,a,,failed,403,AccessDenied,m\n${endless}` });
    const { total, damage } = await summarize();
    expect([total, damage.count]).toEqual([1, 1]);
    expect(damage.first[0]!.text!.length).toBeLessThan(1000);
  });

  it('without result files has no rows', async () => {
    await write('', {});
    expect(await summarize()).toMatchObject({ total: 0, failed: 0, groups: [], rows: [] });
  });

  const good = (key: string) => `b,${key},,failed,403,AccessDenied,Access Denied\r\n`;

  it.each([
    ['an open quotation mark', 'b,x,,failed,200,PermanentFailure,"Lambda says'],
    ['a quotation mark in the middle', 'b,"x"y,,failed,200,PermanentFailure,m'],
    ['too few columns', 'b,x,,failed'],
    ['too many', 'b,x,,failed,200,PermanentFailure,one, two'],
    ['another status', 'b,x,,faile,200,PermanentFailure,m'],
    ['no bucket', ',x,,failed,200,PermanentFailure,m'],
    ['other bytes', Buffer.from('b,\xff,,failed,200,PermanentFailure,m', 'latin1')],
    ['half a row at its end', 'b,x,,fail'],
  ])('loses one row to %s', async (_, bad) => {
    const after = typeof bad === 'string' && bad.endsWith('fail') ? '' : `\r\n${good('c')}`;
    const parts = [good('a'), good('b'), bad, after].map(part => Buffer.from(part as string));
    await write('', { failed: Buffer.concat(parts) });
    const { total, rows, damage } = await summarize();
    expect(rows.map(({ key }) => key)).toEqual(after === '' ? ['a', 'b'] : ['a', 'b', 'c']);
    expect(total).toBe(rows.length);
    expect(damage.count).toBe(1);
    expect(damage.first).toMatchObject([{ damage: 'row', row: 3 }]);
    expect(damage.first[0]!.file).toMatch(/results\/0\.csv$/);
  });

  it('reads what a function says on several lines, and rows behind a mark left open', async () => {
    const several = 'b,s,,failed,200,PermanentFailure,"one\ntwo, ""three""\n"\r\n';
    const open = 'b,x,,failed,200,PermanentFailure,"open\r\n';
    const closed = 'b,y,,failed,200,PermanentFailure,closed"\r\n';
    await write('', { failed: `${several}${open}${good('a')}${closed}${good('b')}` });
    const { rows, damage } = await summarize();
    expect(rows.map(({ key }) => key)).toEqual(['s', 'a', 'y', 'b']);
    expect(rows[0]!.message).toBe('one\ntwo, "three"\n');
    expect(damage.first.map(({ row }) => row)).toEqual([2]);
  });

  it('knows the empty version of a manifest', async () => {
    await write('', {
      failed: 'b,k,\\N,failed,500,SrcObjectNotFound,m\r\nb,l,null,failed,500,X,m',
    });
    expect((await summarize()).rows.map(row => row.versionId)).toEqual([undefined, 'null']);
  });

  it('is read without the files that are gone or are not as S3 wrote them', async () => {
    await write('', { succeeded: 'b,s,,succeeded,200,,Successful\n', failed: good('a') });
    const client = sandbox.clients.s3();
    const report = await findReport(client, { bucket, jobId: 'j' });
    const md5 = '0'.repeat(32);
    const [succeeded, failed] = report.results;
    const results = [succeeded!, { ...failed!, md5 }, { ...failed!, key: 'gone.csv' }];
    const { total, damage } = await summarizeReport(client, { results });
    expect(total).toBe(2);
    expect(damage.first.map(({ damage: kind, file }) => [kind, file])).toEqual([
      ['missing', `s3://${bucket}/gone.csv`],
      ['checksum', `s3://${bucket}/job-j/results/1.csv`],
    ]);
  });
});
