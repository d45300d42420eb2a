import { afterEach, expect, test } from 'vitest';
import type { MetricsReply } from '../../src/metrics/protocol.ts';
import { openMetricsPage, replyOf, type MetricsPage } from '../support/metricsPage.ts';

const END = Date.UTC(2026, 10, 20) / 1000;
const DAY = 86_400;
const span = { start: END - 14 * DAY, end: END };

let opened: MetricsPage | undefined;
afterEach(() => opened?.close());

/** Twenty points to a pixel: an error in one minute, and a day without invocations. */
function reply(): MetricsReply {
  const { series, ...rest } = replyOf(span, 60, index => index === 2160);
  const { times = [], values = [] } = series.durationP50 ?? {};
  const kept = times.flatMap((time, index) =>
    time < span.start + 7 * DAY || time >= span.start + 8 * DAY ? [index] : [],
  );
  const durationP50 = {
    times: kept.map(index => times[index]!),
    values: kept.map(index => values[index]!),
  };
  return {
    ...rest,
    series: { invocations: series.invocations!, errors: series.errors!, durationP50 },
  };
}

test('14 days at one minute show the one with an error, and the day without data', async () => {
  opened = await openMetricsPage({
    answer: ({ method }) =>
      method === 'readMetrics' ? reply() : { annotations: [], functionExists: true },
    state: { range: span, period: 60 },
  });
  const { page } = opened;
  await page.locator('.u-over').first().waitFor();
  await page.addStyleTag({
    content: ':root { --vscode-charts-red: #f00; --vscode-charts-blue: #00f; }',
  });
  await page.evaluate("document.body.className = 'vscode-dark'");
  await page.waitForTimeout(200);
  // Days in whose middle a colour is seen on a chart.
  const days = (chart: number, colour: 0 | 2) =>
    page.evaluate<number[]>(`(() => {
      const canvas = document.querySelectorAll('canvas')[${chart}];
      const over = document.querySelectorAll('.u-over')[${chart}];
      const left = over.offsetLeft * devicePixelRatio;
      const width = over.clientWidth * devicePixelRatio;
      const { data } = canvas.getContext('2d').getImageData(left, 0, width, canvas.height);
      const seen = new Set();
      for (let at = 0; at < data.length; at += 4) {
        const [high, ...low] = [data[at + ${colour}], data[at + 1], data[at + ${2 - colour}]];
        if (high > 250 && low.every(each => each < 5)) {
          const day = (((at / 4) % width) / width) * 14;
          if (Math.abs((day % 1) - 0.5) < 0.4) seen.add(Math.floor(day));
        }
      }
      return [...seen].sort((one, other) => one - other);
    })()`);
  await expect.poll(() => days(1, 0)).toEqual([1]);
  await expect.poll(() => days(2, 2)).toEqual([0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13]);
});
