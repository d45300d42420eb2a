import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../../src/sandbox/clock.ts';
import { JobWorld } from './jobWorld.ts';

const DAY = 86_400_000;
let world: JobWorld;
afterEach(() => world.close());

const rowsOf = (keys: readonly string[]): string => keys.map(key => `images,${key}\n`).join('');
const KEYS = ['image1.png', 'image2.jpg', 'a/b c.png'];

async function putImages(count = 0): Promise<string[]> {
  const keys = count === 0 ? KEYS : Array.from({ length: count }, (_, index) => `i${index}`);
  for (const key of keys) await world.put('images', key);
  return keys.map(key => encodeURIComponent(key).replaceAll('%2F', '/'));
}

describe('a tagging job', () => {
  beforeEach(() => {
    world = new JobWorld();
  });

  it('waits for confirmation, runs, and reports every object', async () => {
    const keys = await putImages();
    const id = world.start(await world.manifest(rowsOf(keys), { confirmationRequired: true }));
    const suspended = await world.reaches(id, 'Suspended');
    expect(suspended.progress.total).toBe(3);
    expect(world.tags('image1.png')).toEqual({});
    world.setStatus(id, 'Ready');
    const job = await world.end(id);
    expect(job).toMatchObject({
      status: 'Complete',
      failureReasons: [],
      progress: { total: 3, succeeded: 3, failed: 0 },
    });
    for (const key of KEYS) expect(world.tags(key)).toEqual({ phototype: 'finished' });
    expect(await world.reportRows(id)).toEqual(
      keys.map(key => ['images', key, '', 'succeeded', '200', '', 'Successful']),
    );
  });

  it('writes the report as AWS does', async () => {
    const keys = await putImages();
    const definition = await world.manifest(rowsOf([...keys, 'missing.png']));
    const report = { ...definition.report!, prefix: 'reports' };
    const id = world.start({ ...definition, report });
    await world.end(id);
    const folder = `reports/job-${id}`;
    const text = await world.read(`${folder}/manifest.json`);
    const manifest = JSON.parse(text) as { Results: Record<string, string>[] };
    expect(manifest).toMatchObject({
      Format: 'Report_CSV_20180820',
      ReportSchema: 'Bucket, Key, VersionId, TaskStatus, ErrorCode, HTTPStatusCode, ResultMessage',
    });
    expect(manifest.Results.map(result => result['TaskExecutionStatus'])).toEqual([
      'succeeded',
      'failed',
    ]);
    expect(await world.read(`${folder}/manifest.json.md5`)).toBe(
      createHash('md5').update(text).digest('hex'),
    );
    for (const result of manifest.Results) {
      expect(result['Key']).toMatch(new RegExp(`^${folder}/results/[0-9a-f]{40}\\.csv$`));
      const csv = await world.read(result['Key']!);
      expect(result['MD5Checksum']).toBe(createHash('md5').update(csv).digest('hex'));
    }
  });

  it('replaces all tags, and removes them', async () => {
    const keys = await putImages();
    const definition = await world.manifest(rowsOf(keys));
    await world.end(world.start(definition));
    const other = { name: 'S3PutObjectTagging', tags: [{ key: 'k', value: 'v' }] } as const;
    await world.end(world.start({ ...definition, operation: other }));
    expect(world.tags('image1.png')).toEqual({ k: 'v' });
    await world.end(world.start({ ...definition, operation: { name: 'S3DeleteObjectTagging' } }));
    expect(world.tags('image1.png')).toEqual({});
  });

  it('reports only failures when asked to', async () => {
    const keys = await putImages();
    const definition = await world.manifest(rowsOf([...keys, 'missing.png']));
    const report = { ...definition.report!, scope: 'FailedTasksOnly' } as const;
    const id = world.start({ ...definition, report });
    expect(await world.end(id)).toMatchObject({ status: 'Complete' });
    const rows = await world.reportRows(id);
    // The role may not list the bucket, so S3 does not tell it that the key is missing.
    expect(rows.map(row => row.slice(0, 6))).toEqual([
      ['images', 'missing.png', '', 'failed', '403', 'AccessDenied'],
    ]);
    const perfect = await world.manifest(rowsOf(keys));
    const second = world.start({ ...perfect, report });
    await world.end(second);
    expect(await world.reportRows(second)).toEqual([]);
  });

  it('tags versions, and fails a row that has none among others that have', async () => {
    const bucket = world.services.s3.buckets.find('images')!;
    world.services.s3.buckets.setVersioning(bucket, 'Enabled');
    await world.put('images', 'v.png', 'one');
    const { id } = world.services.s3.buckets.find('images')!;
    const old = world.services.s3.versions.latest(id, 'v.png')!.versionId;
    await world.put('images', 'v.png', 'two');
    const definition = await world.manifest(`images,v.png,${old}\nimages,v.png,\n`);
    const manifest = { ...definition.manifest, fields: ['Bucket', 'Key', 'VersionId'] as const };
    const jobId = world.start({ ...definition, manifest });
    await world.end(jobId);
    expect(world.tags('v.png', old)).toEqual({ phototype: 'finished' });
    expect(world.tags('v.png')).toEqual({});
    expect(await world.reportRows(jobId)).toEqual([
      ['images', 'v.png', old, 'succeeded', '200', '', 'Successful'],
      [
        'images',
        'v.png',
        '',
        'failed',
        '400',
        'InvalidRequest',
        'Task failed due to missing VersionId',
      ],
    ]);
  });

  it('fails when more than half of a thousand tasks failed, and stops there', async () => {
    const keys = Array.from({ length: 1500 }, (_, index) => `missing-${index}`);
    const id = world.start(await world.manifest(rowsOf(keys)));
    const job = await world.end(id);
    expect(job).toMatchObject({ status: 'Failed', progress: { succeeded: 0, failed: 1000 } });
    expect(job.failureReasons).toHaveLength(1);
    expect(await world.reportRows(id)).toHaveLength(1000);
  });

  it('completes when fewer than a thousand tasks all failed', async () => {
    const keys = Array.from({ length: 999 }, (_, index) => `missing-${index}`);
    const job = await world.end(world.start(await world.manifest(rowsOf(keys))));
    expect(job).toMatchObject({
      status: 'Complete',
      progress: { failed: 999 },
      failureReasons: [],
    });
  });

  it('needs no report', async () => {
    const keys = await putImages();
    const id = world.start(await world.manifest(rowsOf(keys), { report: undefined }));
    expect((await world.end(id)).status).toBe('Complete');
    await expect(world.read(`job-${id}/manifest.json`)).rejects.toMatchObject({
      code: 'NoSuchKey',
    });
  });

  it('is cancelled before it runs, without a report', async () => {
    const keys = await putImages();
    const id = world.start(await world.manifest(rowsOf(keys), { confirmationRequired: true }));
    await world.reaches(id, 'Suspended');
    world.setStatus(id, 'Cancelling');
    expect((await world.end(id)).status).toBe('Cancelled');
    expect(world.tags('image1.png')).toEqual({});
    await expect(world.read(`job-${id}/manifest.json`)).rejects.toMatchObject({
      code: 'NoSuchKey',
    });
  });
});

