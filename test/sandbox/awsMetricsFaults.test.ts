import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { readFunctionMetrics } from '../../src/aws/metrics/functionMetrics.ts';
import { startScriptedServer as serve } from '../support/scriptedServer.ts';

const START = 1_800_000_000;
const QUERY = { functionName: 'f', start: START, end: START + 600, period: 60 } as const;

function send(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
  response.end(JSON.stringify(body));
}

function result(
  Id: string,
  StatusCode: string,
  ...points: [minute: number, value: number | string][]
) {
  return {
    Id,
    StatusCode,
    Timestamps: points.map(([minute]) => START + 60 * minute),
    Values: points.map(([, value]) => value),
  };
}

describe('the metrics of a function', () => {
  it('are joined over pages: the last page says whether a metric is complete', async () => {
    const pages = [
      {
        MetricDataResults: [result('invocations', 'PartialData', [0, 1], [1, 2])],
        NextToken: 'two',
      },
      { MetricDataResults: [], NextToken: 'three' },
      { MetricDataResults: [result('invocations', 'Complete', [2, 3])] },
    ];
    const { clients, requests } = await serve((_, response) =>
      send(response, pages[requests.length - 1] ?? {}),
    );
    let asked = 0;
    const read = await readFunctionMetrics(
      clients(),
      { ...QUERY, metrics: ['invocations'] },
      { onAsked: metrics => (asked += metrics) },
    );
    expect(read.series.invocations).toEqual({
      times: [START, START + 60, START + 120],
      values: [1, 2, 3],
    });
    expect(read.problems).toEqual([]);
    expect(asked).toBe(3);
    expect(requests.map(({ body }) => /two|three/.exec(body)?.[0])).toEqual([
      undefined,
      'two',
      'three',
    ]);
  });

  it('say what stayed partial when there are no more pages', async () => {
    const { clients } = await serve((_, response) =>
      send(response, { MetricDataResults: [result('errors', 'PartialData', [0, 1])] }),
    );
    const read = await readFunctionMetrics(clients(), QUERY);
    expect(read.problems).toEqual([{ metric: 'errors', kind: 'partial', message: '' }]);
    expect(read.series.errors?.values).toEqual([1]);
  });

  it('are there although one of them is denied', async () => {
    const Messages = [{ Code: 'Forbidden', Value: 'no' }];
    const { clients } = await serve((_, response) =>
      send(response, {
        MetricDataResults: [
          result('invocations', 'Complete', [0, 5]),
          { ...result('durationP95', 'Forbidden'), Messages },
        ],
      }),
    );
    const read = await readFunctionMetrics(clients(), QUERY);
    expect(read.series.invocations?.values).toEqual([5]);
    expect(read.problems).toEqual([{ metric: 'durationP95', kind: 'forbidden', message: 'no' }]);
  });

  it('leave out what is no number, and times without a value', async () => {
    const points = result('invocations', 'Complete', [0, 'NaN'], [1, 'Infinity'], [2, 4]);
    const late = START + 180;
    const { clients } = await serve((_, response) =>
      send(response, {
        MetricDataResults: [{ ...points, Timestamps: [...points.Timestamps, late] }],
      }),
    );
    const { series } = await readFunctionMetrics(clients(), QUERY);
    expect(series.invocations).toEqual({ times: [START + 120], values: [4] });
  });

  it('that nobody asked for are left out', async () => {
    const { clients } = await serve((_, response) =>
      send(response, { MetricDataResults: [result('__proto__', 'Complete', [0, 1])] }),
    );
    const { series } = await readFunctionMetrics(clients(), QUERY);
    expect(series).toEqual({});
  });

  it('are read at no other time than CloudWatch’s, and need no clock of ours', async () => {
    const { clients } = await serve((_, response) =>
      send(response, { MetricDataResults: [result('invocations', 'Complete', [-5, 1], [99, 2])] }),
    );
    const { series } = await readFunctionMetrics(clients(), QUERY);
    expect(series.invocations?.times).toEqual([START - 300, START + 5940]);
  });

  it('end in Throttled when CloudWatch goes on throttling', async () => {
    const { clients, requests } = await serve((_, response) =>
      send(
        response,
        { __type: 'com.amazonaws.cloudwatch#ThrottlingException', message: 'Rate exceeded' },
        400,
      ),
    );
    await expect(readFunctionMetrics(clients(), QUERY)).rejects.toMatchObject({
      code: 'Throttled',
      subject: 'CloudWatch',
    });
    // The SDK's own three attempts, with its pauses.
    expect(requests).toHaveLength(3);
  });
});
