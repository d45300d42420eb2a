import {
  CloudTrailClient,
  DescribeTrailsCommand,
  LookupEventsCommand,
} from '@aws-sdk/client-cloudtrail';
import type { LookupEventsCommandInput } from '@aws-sdk/client-cloudtrail';
import { DeleteRoleCommand } from '@aws-sdk/client-iam';
import {
  AddPermissionCommand,
  DeleteFunctionCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  ListBucketsCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeClock } from '../../src/sandbox/clock.ts';
import { rolePrincipal } from '../../src/sandbox/principal.ts';
import { iamClient } from './controlClients.ts';
import { ARN, startLambdaWorld, type LambdaWorld } from './lambda/lambdaWorld.ts';
import { boto3Installed, python } from './pythonClients.ts';
import { failure } from './testSandbox.ts';

const DAY = 24 * 60 * 60 * 1000;
const SECRET = 'c2VjcmV0LW9mLXRoZS1lbnZpcm9ubWVudA';
const clock = new FakeClock(new Date(Math.floor(Date.now() / 1000) * 1000));

let world: LambdaWorld;
let trail: CloudTrailClient;

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

function trailClient({ accessKeyId, secretAccessKey, sessionToken }: Keys, systemClockOffset = 0) {
  const { endpoint, region } = world.sandbox;
  const credentials = { accessKeyId, secretAccessKey, sessionToken };
  const config = { endpoint, region, credentials, systemClockOffset, maxAttempts: 1 };
  return new CloudTrailClient(config);
}

/** Lookups come slowly enough for AWS's rate. */
function lookUp(input: LookupEventsCommandInput = {}, client = trail) {
  clock.advance(1000);
  return client.send(new LookupEventsCommand(input));
}

const by = (AttributeKey: 'EventName' | 'ResourceName' | 'ReadOnly', AttributeValue: string) => ({
  LookupAttributes: [{ AttributeKey, AttributeValue }],
});

interface TrailRecord {
  readonly errorCode?: string;
  readonly eventTime: string;
  readonly userIdentity: object;
  readonly requestParameters: unknown;
}

async function records(input: LookupEventsCommandInput): Promise<TrailRecord[]> {
  const { Events = [] } = await lookUp(input);
  return Events.map(each => JSON.parse(each.CloudTrailEvent!) as TrailRecord);
}

beforeAll(async () => {
  world = await startLambdaWorld({ clock });
  trail = trailClient(world.sandbox);
  await world.create('resize', 'exports.handler = async () => 1;', {
    Environment: { Variables: { TOKEN: SECRET } },
  });
  const FunctionName = 'resize';
  await world.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 20 }));
  clock.advance(5000);
  await world.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: world.zip }));
});
afterAll(async () => {
  expect(world.log).toEqual([]);
  trail.destroy();
  await world.close();
});

describe('the event history', () => {
  it('has what was done to a function, the newest first, and no secret', async () => {
    const { Events = [], NextToken } = await lookUp(by('ResourceName', 'resize'));
    expect(Events.map(({ EventName }) => EventName)).toEqual([
      'UpdateFunctionCode20150331v2',
      'UpdateFunctionConfiguration20150331v2',
      'CreateFunction20150331',
    ]);
    expect(NextToken).toBeUndefined();
    expect(Events[0]).toMatchObject({
      EventSource: 'lambda.amazonaws.com',
      Username: 'sandbox',
      ReadOnly: 'false',
      AccessKeyId: world.sandbox.accessKeyId,
      Resources: [{ ResourceType: 'AWS::Lambda::Function', ResourceName: 'resize' }],
    });
    const said = JSON.stringify(Events);
    expect(said).not.toContain(SECRET);
    expect(said).not.toContain(world.sandbox.secretAccessKey);
    expect(said).not.toContain(world.zip.toString('base64').slice(0, 40));
    const created = JSON.parse(Events[2]!.CloudTrailEvent!) as TrailRecord;
    expect(created.requestParameters).toMatchObject({ functionName: 'resize', memorySize: 256 });
    expect(new Date(created.eventTime)).toEqual(Events[2]!.EventTime);
  });

  it('has the configuration of notifications that was put', async () => {
    const { sandbox, s3 } = world;
    const Bucket = 'told';
    await s3.send(new CreateBucketCommand({ Bucket }));
    await world.send(
      new AddPermissionCommand({
        FunctionName: 'resize',
        StatementId: 's3',
        Action: 'lambda:InvokeFunction',
        Principal: 's3.amazonaws.com',
        SourceAccount: sandbox.accountId,
      }),
    );
    const entry = {
      LambdaFunctionArn: `${ARN}resize`,
      Events: ['s3:ObjectCreated:*', 's3:ObjectRemoved:*'] as const,
    };
    const NotificationConfiguration = {
      LambdaFunctionConfigurations: [{ ...entry, Events: [...entry.Events] }],
    };
    await s3.send(
      new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }),
    );
    const empty = { Bucket, NotificationConfiguration: {} };
    await s3.send(new PutBucketNotificationConfigurationCommand(empty));
    const [removed, put] = await records(by('EventName', 'PutBucketNotification'));
    expect(put!.requestParameters).toMatchObject({
      bucketName: Bucket,
      NotificationConfiguration: {
        CloudFunctionConfiguration: {
          CloudFunction: `${ARN}resize`,
          Event: ['s3:ObjectCreated:*', 's3:ObjectRemoved:*'],
        },
      },
    });
    expect(removed!.requestParameters).toEqual({
      bucketName: Bucket,
      NotificationConfiguration: '',
    });
  });

  it('has what was refused, with its error, and neither reads nor objects', async () => {
    const { s3 } = world;
    await failure(s3.send(new DeleteBucketCommand({ Bucket: 'missing-bucket' })));
    await failure(world.send(new DeleteFunctionCommand({ FunctionName: 'missing' })));
    await failure(iamClient(world.sandbox).send(new DeleteRoleCommand({ RoleName: 'missing' })));
    await s3.send(new ListBucketsCommand({}));
    await s3.send(new CreateBucketCommand({ Bucket: 'objects' }));
    await s3.send(new PutObjectCommand({ Bucket: 'objects', Key: 'a', Body: 'a' }));
    const refused = async (name: string) => (await records(by('EventName', name)))[0];
    expect(await refused('DeleteBucket')).toMatchObject({ errorCode: 'NoSuchBucket' });
    expect(await refused('DeleteRole')).toMatchObject({
      errorCode: 'NoSuchEntity',
      requestParameters: { roleName: 'missing' },
    });
    expect(await refused('DeleteFunction20150331')).toMatchObject({
      errorCode: 'ResourceNotFoundException',
    });
    const { Events = [] } = await lookUp(by('ResourceName', 'objects'));
    expect(Events.map(({ EventName }) => EventName)).toEqual(['CreateBucket']);
    expect((await lookUp(by('ReadOnly', 'true'))).Events).toEqual([]);
  });

  it('comes in pages, which lead on with the same parameters only', async () => {
    const all = (await lookUp()).Events!.map(({ EventId }) => EventId);
    const paged: (string | undefined)[] = [];
    let NextToken: string | undefined;
    do {
      const page = await lookUp({ MaxResults: 2, NextToken });
      expect(page.Events!.length).toBeLessThanOrEqual(2);
      paged.push(...page.Events!.map(({ EventId }) => EventId));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(paged).toEqual(all);
    const { NextToken: token } = await lookUp({ MaxResults: 1 });
    const other = { ...by('EventName', 'CreateBucket'), NextToken: token };
    expect(await failure(lookUp(other))).toMatchObject({ name: 'InvalidNextTokenException' });
    const invented = { NextToken: 'e30' };
    expect(await failure(lookUp(invented))).toMatchObject({ name: 'InvalidNextTokenException' });
  });

  it('is of a span, both ends of it', async () => {
    const [newest] = (await lookUp(by('ResourceName', 'resize'))).Events!;
    const EventTime = newest!.EventTime!;
    const at = { StartTime: EventTime, EndTime: EventTime };
    expect((await lookUp(at)).Events!.map(({ EventId }) => EventId)).toContain(newest!.EventId);
    const later = { StartTime: new Date(clock.now().getTime() + 5000) };
    expect((await lookUp(later)).Events).toEqual([]);
  });
});

