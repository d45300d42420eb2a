import { GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { CreateLogGroupCommand, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { observationClients } from '../observedSandbox.ts';
import { putRolePolicy, startLambdaWorld } from './lambdaWorld.ts';
import type { LambdaWorld } from './lambdaWorld.ts';

let world: LambdaWorld;
beforeAll(async () => {
  world = await startLambdaWorld();
});
afterAll(async () => {
  await world.close();
});

const HANDLER = `exports.handler = async ({ fails }) => {
  console.log(JSON.stringify({ level: 'info', key: 'a b.jpg' }));
  if (fails) throw new Error('as asked');
};`;

it('what a function did is seen in its metrics and log lines', async () => {
  // As Lambda's console writes it: the streams of the function's group only.
  const group = 'arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/seen:*';
  await putRolePolicy(world.sandbox, [
    {
      Effect: 'Allow',
      Action: 'logs:CreateLogGroup',
      Resource: 'arn:aws:logs:us-east-1:123456789012:*',
    },
    { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: group },
  ]);
  await world.create('seen', HANDLER);
  const StartTime = new Date(Date.now() - 60_000);
  for (const fails of [false, true, false, false]) await world.invoke('seen', { fails });
  const { requestId } = await world.invoke('seen', {});
  const { cloudwatch, logs } = observationClients(world.sandbox);
  const Dimensions = [{ Name: 'FunctionName', Value: 'seen' }];
  const stat = (Id: string, MetricName: string, Stat: string) => ({
    Id,
    ReturnData: Id !== 'errors',
    MetricStat: { Metric: { Namespace: 'AWS/Lambda', MetricName, Dimensions }, Period: 60, Stat },
  });
  const { MetricDataResults = [] } = await cloudwatch.send(
    new GetMetricDataCommand({
      StartTime,
      EndTime: new Date(Date.now() + 60_000),
      MetricDataQueries: [
        stat('errors', 'Errors', 'Sum'),
        stat('invocations', 'Invocations', 'Sum'),
        stat('p95', 'Duration', 'p95'),
        { Id: 'rate', Expression: '100 - 100 * errors / MAX([errors, invocations])' },
      ],
    }),
  );
  const values = new Map(MetricDataResults.map(({ Id, Values = [] }) => [Id, Values]));
  const sum = (id: string): number => (values.get(id) ?? []).reduce((a, b) => a + b, 0);
  expect([...values.keys()]).toEqual(['invocations', 'p95', 'rate']);
  expect(sum('invocations')).toBe(5);
  // The five may have begun in two minutes.
  if (values.get('rate')?.length === 1) expect(values.get('rate')).toEqual([80]);
  expect(values.get('p95')?.every(value => value > 0)).toBe(true);

  const found = async (filterPattern: string): Promise<string[]> => {
    const command = new FilterLogEventsCommand({ logGroupName: '/aws/lambda/seen', filterPattern });
    return ((await logs.send(command)).events ?? []).map(({ message = '' }) => message);
  };
  await expect.poll(() => found(`"${requestId ?? ''}"`)).toHaveLength(4);
  expect(await found('"as asked"')).not.toHaveLength(0);
  expect((await found('REPORT')).length).toBe(5);
});

it('a role that may not make the log group writes only where there is one', async () => {
  await putRolePolicy(world.sandbox, [
    { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: '*' },
  ]);
  await world.create('grouped', HANDLER);
  const unseen = await world.invoke('grouped', {});
  const { logs } = observationClients(world.sandbox);
  // Lines are written within moments of an invocation, or with the next one.
  const logGroupName = '/aws/lambda/grouped';
  await new Promise(resolve => setTimeout(resolve, 500));
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  const seen = await world.invoke('grouped', {});
  const lines = async (requestId = ''): Promise<number> => {
    const filterPattern = `"${requestId}"`;
    const command = new FilterLogEventsCommand({ logGroupName, filterPattern });
    return (await logs.send(command)).events?.length ?? 0;
  };
  await expect.poll(() => lines(seen.requestId)).toBe(4);
  expect(await lines(unseen.requestId)).toBe(0);
});
