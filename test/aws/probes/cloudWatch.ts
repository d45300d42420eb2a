import { jsonCall, type Scenario } from '../scenario.ts';
import type { Request } from '../wire.ts';

const metrics = (operation: string, input: unknown): Request =>
  jsonCall('cloudwatch', `GraniteServiceVersion20100801.${operation}`, input, '1.0');
const logs = (operation: string, input: unknown): Request =>
  jsonCall('cloudwatch_logs', `Logs_20140328.${operation}`, input, '1.1');

/** A whole hour of long ago: nobody has metrics of it. */
const START = Date.UTC(2026, 0, 1) / 1000;

/** Metrics that nobody has, and questions that are none. */
export const CLOUDWATCH: Scenario = {
  name: 'cloudwatch',
  async run({ probe, names }) {
    // Whatever is answered, it is nothing of the account's own.
    const Namespace = `Missing/${names.suffix}`;
    const Metric = {
      Namespace: 'AWS/Lambda',
      MetricName: 'Invocations',
      Dimensions: [{ Name: 'FunctionName', Value: `missing-${names.suffix}` }],
    };
    const one = { Id: 'a', MetricStat: { Metric, Period: 3600, Stat: 'Sum' } };
    const asked = { StartTime: START, EndTime: START + 7200 };
    const data = (queries: unknown[], more = {}): Request =>
      metrics('GetMetricData', { MetricDataQueries: queries, ...asked, ...more });
    const stat = (more: object): object => ({ ...one, MetricStat: { ...one.MetricStat, ...more } });
    const cases: Record<string, Request> = {
      'nothing there': data([one]),
      'two of one id': data([one, one]),
      'no id': data([{ ...one, Id: undefined }]),
      'a bad id': data([{ ...one, Id: 'A' }]),
      'no query': data([]),
      'no period': data([stat({ Period: undefined })]),
      'a period of 7': data([stat({ Period: 7 })]),
      'a period of 0': data([stat({ Period: 0 })]),
      'an unknown statistic': data([stat({ Stat: 'Mode' })]),
      'a percentile over 100': data([stat({ Stat: 'p101' })]),
      'an unknown unit': data([stat({ Unit: 'Furlongs' })]),
      'neither a metric nor an expression': data([{ Id: 'a' }]),
      'an expression': data([one, { Id: 'b', Expression: 'FILL(a, 0)' }]),
      'an expression of an unknown id': data([{ Id: 'b', Expression: 'zz + 1' }]),
      'a broken expression': data([one, { Id: 'b', Expression: 'a +' }]),
      'nothing returned': data([{ ...one, ReturnData: false }]),
      'an end before the start': data([one], { EndTime: START - 1 }),
      'an end at the start': data([one], { EndTime: START }),
      'no start': data([one], { StartTime: undefined }),
      'a token of nobody': data([one], { NextToken: 'nobody' }),
      'an unknown order': data([one], { ScanBy: 'Size' }),
      'statistics of nothing': metrics('GetMetricStatistics', {
        ...{ ...Metric, ...asked, Period: 3600, Statistics: ['Sum'] },
      }),
      'statistics, none asked': metrics('GetMetricStatistics', {
        ...Metric,
        ...asked,
        Period: 3600,
      }),
      'statistics, an unknown one': metrics('GetMetricStatistics', {
        ...{ ...Metric, ...asked, Period: 3600, Statistics: ['Mode'] },
      }),
      'list nothing': metrics('ListMetrics', { Namespace }),
      'list by a token of nobody': metrics('ListMetrics', { Namespace, NextToken: 'nobody' }),
      'list by an empty namespace': metrics('ListMetrics', { Namespace: '' }),
      'list of an unknown time': metrics('ListMetrics', { Namespace, RecentlyActive: 'PT9H' }),
      'put without a namespace': metrics('PutMetricData', {
        MetricData: [{ MetricName: 'a', Value: 1 }],
      }),
      "put to AWS's namespace": metrics('PutMetricData', {
        ...{ Namespace: 'AWS/Lambda', MetricData: [{ MetricName: 'a', Value: 1 }] },
      }),
      'put nothing': metrics('PutMetricData', { Namespace: 'BucketBrigade', MetricData: [] }),
      'no such operation': metrics('GetWeather', {}),
      'no JSON': { ...metrics('ListMetrics', {}), body: '{' },
    };
    for (const [name, request] of Object.entries(cases)) await probe(name, request);
  },
};

