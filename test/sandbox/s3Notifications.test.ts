import {
  CreateBucketCommand,
  DeleteBucketCommand,
  GetBucketNotificationConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
} from '@aws-sdk/client-s3';
import type {
  Event,
  LambdaFunctionConfiguration,
  NotificationConfiguration,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorCode, sendSigned } from './signedRequest.ts';
import type { TestSandbox } from './testSandbox.ts';
import { failure, startTestSandbox } from './testSandbox.ts';

const ACCOUNT_ARN = 'us-east-1:123456789012';
const QUEUE = `arn:aws:sqs:${ACCOUNT_ARN}:incoming`;
const TOPIC = `arn:aws:sns:${ACCOUNT_ARN}:news`;
const FUNCTION = `arn:aws:lambda:${ACCOUNT_ARN}:function:resize`;

let test: TestSandbox;
let buckets = 0;
beforeAll(async () => {
  test = await startTestSandbox();
});
afterAll(() => test.close());

async function newBucket(): Promise<string> {
  buckets += 1;
  const Bucket = `bucket-${buckets}`;
  await test.s3.send(new CreateBucketCommand({ Bucket }));
  return Bucket;
}

/** Puts a configuration whose destinations are not looked at, unless told otherwise. */
async function put(
  Bucket: string,
  configuration: NotificationConfiguration,
  skip = true,
): Promise<void> {
  await test.s3.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket,
      NotificationConfiguration: configuration,
      SkipDestinationValidation: skip,
    }),
  );
}

async function get(Bucket: string): Promise<NotificationConfiguration> {
  const answer = await test.s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
  const { $metadata, ...configuration } = answer;
  expect($metadata.httpStatusCode).toBe(200);
  return configuration;
}

function rule(
  event: string,
  filter: Record<string, string> = {},
  Id?: string,
): LambdaFunctionConfiguration {
  const FilterRules = Object.entries(filter).map(([name, Value]) => ({
    Name: name as 'prefix',
    Value,
  }));
  return {
    Id,
    LambdaFunctionArn: FUNCTION,
    Events: [event as Event],
    Filter: FilterRules.length > 0 ? { Key: { FilterRules } } : undefined,
  };
}

