import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { deleteObject } from '../../../src/sandbox/s3/objects/deleteObject.ts';
import { JobWorld, STATEMENTS, USER } from './jobWorld.ts';

const LIST = {
  Effect: 'Allow',
  Action: ['s3:PutInventoryConfiguration', 's3:ListBucket'],
  Resource: 'arn:aws:s3:::images',
};
const OBJECTS = 6000;
const keyOf = (index: number): string => `k${String(index).padStart(5, '0')}`;

let world: JobWorld;
beforeEach(async () => {
  world = new JobWorld();
  world.putRole([...STATEMENTS, LIST]);
  for (let index = 0; index < OBJECTS; index += 1) await world.put('images', keyOf(index), '');
});
afterEach(() => world.close());

it('makes a manifest of a bucket that changes meanwhile: what stays is in it once', async () => {
  const { services } = world;
  const bucket = 'images';
  services.s3.buckets.setVersioning(services.s3.buckets.find(bucket)!, 'Enabled');
  const id = world.start({
    ...(await world.manifest('')),
    manifest: undefined,
    generator: {
      expectedBucketOwner: undefined,
      sourceBucketArn: `arn:aws:s3:::${bucket}`,
      output: undefined,
      enableOutput: false,
      filter: undefined,
    },
    confirmationRequired: true,
  });
  // Every tenth key goes, every seventh one gets a new version, and new keys come before and behind.
  const gone = (index: number): boolean => index % 10 === 0;
  await world.reaches(id, 'Preparing');
  for (let index = OBJECTS - 1; index >= 0; index -= 1) {
    const key = keyOf(index);
    if (gone(index)) deleteObject(services, USER, { bucket, key });
    else if (index % 7 === 0) await world.put(bucket, key, 'again');
    else if (index % 11 === 0) await world.put(bucket, `${key}-new`, '');
    if (index % 500 === 0) await nextTurn();
  }
  const prepared = await world.reaches(id, 'Suspended');
  expect(prepared.progress.total).toBeGreaterThan(OBJECTS * 0.9);
  world.setStatus(id, 'Ready');
  const job = await world.end(id);
  const rows = await world.reportRows(id);
  expect(rows).toHaveLength(job.progress.total!);
  const keys = rows.map(row => row[1]!);
  expect(new Set(keys).size).toBe(keys.length);
  const reported = new Set(keys);
  for (let index = 0; index < OBJECTS; index += 1) {
    if (!gone(index)) expect(reported.has(keyOf(index))).toBe(true);
  }
  // Some keys went before they were listed, and some after it.
  const listed = [...reported].filter(key => !key.includes('new') && gone(Number(key.slice(1))));
  expect(listed.length).toBeGreaterThan(0);
  expect(listed.length).toBeLessThan(OBJECTS / 10);
  // What was listed has the version that it had then, which is there although newer ones may be.
  expect(rows.filter(row => row[3] === 'failed')).toEqual([]);
});
