import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FakeClock } from '../../../src/sandbox/clock.ts';
import { reportParts } from '../../../src/sandbox/s3control/reports/reportParts.ts';
import { JobWorld } from './jobWorld.ts';

describe('the parts of a report', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'brigade-parts-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const rows = Array.from({ length: 3000 }, (_, index) =>
    index % 3 === 0
      ? `b,k${index},,failed,200,PermanentFailure,"said ""no"",\r\ntwice"\r\n`
      : `b,k${index},,failed,404,NoSuchKey,gone\r\n`,
  );

  it.each([1, 60, 1000, 70_000])('of %d bytes are whole rows, each once', async size => {
    const file = join(folder, 'rows.csv');
    const text = rows.join('');
    // What a kill has left behind the rows that count is no part of it.
    writeFileSync(file, `${text}b,"half a row`);
    const parts = await reportParts(file, text.length, size);
    const bytes = await readFile(file);
    const texts = parts.map(({ start, end }) => bytes.subarray(start, end).toString());
    expect(texts.join('')).toBe(text);
    expect(texts.flatMap(part => parse(part))).toHaveLength(rows.length);
    for (const part of texts.slice(0, -1)) {
      expect(part.length).toBeGreaterThanOrEqual(size);
      expect(part.length).toBeLessThan(size + 100);
    }
  });
});

describe('a report', () => {
  let world: JobWorld;
  afterEach(() => world.close());

  const results = async (id: string): Promise<{ Key: string; TaskExecutionStatus: string }[]> => {
    const text = await world.read(`job-${id}/manifest.json`);
    return (JSON.parse(text) as { Results: { Key: string; TaskExecutionStatus: string }[] })
      .Results;
  };
  const missing = (id: string): Promise<void> =>
    expect(world.read(`job-${id}/manifest.json`)).rejects.toMatchObject({ code: 'NoSuchKey' });

  async function halfMissing(count: number): Promise<string> {
    const keys = Array.from({ length: count }, (_, index) => `i${index}`);
    for (const key of keys) await world.put('images', key);
    const rows = keys.map(key => `images,${key}\nimages,not-${key}\n`).join('');
    return world.start(await world.manifest(rows));
  }

  /** Before its next task, once so many have succeeded, something happens. */
  async function halfMissingUntil(
    count: number,
    succeeded: number,
    happens: () => void,
  ): Promise<string> {
    const taskDelay = 1;
    const clock = new FakeClock();
    const pause = clock.sleep.bind(clock);
    let hasHappened = false;
    clock.sleep = async (ms, signal) => {
      if (ms > taskDelay) {
        await pause(ms, signal);
        return;
      }
      if (!hasHappened && world.job(id).progress.succeeded >= succeeded) {
        hasHappened = true;
        happens();
      }
      clock.advance(ms);
    };
    world = new JobWorld({ clock, taskDelay });
    const id = await halfMissing(count);
    return id;
  }

  it('goes on in other files beyond a size', async () => {
    world = new JobWorld({ reportFileSize: 1000 });
    const id = await halfMissing(100);
    await world.end(id);
    const files = await results(id);
    const succeeded = files.filter(file => file.TaskExecutionStatus === 'succeeded');
    expect(succeeded.length).toBeGreaterThan(2);
    expect(files.length - succeeded.length).toBeGreaterThan(2);
    expect(new Set(files.map(({ Key }) => Key)).size).toBe(files.length);
    const rows = await world.reportRows(id);
    expect(rows).toHaveLength(200);
    expect(new Set(rows.map(row => row[1])).size).toBe(200);
  });

  it('is not whole yet when the job has ended, if it is asked to be late', async () => {
    const clock = new FakeClock(new Date('2026-11-22T12:00:00Z'));
    const dataDir = mkdtempSync(join(tmpdir(), 'brigade-late-'));
    try {
      world = new JobWorld({ clock, dataDir });
      const late = { fault: 'lateReport', seconds: 60 } as const;
      world.services.faults.set({ seed: 1, rules: [late] });
      const first = await halfMissing(2);
      expect((await world.end(first)).status).toBe('Complete');
      await missing(first);
      clock.advance(59_999);
      await missing(first);
      clock.advance(1);
      await expect.poll(() => world.reportRows(first)).toHaveLength(4);

      const second = await halfMissing(1);
      await world.end(second);
      await world.close();
      world = new JobWorld({ clock, dataDir });
      await missing(second);
      clock.advance(60_000);
      await expect.poll(() => world.reportRows(second)).toHaveLength(2);
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  });

  it('tells what was done until the role lost its access, and what failed then', async () => {
    const id = await halfMissingUntil(50, 10, () => {
      world.putRole([
        { Effect: 'Allow', Action: 's3:PutObject', Resource: 'arn:aws:s3:::assets/*' },
      ]);
    });
    const job = await world.end(id);
    expect(job.status).toBe('Complete');
    expect(job.progress.succeeded).toBe(10);
    expect(job.progress.succeeded + job.progress.failed).toBe(100);
    const rows = await world.reportRows(id);
    expect(new Set(rows.map(row => row[1])).size).toBe(100);
    const denied = rows.filter(row => row[5] === 'AccessDenied' && row[1]!.startsWith('i'));
    expect(denied.length).toBeGreaterThan(0);
    for (const row of denied) expect(world.tags(row[1]!)).toEqual({});
    for (const row of rows.filter(each => each[3] === 'succeeded')) {
      expect(world.tags(row[1]!)).toEqual({ phototype: 'finished' });
    }
  });

  it('is refused with the job when the role lost its report bucket half way', async () => {
    const id = await halfMissingUntil(20, 5, () => {
      world.putRole([
        { Effect: 'Allow', Action: 's3:PutObjectTagging', Resource: 'arn:aws:s3:::images/*' },
      ]);
    });
    const job = await world.end(id);
    expect(job).toMatchObject({ status: 'Failed', failureReasons: [{ code: 'AccessDenied' }] });
    await missing(id);
  });

  it('ends with the job when the role is gone half way, as Failed', async () => {
    const id = await halfMissingUntil(20, 5, () => {
      world.services.iam.delete(world.services.iam.find('batch')!);
    });
    const job = await world.end(id);
    expect(job.status).toBe('Failed');
    expect(job.failureReasons[0]).toMatchObject({ code: 'AccessDenied' });
    expect(job.progress.succeeded + job.progress.failed).toBeLessThan(40);
  });
});
