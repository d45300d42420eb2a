import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DeleteLogStreamCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  ListTagsForResourceCommand,
  PutLogEventsCommand,
  PutRetentionPolicyCommand,
  StartQueryCommand,
  TagResourceCommand,
  UntagResourceCommand,
  paginateFilterLogEvents,
} from '@aws-sdk/client-cloudwatch-logs';
import type { FilterLogEventsCommandInput } from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeClock } from '../../src/sandbox/clock.ts';
import { observationClients } from './observedSandbox.ts';
import type { TestSandbox } from './testSandbox.ts';
import { failure, startTestSandbox } from './testSandbox.ts';

const DAY = 24 * 60 * 60 * 1000;
const clock = new FakeClock(new Date(Math.floor(Date.now() / 1000) * 1000));
const NOW = clock.now().getTime();

let test: TestSandbox;
let logs: ReturnType<typeof observationClients>['logs'];
beforeAll(async () => {
  test = await startTestSandbox({ clock });
  ({ logs } = observationClients(test.sandbox));
});
afterAll(async () => {
  expect(test.log).toEqual([]);
  await test.close();
});

const group = '/aws/lambda/resize';
let groups = 0;

/** A group and a stream of its own, with these messages a second apart, the last one now. */
async function written(...messages: readonly string[]) {
  groups += 1;
  const logGroupName = `${group}-${groups}`;
  const logStreamName = '2026/06/01/[$LATEST]0123';
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  const timestamp = (index: number): number => NOW - (messages.length - 1 - index) * 1000;
  const logEvents = messages.map((message, index) => ({ timestamp: timestamp(index), message }));
  if (logEvents.length > 0) {
    await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
  }
  return { logGroupName, logStreamName };
}

const found = async (input: FilterLogEventsCommandInput): Promise<(string | undefined)[]> => {
  const { events = [] } = await logs.send(new FilterLogEventsCommand(input));
  return events.map(({ message }) => message);
};

