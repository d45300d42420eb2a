import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  ListObjectsV2Command,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FunctionWorld } from './functionWorld.ts';
import { startProcess } from './sandboxProcess.ts';
import { s3Client } from './testSandbox.ts';

const Bucket = 'source';
let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sandbox-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

it('tells of every object that is there, however often the sandbox is killed', async () => {
  const start = () => startProcess('--data', directory);
  let sandbox = await start();
  const world = await FunctionWorld.open(sandbox.printed);
  try {
    const s3 = s3Client(sandbox.printed);
    await s3.send(new CreateBucketCommand({ Bucket }));
    const LambdaFunctionArn = await world.create(
      'slow',
      'exports.handler = async event => { record(event); await new Promise(r => setTimeout(r, 5)); };',
      { buckets: [Bucket] },
    );
    await s3.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket,
        NotificationConfiguration: {
          LambdaFunctionConfigurations: [{ LambdaFunctionArn, Events: ['s3:ObjectCreated:*'] }],
        },
      }),
    );
    for (let round = 0; round < 3; round++) {
      const client = s3Client(sandbox.printed);
      const uploads = Array.from({ length: 60 }, (_, index) =>
        client.send(new PutObjectCommand({ Bucket, Key: `${round}/${index}`, Body: 'x' })),
      );
      // In the middle of the uploads: some are answered, some not, few are delivered.
      const ended = Promise.allSettled(uploads);
      await Promise.all(uploads.slice(0, 10));
      await sandbox.stop('SIGKILL');
      await ended;
      client.destroy();
      sandbox = await start();
    }
    const { Contents = [] } = await s3Client(sandbox.printed).send(
      new ListObjectsV2Command({ Bucket }),
    );
    const keys = Contents.map(({ Key }) => Key!);
    expect(keys.length).toBeGreaterThanOrEqual(30);
    const told = async (): Promise<string[]> => {
      const records = await world.recorded('slow');
      return [...new Set(records.map(({ event }) => event.Records[0]!.s3.object.key))].toSorted();
    };
    // Each at least once, and none of an object that is not there.
    await expect.poll(told, { timeout: 90_000 }).toEqual(keys.toSorted());
  } finally {
    await sandbox.stop('SIGKILL');
    await world.close();
  }
}, 120_000);