describe('LookupEvents', () => {
  it('refuses what AWS refuses', async () => {
    const attribute = { AttributeKey: 'EventName', AttributeValue: 'x' } as const;
    const start = clock.now();
    const refused: [string, LookupEventsCommandInput][] = [
      ['InvalidLookupAttributesException', { LookupAttributes: [attribute, attribute] }],
      ['InvalidLookupAttributesException', by('Nothing' as 'EventName', 'x')],
      ['InvalidLookupAttributesException', by('EventName', 'x'.repeat(2001))],
      ['InvalidMaxResultsException', { MaxResults: 51 }],
      ['InvalidMaxResultsException', { MaxResults: 0 }],
      [
        'InvalidTimeRangeException',
        { StartTime: start, EndTime: new Date(start.getTime() - 1000) },
      ],
    ];
    for (const [name, input] of refused) {
      expect(await failure(lookUp(input)), name).toMatchObject({ name, status: 400 });
    }
  });

  it('answers twice a second', async () => {
    clock.advance(2000);
    const command = new LookupEventsCommand({ MaxResults: 1 });
    await trail.send(command);
    await trail.send(command);
    expect(await failure(trail.send(command))).toMatchObject({ name: 'ThrottlingException' });
    clock.advance(1000);
    await trail.send(command);
  });

  it('needs its permission', async () => {
    const { iam, credentials } = world.sandbox.services;
    const session = credentials.createSession(rolePrincipal(iam.find('function')!, 's'), 900);
    const client = trailClient(session);
    const denied = await failure(lookUp({}, client));
    expect(denied).toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(
        'not authorized to perform: cloudtrail:LookupEvents',
      ) as string,
    });
    client.destroy();
  });

  it('is all that there is: other operations are refused by name', async () => {
    const refused = await failure(trail.send(new DescribeTrailsCommand({})));
    expect(refused).toMatchObject({ status: 501 });
    expect(refused.message).toContain('DescribeTrails');
  });

  it.runIf(boto3Installed)('speaks to boto3', async () => {
    clock.advance(2000);
    const printed = await python(
      world.sandbox,
      `import boto3
pages = boto3.client('cloudtrail').get_paginator('lookup_events').paginate(
    LookupAttributes=[{'AttributeKey': 'EventName', 'AttributeValue': 'CreateFunction20150331'}])
print([e['Resources'][0]['ResourceName'] for p in pages for e in p['Events']])`,
    );
    expect(printed.trim()).toBe("['resize']");
  });
});

it('forgets after 90 days', async () => {
  const before = (await lookUp(by('EventName', 'CreateFunction20150331'))).Events!;
  expect(before).toHaveLength(1);
  clock.advance(91 * DAY);
  const later = trailClient(world.sandbox, 91 * DAY);
  const { Events } = await lookUp(by('EventName', 'CreateFunction20150331'), later);
  expect(Events).toEqual([]);
  later.destroy();
});