describe('log groups and streams', () => {
  it('have tags', async () => {
    const logGroupName = '/aws/lambda/tagged';
    await logs.send(new CreateLogGroupCommand({ logGroupName, tags: { team: 'pictures' } }));
    const resourceArn = `arn:aws:logs:us-east-1:123456789012:log-group:${logGroupName}`;
    const tags = async () =>
      (await logs.send(new ListTagsForResourceCommand({ resourceArn }))).tags;
    await logs.send(new TagResourceCommand({ resourceArn, tags: { stage: 'ä=1', team: '' } }));
    expect(await tags()).toEqual({ stage: 'ä=1', team: '' });
    await logs.send(new UntagResourceCommand({ resourceArn, tagKeys: ['team', 'none'] }));
    expect(await tags()).toEqual({ stage: 'ä=1' });
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`k${at}`, '']));
    const refused = (given: Record<string, string>, arn = resourceArn) =>
      failure(logs.send(new TagResourceCommand({ resourceArn: arn, tags: given })));
    expect(await refused(many)).toMatchObject({ name: 'TooManyTagsException' });
    expect(await refused({ 'aws:a': 'b' })).toMatchObject({ name: 'InvalidParameterException' });
    expect(await refused({ a: '?' })).toMatchObject({ name: 'InvalidParameterException' });
    expect(await refused({})).toMatchObject({ name: 'InvalidParameterException' });
    expect(await refused({ a: 'b' }, `${resourceArn}2`)).toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await logs.send(new DeleteLogGroupCommand({ logGroupName }));
  });

  it('take no empty batch and no empty message, in the words of AWS', async () => {
    const logGroupName = '/aws/lambda/empty';
    await logs.send(new CreateLogGroupCommand({ logGroupName }));
    await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName: 's' }));
    const put = (...messages: string[]) =>
      failure(
        logs.send(
          new PutLogEventsCommand({
            ...{ logGroupName, logStreamName: 's' },
            logEvents: messages.map(message => ({ timestamp: NOW, message })),
          }),
        ),
      );
    const tooShort =
      'failed to satisfy constraint: Member must have length greater than or equal to 1';
    expect((await put()).message).toBe(
      `1 validation error detected: Value '[]' at 'logEvents' ${tooShort}`,
    );
    expect((await put('a', '')).message).toBe(
      `1 validation error detected: Value '' at 'logEvents.2.member.message' ${tooShort}`,
    );
    await logs.send(new DeleteLogGroupCommand({ logGroupName }));
  });

  it('are made, described page by page and deleted', async () => {
    const names = ['a/1', 'a/2', 'b/1'].map(name => `/describe/${name}`);
    for (const logGroupName of names) await logs.send(new CreateLogGroupCommand({ logGroupName }));
    const prefix = { logGroupNamePrefix: '/describe/', limit: 2 };
    const first = await logs.send(new DescribeLogGroupsCommand(prefix));
    expect(first.logGroups).toMatchObject([
      {
        logGroupName: names[0],
        creationTime: NOW,
        storedBytes: 0,
        metricFilterCount: 0,
        logGroupClass: 'STANDARD',
        deletionProtectionEnabled: false,
        arn: `arn:aws:logs:us-east-1:${test.sandbox.accountId}:log-group:/describe/a/1:*`,
        logGroupArn: `arn:aws:logs:us-east-1:${test.sandbox.accountId}:log-group:/describe/a/1`,
      },
      { logGroupName: names[1] },
    ]);
    const { nextToken } = first;
    const second = await logs.send(new DescribeLogGroupsCommand({ ...prefix, nextToken }));
    expect(second).toMatchObject({ logGroups: [{ logGroupName: names[2] }] });
    expect(second.nextToken).toBeUndefined();
    const byPattern = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePattern: 'e/b' }));
    // Recorded from AWS: LocalStack's test_describe_log_groups_with_pattern. The guide names fewer.
    expect(byPattern.logGroups?.map(each => Object.keys(each).sort())).toEqual([
      [
        ...['arn', 'creationTime', 'logGroupArn', 'logGroupClass', 'logGroupName'],
        'metricFilterCount',
      ],
    ]);
    for (const logGroupName of names) await logs.send(new DeleteLogGroupCommand({ logGroupName }));
    expect((await logs.send(new DescribeLogGroupsCommand(prefix))).logGroups).toEqual([]);
  });

  // Recorded from AWS: LocalStack's test_describe_log_streams_with_log_group_identifier.
  it('are named in one way', async () => {
    const { logGroupName } = await written('one');
    const named = { logGroupName, logGroupIdentifier: logGroupName };
    expect(await failure(logs.send(new DescribeLogStreamsCommand(named)))).toMatchObject({
      name: 'ValidationException',
      message: 'LogGroup name and LogGroup ARN are mutually exclusive parameters.',
    });
  });

  it('show streams by their names or by their last events', async () => {
    const { logGroupName } = await written('one');
    const put = async (logStreamName: string, age: number): Promise<void> => {
      await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
      const logEvents = [{ timestamp: NOW - age, message: 'm' }];
      await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
    };
    await put('b', 3000);
    await put('c', 2000);
    await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName: 'empty' }));
    const names = async (input: object): Promise<(string | undefined)[]> => {
      const all: (string | undefined)[] = [];
      let nextToken: string | undefined;
      do {
        const page = await logs.send(
          new DescribeLogStreamsCommand({ logGroupName, limit: 1, nextToken, ...input }),
        );
        all.push(...(page.logStreams ?? []).map(stream => stream.logStreamName));
        ({ nextToken } = page);
      } while (nextToken !== undefined);
      return all;
    };
    const lambda = '2026/06/01/[$LATEST]0123';
    expect(await names({})).toEqual([lambda, 'b', 'c', 'empty']);
    expect(await names({ descending: true })).toEqual(['empty', 'c', 'b', lambda]);
    const newest = { orderBy: 'LastEventTime', descending: true };
    expect(await names(newest)).toEqual([lambda, 'c', 'b', 'empty']);
    expect(await names({ logStreamNamePrefix: '2026/' })).toEqual([lambda]);
    const both = new DescribeLogStreamsCommand({
      logGroupName,
      orderBy: 'LastEventTime',
      logStreamNamePrefix: 'b',
    });
    expect(await failure(logs.send(both))).toMatchObject({ name: 'InvalidParameterException' });
    await logs.send(new DeleteLogStreamCommand({ logGroupName, logStreamName: 'b' }));
    expect(await found({ logGroupName })).toEqual(['m', 'one']);
  });

  it('are refused with wrong names, twice, or when they are not there', async () => {
    const { logGroupName, logStreamName } = await written();
    const errors = [
      new CreateLogGroupCommand({ logGroupName: 'with space' }),
      new CreateLogGroupCommand({ logGroupName }),
      new CreateLogStreamCommand({ logGroupName, logStreamName }),
    ].map(async command => (await failure(logs.send(command as CreateLogGroupCommand))).name);
    expect(await Promise.all(errors)).toEqual([
      'InvalidParameterException',
      'ResourceAlreadyExistsException',
      'ResourceAlreadyExistsException',
    ]);
    expect(
      await failure(logs.send(new GetLogEventsCommand({ logGroupName: 'none', logStreamName }))),
    ).toMatchObject({
      name: 'ResourceNotFoundException',
      status: 400,
      message: 'The specified log group does not exist.',
    });
    expect(
      await failure(logs.send(new GetLogEventsCommand({ logGroupName, logStreamName: 'none' }))),
    ).toMatchObject({ message: 'The specified log stream does not exist.' });
  });

  it('answer 501 to what they do not have, with its name', async () => {
    const query = { queryString: 'fields @message', startTime: 0, endTime: 1 };
    expect(await failure(logs.send(new StartQueryCommand(query)))).toMatchObject({
      name: 'NotImplemented',
      status: 501,
      message: 'The sandbox does not implement StartQuery.',
    });
    const locked = new CreateLogGroupCommand({ logGroupName: 'locked', kmsKeyId: 'k' });
    expect((await failure(logs.send(locked))).message).toContain('CreateLogGroup with kmsKeyId');
  });
});