/** A log group, which is named as the function's and removed with it. */
export const LOGS: Scenario = {
  name: 'logs',
  async run({ probe, names }) {
    // Lambda's own group is made by its first line: this one is there before.
    const logGroupName = names.logGroup;
    const logStreamName = 'compare';
    const stream = { logGroupName, logStreamName };
    const missing = { logGroupName: `/missing/${names.suffix}` };
    const prefix = { logGroupNamePrefix: missing.logGroupName };
    const timestamp = Date.now();
    const event = (more = {}): object => ({ timestamp, message: 'compared', ...more });
    const cases: readonly (readonly [name: string, request: Request])[] = [
      ['groups of a missing prefix', logs('DescribeLogGroups', prefix)],
      ['groups, none a page', logs('DescribeLogGroups', { ...prefix, limit: 0 })],
      ['groups, 51 a page', logs('DescribeLogGroups', { ...prefix, limit: 51 })],
      ['events of a missing group', logs('FilterLogEvents', missing)],
      ['streams of a missing group', logs('DescribeLogStreams', missing)],
      ['delete a missing group', logs('DeleteLogGroup', missing)],
      [
        'retention of a missing group',
        logs('PutRetentionPolicy', { ...missing, retentionInDays: 1 }),
      ],
      ['create by a bad name', logs('CreateLogGroup', { logGroupName: 'a b' })],
      ['create by no name', logs('CreateLogGroup', {})],
      ['create', logs('CreateLogGroup', { logGroupName })],
      ['create again', logs('CreateLogGroup', { logGroupName })],
      ['retention', logs('PutRetentionPolicy', { logGroupName, retentionInDays: 1 })],
      ['a retention of 2', logs('PutRetentionPolicy', { logGroupName, retentionInDays: 2 })],
      ['create a stream', logs('CreateLogStream', stream)],
      ['create a stream again', logs('CreateLogStream', stream)],
      ['create a bad stream', logs('CreateLogStream', { logGroupName, logStreamName: 'a:b' })],
      [
        'put to a missing stream',
        logs('PutLogEvents', { logGroupName, logStreamName: 'none', logEvents: [event()] }),
      ],
      ['put nothing', logs('PutLogEvents', { ...stream, logEvents: [] })],
      [
        'put out of order',
        logs('PutLogEvents', {
          ...stream,
          logEvents: [event(), event({ timestamp: timestamp - 1 })],
        }),
      ],
      [
        'put an empty message',
        logs('PutLogEvents', { ...stream, logEvents: [event({ message: '' })] }),
      ],
      [
        'put what is too old',
        logs('PutLogEvents', { ...stream, logEvents: [event({ timestamp: 1 })] }),
      ],
      [
        'put what is yet to come',
        logs('PutLogEvents', { ...stream, logEvents: [event({ timestamp: timestamp + 8e7 })] }),
      ],
      ['events of a missing stream', logs('GetLogEvents', { logGroupName, logStreamName: 'none' })],
      ['events of an empty stream', logs('GetLogEvents', { ...stream, startFromHead: true })],
      ['filter nothing', logs('FilterLogEvents', { logGroupName })],
      [
        'filter by a broken pattern',
        logs('FilterLogEvents', { logGroupName, filterPattern: '{ $.a = ' }),
      ],
      ['filter, none a page', logs('FilterLogEvents', { logGroupName, limit: 0 })],
      [
        'filter by a token of nobody',
        logs('FilterLogEvents', { logGroupName, nextToken: 'nobody' }),
      ],
      [
        'filter by names and a prefix',
        logs('FilterLogEvents', { logGroupName, logStreamNames: ['a'], logStreamNamePrefix: 'a' }),
      ],
      [
        'streams by an unknown order',
        logs('DescribeLogStreams', { logGroupName, orderBy: 'Size' }),
      ],
      [
        'streams by time and a prefix',
        logs('DescribeLogStreams', {
          logGroupName,
          orderBy: 'LastEventTime',
          logStreamNamePrefix: 'a',
        }),
      ],
      ['delete a missing stream', logs('DeleteLogStream', { logGroupName, logStreamName: 'none' })],
      ['delete', logs('DeleteLogGroup', { logGroupName })],
      ['delete again', logs('DeleteLogGroup', { logGroupName })],
      ['no such operation', logs('Sing', {})],
      ['no JSON', { ...logs('FilterLogEvents', {}), body: '{' }],
    ];
    for (const [name, request] of cases) await probe(name, request);
  },
};