describe('the notifications of a bucket', () => {
  it('are none at first, kept whole with every destination, replaced and removed', async () => {
    const Bucket = await newBucket();
    expect(await get(Bucket)).toEqual({});
    const Filter = {
      Key: {
        FilterRules: [
          { Name: 'prefix' as const, Value: 'a&b/' },
          { Name: 'suffix' as const, Value: '.jpg' },
        ],
      },
    };
    const all: NotificationConfiguration = {
      LambdaFunctionConfigurations: [
        { Id: 'one', LambdaFunctionArn: FUNCTION, Events: ['s3:ObjectCreated:*'], Filter },
      ],
      QueueConfigurations: [
        {
          Id: 'two',
          QueueArn: QUEUE,
          Events: ['s3:ObjectRemoved:Delete', 's3:ObjectTagging:Put'],
        },
      ],
      TopicConfigurations: [{ Id: 'three', TopicArn: TOPIC, Events: ['s3:ObjectRestore:*'] }],
      EventBridgeConfiguration: {},
    };
    await put(Bucket, all);
    const kept = await get(Bucket);
    expect(kept).toEqual({
      ...all,
      LambdaFunctionConfigurations: [
        {
          ...all.LambdaFunctionConfigurations![0],
          Filter: {
            Key: {
              FilterRules: [
                { Name: 'Prefix', Value: 'a&b/' },
                { Name: 'Suffix', Value: '.jpg' },
              ],
            },
          },
        },
      ],
    });
    // What was read can be put again.
    await put(Bucket, kept);
    expect(await get(Bucket)).toEqual(kept);
    await put(Bucket, { EventBridgeConfiguration: {} });
    expect(await get(Bucket)).toEqual({ EventBridgeConfiguration: {} });
    await put(Bucket, {});
    expect(await get(Bucket)).toEqual({});
  });

  it('get ids where they came without', async () => {
    const Bucket = await newBucket();
    await put(Bucket, {
      LambdaFunctionConfigurations: [
        rule('s3:ObjectCreated:*', { suffix: '.png' }),
        rule('s3:ObjectCreated:*', { suffix: '.jpg' }),
      ],
    });
    const { LambdaFunctionConfigurations: rules } = await get(Bucket);
    expect(new Set(rules!.map(({ Id }) => Id)).size).toBe(2);
    expect(rules![0]!.Id).toMatch(/^[A-Za-z0-9+/]{48}$/);
  });

  it('go with their bucket', async () => {
    const Bucket = await newBucket();
    await put(Bucket, { LambdaFunctionConfigurations: [rule('s3:ObjectCreated:*')] });
    await test.s3.send(new DeleteBucketCommand({ Bucket }));
    await test.s3.send(new CreateBucketCommand({ Bucket }));
    expect(await get(Bucket)).toEqual({});
    const gone = await failure(get('no-such-bucket'));
    expect(gone).toMatchObject({ name: 'NoSuchBucket', status: 404 });
  });

  it.each([
    ['all events twice', [rule('s3:ObjectCreated:*'), rule('s3:ObjectCreated:*')], 'share'],
    ['an event and its group', [rule('s3:ObjectCreated:*'), rule('s3:ObjectCreated:Put')], 'share'],
    [
      'a suffix that ends in the other',
      [
        rule('s3:ObjectCreated:*', { suffix: 'jpg' }),
        rule('s3:ObjectCreated:Put', { suffix: 'pg' }),
      ],
      'ambiguous',
    ],
    [
      'a prefix that begins with the other',
      [
        rule('s3:ObjectCreated:*', { prefix: 'in/' }),
        rule('s3:ObjectCreated:*', { prefix: 'in/a' }),
      ],
      'ambiguous',
    ],
    [
      'a filter and none',
      [rule('s3:ObjectCreated:*'), rule('s3:ObjectCreated:*', { suffix: '.a' })],
      'ambiguous',
    ],
    [
      'a prefix and a suffix',
      [rule('s3:ObjectCreated:*', { prefix: 'in/' }), rule('s3:ObjectCreated:*', { suffix: '.a' })],
      'ambiguous',
    ],
  ])('may not overlap: %s', async (_what, LambdaFunctionConfigurations, words) => {
    const Bucket = await newBucket();
    const refused = await failure(put(Bucket, { LambdaFunctionConfigurations }));
    expect(refused).toMatchObject({
      name: 'InvalidArgument',
      status: 400,
      message:
        words === 'share'
          ? 'Configurations overlap. Configurations on the same bucket cannot share a common event type.'
          : 'Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the prefixes are overlapping for the same event type.',
    });
    expect(await get(Bucket)).toEqual({});
  });

  it('overlap across destinations too', async () => {
    const Bucket = await newBucket();
    const refused = put(Bucket, {
      LambdaFunctionConfigurations: [rule('s3:ObjectCreated:*')],
      QueueConfigurations: [{ QueueArn: QUEUE, Events: ['s3:ObjectCreated:Copy'] }],
    });
    expect((await failure(refused)).message).toMatch(/^Configurations overlap/);
  });

  it.each([
    ['other suffixes', { suffix: '.jpg' }, { suffix: '.png' }],
    ['other case', { suffix: '.jpg' }, { suffix: '.JPG' }],
    ['other prefixes', { prefix: 'a/' }, { prefix: 'b/' }],
    [
      'the same suffix under other prefixes',
      { prefix: 'a/', suffix: 'x' },
      { prefix: 'b/', suffix: 'x' },
    ],
  ])('may have %s', async (_what, one, other) => {
    const Bucket = await newBucket();
    await put(Bucket, {
      LambdaFunctionConfigurations: [
        rule('s3:ObjectCreated:*', one),
        rule('s3:ObjectCreated:*', other),
      ],
    });
    expect((await get(Bucket)).LambdaFunctionConfigurations).toHaveLength(2);
  });

  it.each([
    [
      'an unknown event',
      { LambdaFunctionConfigurations: [rule('s3:ObjectCreated:Append')] },
      /^The event is not supported/,
    ],
    [
      'two prefixes',
      {
        LambdaFunctionConfigurations: [rule('s3:ObjectCreated:*', { prefix: 'a', Prefix: 'b' })],
      },
      /^Cannot specify more than one prefix rule/,
    ],
    [
      'another filter',
      { LambdaFunctionConfigurations: [rule('s3:ObjectCreated:*', { infix: 'a' })] },
      /^filter rule name must be either/,
    ],
    [
      'a long filter',
      { LambdaFunctionConfigurations: [rule('s3:ObjectCreated:*', { prefix: 'é'.repeat(513) })] },
      /cannot exceed 1024 bytes/,
    ],
    [
      'one id twice',
      {
        LambdaFunctionConfigurations: [
          rule('s3:ObjectCreated:*', {}, 'x'),
          rule('s3:ObjectRemoved:*', {}, 'x'),
        ],
      },
      /^Same ID used for multiple configurations/,
    ],
    [
      'another Region',
      {
        QueueConfigurations: [
          {
            QueueArn: QUEUE.replace('us-east-1', 'eu-west-1'),
            Events: ['s3:ObjectCreated:*' as const],
          },
        ],
      },
      /region is not valid for the bucket location/,
    ],
    [
      'a FIFO queue',
      {
        QueueConfigurations: [
          { QueueArn: `${QUEUE}.fifo`, Events: ['s3:ObjectCreated:*' as const] },
        ],
      },
      /^FIFO SQS queues are not supported/,
    ],
    [
      'what is no ARN',
      { TopicConfigurations: [{ TopicArn: 'news', Events: ['s3:ObjectCreated:*' as const] }] },
      /^The ARN could not be parsed/,
    ],
    [
      '$LATEST',
      {
        LambdaFunctionConfigurations: [
          { LambdaFunctionArn: `${FUNCTION}:$LATEST`, Events: ['s3:ObjectCreated:*' as const] },
        ],
      },
      /^The ARN could not be parsed/,
    ],
  ])('are refused for %s', async (_what, configuration, message) => {
    const refused = await failure(put(await newBucket(), configuration));
    expect(refused).toMatchObject({ name: 'InvalidArgument', status: 400 });
    expect(refused.message).toMatch(message);
  });

  it('are refused for destinations that are not there, each with its reason', async () => {
    const Bucket = await newBucket();
    const refused = await failure(
      put(
        Bucket,
        {
          QueueConfigurations: [{ QueueArn: QUEUE, Events: ['s3:ObjectRemoved:*'] }],
          TopicConfigurations: [{ TopicArn: TOPIC, Events: ['s3:ObjectTagging:*'] }],
          LambdaFunctionConfigurations: [rule('s3:ObjectCreated:*')],
        },
        false,
      ),
    );
    expect(refused).toMatchObject({
      name: 'InvalidArgument',
      status: 400,
      message: 'Unable to validate the following destination configurations',
    });
    const values = Object.entries(refused.error).filter(([name]) => name.startsWith('Argument'));
    expect(Object.fromEntries(values)).toEqual({
      ArgumentName1: `${TOPIC}, null`,
      ArgumentValue1: 'The destination topic does not exist',
      ArgumentName2: `${QUEUE}, null`,
      ArgumentValue2: 'The destination queue does not exist',
      ArgumentName3: `${FUNCTION}, null`,
      ArgumentValue3: 'The destination Lambda does not exist',
    });
    expect(await get(Bucket)).toEqual({});
  });

  it.each([
    ['no event', `<QueueConfiguration><Queue>${QUEUE}</Queue></QueueConfiguration>`],
    ['an unknown element', '<LambdaConfiguration/>'],
    [
      'a rule without a value',
      `<QueueConfiguration><Queue>${QUEUE}</Queue><Event>s3:ObjectCreated:*</Event><Filter><S3Key><FilterRule><Name>prefix</Name></FilterRule></S3Key></Filter></QueueConfiguration>`,
    ],
  ])('are malformed with %s', async (_what, inside) => {
    const answer = await sendSigned(test.sandbox, {
      method: 'PUT',
      path: `/${await newBucket()}?notification=`,
      body: `<NotificationConfiguration>${inside}</NotificationConfiguration>`,
    });
    expect([answer.status, errorCode(answer)]).toEqual([400, 'MalformedXML']);
  });
});