describe('log events', () => {
  it('are read from the head or from the tail, by tokens that end unchanged', async () => {
    const stream = await written('1', '2', '3', '4', '5');
    const read = async (input: object) => {
      const { events = [], ...tokens } = await logs.send(
        new GetLogEventsCommand({ ...stream, limit: 2, ...input }),
      );
      return { messages: events.map(({ message }) => message), ...tokens };
    };
    const head = await read({ startFromHead: true });
    expect(head.messages).toEqual(['1', '2']);
    const next = await read({ startFromHead: true, nextToken: head.nextForwardToken });
    expect(next.messages).toEqual(['3', '4']);
    expect((await read({ nextToken: next.nextBackwardToken })).messages).toEqual(['1', '2']);
    const tail = await read({});
    expect(tail.messages).toEqual(['4', '5']);
    const end = await read({ startFromHead: true, nextToken: tail.nextForwardToken });
    expect(end.messages).toEqual([]);
    expect(end.nextForwardToken).toBe(tail.nextForwardToken);
    const within = { startTime: NOW - 2000, endTime: NOW, limit: 10 };
    expect((await read(within)).messages).toEqual(['3', '4']);
  });

  it('come after the forward token of an empty stream', async () => {
    const stream = await written();
    const { nextForwardToken } = await logs.send(new GetLogEventsCommand(stream));
    const logEvents = [{ timestamp: NOW, message: 'late' }];
    await logs.send(new PutLogEventsCommand({ ...stream, logEvents }));
    const page = await logs.send(
      new GetLogEventsCommand({ ...stream, nextToken: nextForwardToken, startFromHead: true }),
    );
    expect(page.events).toMatchObject([{ message: 'late', timestamp: NOW, ingestionTime: NOW }]);
  });

  it('are found by terms, phrases and fields', async () => {
    const json = JSON.stringify({
      level: 'error',
      bucket: 'images',
      bytes: 5,
      tags: [{ a: null }],
    });
    const { logGroupName } = await written('START one', 'ERROR a-b failed', 'WARN slow', json);
    const by = (filterPattern: string) => found({ logGroupName, filterPattern });
    expect(await by('ERROR')).toEqual(['ERROR a-b failed']);
    expect(await by('"a-b failed"')).toEqual(['ERROR a-b failed']);
    expect(await by('?ERROR ?WARN')).toEqual(['ERROR a-b failed', 'WARN slow']);
    expect(await by('-ERROR -level')).toEqual(['START one', 'WARN slow']);
    expect(await by('{ $.level = "error" }')).toEqual([json]);
    expect(await by('{ ($.bytes > 4 && $.bucket = im*) || $.none = 1 }')).toEqual([json]);
    expect(await by('{ $.tags[0].a IS NULL && $.none NOT EXISTS }')).toEqual([json]);
    expect(await by('{ $.bytes = 6 }')).toEqual([]);
    expect(await by('')).toHaveLength(4);
    expect(await failure(by('RequestId:'))).toMatchObject({
      name: 'InvalidParameterException',
      message: "Invalid character(s) in term ':'",
    });
  });

  it('are found in chosen streams and times', async () => {
    const { logGroupName, logStreamName } = await written('a', 'b', 'c');
    await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName: 'other' }));
    const logEvents = [{ timestamp: NOW - 1500, message: 'between' }];
    const other = { logGroupName, logStreamName: 'other', logEvents };
    await logs.send(new PutLogEventsCommand(other));
    expect(await found({ logGroupName })).toEqual(['a', 'between', 'b', 'c']);
    expect(await found({ logGroupName, logStreamNames: ['other'] })).toEqual(['between']);
    expect(await found({ logGroupName, logStreamNamePrefix: logStreamName })).toHaveLength(3);
    const times = { startTime: NOW - 1500, endTime: NOW - 1000 };
    expect(await found({ logGroupName, ...times })).toEqual(['between', 'b']);
    const { events } = await logs.send(new FilterLogEventsCommand({ logGroupName, limit: 1 }));
    expect(events).toEqual([
      {
        logStreamName,
        timestamp: NOW - 2000,
        message: 'a',
        ingestionTime: NOW,
        eventId: expect.stringMatching(/^\d{56}$/) as string,
      },
    ]);
  });

  it('are found behind pages on which there is nothing', async () => {
    const { logGroupName, logStreamName: stream } = await written();
    const noise = { timestamp: new Date(NOW - 1000), message: 'noise' };
    const events = [...Array<typeof noise>(25_000).fill(noise)];
    events.push({ timestamp: new Date(NOW), message: 'needle' });
    test.sandbox.services.logs.append({ group: logGroupName, stream, events });
    const pages: number[] = [];
    const input = { logGroupName, filterPattern: 'needle' };
    for await (const page of paginateFilterLogEvents({ client: logs }, input)) {
      pages.push(page.events?.length ?? -1);
    }
    expect(pages).toEqual([0, 0, 1]);
  });

  it('have tokens for their own request only', async () => {
    const { logGroupName } = await written('a', 'b');
    const { nextToken } = await logs.send(new FilterLogEventsCommand({ logGroupName, limit: 1 }));
    expect(await found({ logGroupName, nextToken })).toEqual(['b']);
    const other = found({ logGroupName, nextToken, filterPattern: 'b' });
    expect(await failure(other)).toMatchObject({ message: 'The specified nextToken is invalid.' });
  });

  it('are refused when they are out of order, and left out when too old or too new', async () => {
    const stream = await written();
    const put = (...times: readonly number[]) =>
      logs.send(
        new PutLogEventsCommand({
          ...stream,
          logEvents: times.map(time => ({ timestamp: NOW + time, message: 'm' })),
        }),
      );
    expect((await failure(put(0, -1))).message).toContain('chronological order');
    expect((await failure(put(-DAY - 1, 0))).message).toContain('24 hours');
    const { rejectedLogEventsInfo } = await put(-15 * DAY, -1, 0, 3 * 60 * 60 * 1000);
    expect(rejectedLogEventsInfo).toEqual({
      tooOldLogEventEndIndex: 1,
      tooNewLogEventStartIndex: 3,
    });
    expect(await found({ logGroupName: stream.logGroupName })).toHaveLength(2);
    const large = { timestamp: NOW, message: 'x'.repeat(1024 * 1024) };
    const tooLarge = new PutLogEventsCommand({ ...stream, logEvents: [large] });
    expect((await failure(logs.send(tooLarge))).message).toContain('too large');
  });

  it('end with the retention of their group', async () => {
    const { logGroupName, logStreamName } = await written();
    const old = [{ timestamp: NOW - 2 * DAY, message: 'old' }];
    await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents: old }));
    expect(await found({ logGroupName })).toEqual(['old']);
    await logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 1 }));
    expect(await found({ logGroupName })).toEqual([]);
    const wrong = new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 2 });
    expect(await failure(logs.send(wrong))).toMatchObject({ name: 'InvalidParameterException' });
    const logEvents = [...old, { timestamp: NOW - 2 * DAY + 1, message: 'older' }];
    const { rejectedLogEventsInfo } = await logs.send(
      new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }),
    );
    expect(rejectedLogEventsInfo).toEqual({ expiredLogEventEndIndex: 2 });
    const fresh = [{ timestamp: new Date(NOW), message: 'new' }];
    test.sandbox.services.logs.append({
      group: logGroupName,
      stream: logStreamName,
      events: fresh,
    });
    const { logGroups } = await logs.send(
      new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroupName }),
    );
    expect(logGroups).toMatchObject([{ retentionInDays: 1, storedBytes: 'new'.length + 26 }]);
  });

  it('take a batch of a megabyte that is written as three', async () => {
    const stream = await written();
    const message = '\u0001'.repeat(500_000);
    const logEvents = [{ timestamp: NOW, message }];
    await logs.send(new PutLogEventsCommand({ ...stream, logEvents }));
    expect(await found({ logGroupName: stream.logGroupName })).toEqual([message]);
  });
});
