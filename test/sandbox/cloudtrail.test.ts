import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import type { LookupEventsCommandInput } from '@aws-sdk/client-cloudtrail';
import { UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import {
  PutBucketNotificationConfigurationCommand,
  type NotificationConfiguration,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/sandbox/clock.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';
import { FunctionWorld } from './functionWorld.ts';
import { aws, cliInstalled } from './pythonClients.ts';

const FUNCTION = 'resize';

/** By how many milliseconds the sandbox's clock is ahead. */
let ahead = 0;
let standsAt: Date | undefined;
const clock = { ...systemClock, now: () => standsAt ?? new Date(Date.now() + ahead) };
let world: SandboxClients;
let trail: CloudTrailClient;
let bucket: string;

beforeAll(async () => {
  world = await startSandboxClients({ clock });
  const { endpoint, region, accessKeyId, secretAccessKey } = world.sandbox;
  const credentials = { accessKeyId, secretAccessKey };
  trail = new CloudTrailClient({ endpoint, region, credentials, maxAttempts: 1 });
  const functions = await FunctionWorld.open(world.sandbox);
  bucket = await world.bucket();
  const other = await world.bucket();
  const code = 'exports.handler = async () => null;';
  const arn = await functions.create(FUNCTION, code, { buckets: [bucket] });
  const otherArn = await functions.create('other', code, { buckets: [other] });
  await functions.lambda.send(
    new UpdateFunctionConfigurationCommand({
      FunctionName: FUNCTION,
      Environment: { Variables: { SECRET: 'hidden-value' } },
    }),
  );
  await putNotifications(bucket, arn);
  await putNotifications(other, otherArn);
  await putNotifications(bucket);
  await functions.close();
});
afterAll(async () => {
  trail.destroy();
  await world.close();
});

async function putNotifications(name: string, arn?: string): Promise<void> {
  const configuration: NotificationConfiguration = arn
    ? {
        LambdaFunctionConfigurations: [{ LambdaFunctionArn: arn, Events: ['s3:ObjectCreated:*'] }],
      }
    : {};
  await world.clients.s3().send(
    new PutBucketNotificationConfigurationCommand({
      Bucket: name,
      NotificationConfiguration: configuration,
    }),
  );
}

/** Asks in a second of its own: two requests a second are answered. */
async function lookUp(input: LookupEventsCommandInput = {}) {
  ahead += 1001;
  return await trail.send(new LookupEventsCommand(input));
}

describe('the event history', () => {
  it('tells who changed what, the newest first, and no secret', async () => {
    const { Events = [] } = await lookUp();
    const names = Events.map(({ EventName }) => EventName);
    expect(names.slice(0, 4)).toEqual([
      'PutBucketNotification',
      'PutBucketNotification',
      'PutBucketNotification',
      'UpdateFunctionConfiguration20150331v2',
    ]);
    const created = Events.find(({ EventName }) => EventName === 'CreateFunction20150331');
    expect(created).toMatchObject({ EventSource: 'lambda.amazonaws.com', Username: 'sandbox' });
    expect(JSON.parse(created!.CloudTrailEvent!)).toMatchObject({
      requestParameters: { functionName: 'other' },
      readOnly: false,
      recipientAccountId: world.sandbox.accountId,
    });
    expect(JSON.stringify(Events)).not.toMatch(/hidden-value|ZipFile/);
  });

  it('gives pages of one attribute', async () => {
    const LookupAttributes = [
      { AttributeKey: 'EventName' as const, AttributeValue: 'PutBucketNotification' },
    ];
    const first = await lookUp({ LookupAttributes, MaxResults: 2 });
    expect(first.Events).toHaveLength(2);
    const { NextToken } = first;
    const second = await lookUp({ LookupAttributes, MaxResults: 2, NextToken });
    expect(second.Events).toHaveLength(1);
    expect(second.NextToken).toBeUndefined();
    await expect(lookUp({ MaxResults: 2, NextToken })).rejects.toMatchObject({
      name: 'InvalidNextTokenException',
    });
  });

  it.each<[string, LookupEventsCommandInput, string]>([
    ['too many results', { MaxResults: 51 }, 'InvalidMaxResultsException'],
    [
      'an end before the start',
      { StartTime: new Date(2000), EndTime: new Date(1000) },
      'InvalidTimeRangeException',
    ],
    [
      'two attributes',
      {
        LookupAttributes: [
          { AttributeKey: 'EventName', AttributeValue: 'a' },
          { AttributeKey: 'EventSource', AttributeValue: 'b' },
        ],
      },
      'InvalidLookupAttributesException',
    ],
  ])('refuses %s', async (_, input, name) => {
    await expect(lookUp(input)).rejects.toMatchObject({ name });
  });

  it('answers two requests a second', async () => {
    // All in the same second, however long this machine takes.
    ahead += 1001;
    standsAt = clock.now();
    const asked = [1, 2, 3].map(() => trail.send(new LookupEventsCommand({})));
    const ends = await Promise.allSettled(asked);
    standsAt = undefined;
    const refused = ends.flatMap(end => (end.status === 'rejected' ? [end.reason as Error] : []));
    expect(refused.map(({ name }) => name)).toEqual(['ThrottlingException']);
  });

  it.skipIf(!cliInstalled)('is read by the aws CLI (skipped without one)', async () => {
    ahead += 1001;
    const answer = await aws(world.sandbox, 'cloudtrail', 'lookup-events', '--max-items', '1');
    expect(answer).toMatchObject({ Events: [{ EventName: 'PutBucketNotification' }] });
  });
});