describe('with a clock that stands still', () => {
  let clock: FakeClock;
  beforeEach(() => {
    clock = new FakeClock(new Date('2026-11-22T12:00:00Z'));
    world = new JobWorld({ clock, taskDelay: 1000 });
  });

  /** Lets the sleeping task of a job be done; then the next one sleeps, or the job ends. */
  async function tick(id: string): Promise<void> {
    const { succeeded } = world.job(id).progress;
    await expect.poll(() => clock.sleeping).toBeGreaterThan(0);
    clock.advance(1000);
    await expect.poll(() => world.job(id).progress.succeeded).toBe(succeeded + 1);
    const rests = (): boolean => clock.sleeping > 0 || world.job(id).status !== 'Active';
    await expect.poll(rests).toBe(true);
  }

  it('is cancelled in the middle and reports what it did', async () => {
    const keys = await putImages(5);
    const id = world.start(await world.manifest(rowsOf(keys)));
    await world.reaches(id, 'Active');
    await tick(id);
    await tick(id);
    world.setStatus(id, 'Cancelling');
    const job = await world.end(id);
    expect(job).toMatchObject({ status: 'Cancelled', progress: { succeeded: 2, total: 5 } });
    expect(job.progress.activeTime).toBeGreaterThanOrEqual(1000);
    expect(await world.reportRows(id)).toHaveLength(2);
    expect(world.tags('i1')).toEqual({ phototype: 'finished' });
    expect(world.tags('i2')).toEqual({});
  });

  it('goes on when the time is set 30 days back', async () => {
    const keys = await putImages(2);
    const id = world.start(await world.manifest(rowsOf(keys)));
    await world.reaches(id, 'Active');
    clock.set(new Date('2026-10-22T12:00:00Z'));
    await tick(id);
    await tick(id);
    const job = await world.end(id);
    expect(job).toMatchObject({ status: 'Complete', progress: { succeeded: 2 } });
    expect(job.progress.activeTime).toBeGreaterThanOrEqual(1000);
    expect(job.progress.activeTime).toBeLessThan(60_000);
  });

  it('gives its place to a job of higher priority and takes it back', async () => {
    const keys = await putImages(3);
    const definition = await world.manifest(rowsOf(keys));
    const low = world.start(definition, 1);
    await world.reaches(low, 'Active');
    await tick(low);
    const high = world.start(definition, 2);
    await world.reaches(high, 'Active');
    expect(world.job(low)).toMatchObject({ status: 'Paused', progress: { succeeded: 1 } });
    for (let count = 0; count < 3; count += 1) await tick(high);
    expect((await world.reaches(high, 'Complete')).progress.succeeded).toBe(3);
    await world.reaches(low, 'Active');
    await tick(low);
    await tick(low);
    expect((await world.end(low)).progress).toMatchObject({ succeeded: 3, failed: 0 });
    expect(await world.reportRows(low)).toHaveLength(3);
  });

  it('does not yield to a job of the same priority, but to one that is raised above it', async () => {
    const keys = await putImages(3);
    const definition = await world.manifest(rowsOf(keys));
    const first = world.start(definition, 5);
    await world.reaches(first, 'Active');
    const second = world.start(definition, 5);
    await world.reaches(second, 'Ready');
    await tick(first);
    expect(world.job(first).status).toBe('Active');
    world.services.jobs.table.update(second, { priority: 6 });
    world.services.jobs.wake();
    await world.reaches(second, 'Active');
    expect(world.job(first).status).toBe('Paused');
  });

  it('fails when nobody confirms it for 30 days, and is forgotten 90 days after its end', async () => {
    const keys = await putImages();
    const id = world.start(await world.manifest(rowsOf(keys), { confirmationRequired: true }));
    const { table } = world.services.jobs;
    await world.reaches(id, 'Suspended');
    clock.advance(30 * DAY - 1000);
    table.expire(clock.now());
    expect(world.job(id).status).toBe('Suspended');
    clock.advance(1000);
    table.expire(clock.now());
    expect(world.job(id)).toMatchObject({
      status: 'Failed',
      terminated: new Date('2026-12-22T12:00:00Z'),
    });
    clock.advance(90 * DAY - 1);
    table.expire(clock.now());
    expect(world.job(id).status).toBe('Failed');
    clock.advance(1);
    table.expire(clock.now());
    expect(table.find(id)).toBeUndefined();
  });
});
