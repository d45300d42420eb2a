import {
  DescribeJobCommand,
  GetJobTaggingCommand,
  ListJobsCommand,
} from '@aws-sdk/client-s3-control';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FakeClock } from '../../../src/sandbox/clock.ts';
import { failure } from '../testSandbox.ts';
import { OperationWorld, SOURCE } from './operationWorld.ts';

const DAY = 86_400_000;
let world: OperationWorld;
const clock = new FakeClock();
beforeAll(async () => {
  world = await OperationWorld.start({ clock });
  await world.allow({ Effect: 'Allow', Action: 's3:*', Resource: '*' });
});
afterAll(() => world.close());

/** Lets time pass, for the clients too. */
function advance(ms: number): void {
  clock.advance(ms);
  for (const client of [world.control, world.test.s3]) {
    client.config.systemClockOffset = clock.now().getTime() - Date.now();
  }
}

it('is gone 90 days after its end, and its report stays', async () => {
  await world.put('k');
  const operation = { S3DeleteObjectTagging: {} };
  const JobId = await world.create(await world.request(operation, [`${SOURCE},k`]));
  const { job } = await world.finished(JobId);
  expect(job.Status).toBe('Complete');
  const { accountId: AccountId } = world;
  const ask = { AccountId, JobId };
  advance(90 * DAY - 1000);
  expect((await world.control.send(new DescribeJobCommand(ask))).Job?.Status).toBe('Complete');
  advance(1000);
  const forgotten = { name: 'NoSuchJob', status: 404 };
  expect(await failure(world.control.send(new DescribeJobCommand(ask)))).toMatchObject(forgotten);
  expect(await failure(world.control.send(new GetJobTaggingCommand(ask)))).toMatchObject(forgotten);
  expect((await world.control.send(new ListJobsCommand({ AccountId }))).Jobs).toEqual([]);
  expect(await world.reportRows(JobId)).toHaveLength(1);
});
