import { expect, test } from 'vitest';
import { gridOf } from '../../../media/metrics/grid.ts';
import { csvOf, rowsOf } from '../../../media/metrics/rows.ts';
import type { MetricsReply } from '../../../src/metrics/protocol.ts';

const START = Date.UTC(2026, 9, 25) / 1000;

const reply = {
  span: { start: START, end: START + 180 },
  period: 60,
  series: {
    invocations: { times: [START, START + 120], values: [3, 1] },
    durationP95: { times: [START], values: [1234.5678] },
  },
} as unknown as MetricsReply;

test('a row is there for each period in which anything was counted', () => {
  expect(rowsOf(gridOf(reply))).toEqual([
    { time: START, values: { invocations: 3, durationP95: 1234.5678 } },
    { time: START + 120, values: { invocations: 1 } },
  ]);
});

test('the CSV has moments in UTC and unrounded numbers, and nothing where there is none', () => {
  const [header, first, second, end] = csvOf(rowsOf(gridOf(reply))).split('\r\n');
  const columns = header!.split(',');
  const cell = (line: string, name: string) => line.split(',')[columns.indexOf(name)];
  expect(cell(first!, 'Time')).toBe('2026-10-25T00:00:00.000Z');
  expect(cell(first!, 'invocations')).toBe('3');
  expect(cell(first!, 'durationP95')).toBe('1234.5678');
  expect(cell(first!, 'errors')).toBe('');
  expect(cell(second!, 'Time')).toBe('2026-10-25T00:02:00.000Z');
  expect(second!.split(',')).toHaveLength(columns.length);
  expect(end).toBe('');
});

test('the CSV of nothing is its heading', () => {
  expect(csvOf([]).split('\r\n')).toHaveLength(2);
});
