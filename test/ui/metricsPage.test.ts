import { describe, expect, test } from 'vitest';
import type { MetricsRequest, TimeSpan } from '../../src/metrics/protocol.ts';
import { replyOf, type MetricsPage } from '../support/metricsPage.ts';
import {
  answers,
  drag,
  END,
  failure,
  open,
  openCharts,
  readings,
  spanOf,
  START,
} from '../support/scriptedMetrics.ts';

describe('one invocation', () => {
  const SERIES = { invocations: 1, errors: 0, successRate: 100, durationMaximum: 1000 };
  /** A reading with one point a series, in its last minute. */
  const once = (span: TimeSpan) => {
    const reply = replyOf(span, 60);
    const times = [span.end - 60];
    const series = Object.fromEntries(
      Object.entries(SERIES).map(([id, value]) => [id, { times, values: [value] }]),
    );
    return { ...reply, series, totals: { invocations: 1, errors: 0, successRate: 100 } };
  };
  const annotations = [1, 2, 3].map(minutes => ({
    time: END - minutes * 60,
    kind: 'job',
    text: 'j',
  }));
  const answer = answers({
    readMetrics: ({ params }) => once(spanOf(params as MetricsRequest)),
    readAnnotations: () => ({ annotations, functionExists: true }),
  });

  /** How many pixels of a chart are of a colour. */
  const pixels = (shown: MetricsPage, chart: number, colour: string): Promise<number> =>
    shown.page.evaluate(`(() => {
      const canvas = document.querySelectorAll('.canvas canvas')[${chart}];
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      let count = 0;
      for (let at = 0; at < data.length; at += 4)
        if ([data[at], data[at + 1], data[at + 2]].join() === '${colour}') count++;
      return count;
    })()`);

  test.each([
    [1280, 800],
    [400, 900],
  ])('is seen at a glance among annotations, %i px wide', async (width, height) => {
    const shown = await openCharts({
      answer,
      size: { width, height },
      state: { range: { last: 3 * 3600, fit: true } },
      colours: '--vscode-charts-blue: #0000ff; --vscode-charts-green: #00ff00;',
    });
    await shown.page.getByText('Deployments, notification changes and batch jobs (3)').waitFor();
    // A bar of some width, and a point that is no speck.
    await expect.poll(() => pixels(shown, 0, '0,0,255')).toBeGreaterThan(800);
    await expect.poll(() => pixels(shown, 1, '0,255,0')).toBeGreaterThan(40);
    const tiles = await shown.page.locator('.tile .figure').allTextContents();
    expect(tiles.slice(0, 3)).toEqual(['1', '0', '100%']);
    await expect
      .poll(() => shown.page.locator('.range').textContent())
      .toMatch(/^Totals: Nov 20, 2026, 9:00/);
  });

  test('is not searched where a range was chosen', async () => {
    const { page } = await openCharts({ answer, state: { range: { last: 3 * 3600, fit: true } } });
    const ranges = page.getByRole('combobox', { name: 'Time range' });
    await expect.poll(() => ranges.inputValue()).toBe('fit');
    await ranges.selectOption('3600');
    const periods = page.getByRole('combobox', { name: 'Period' }).locator('option');
    await expect.poll(() => periods.allTextContents()).not.toContain('6 hours');
  });
});

describe('the charts', () => {
  test('show the values of one moment together', async () => {
    const { page } = await openCharts();
    await page
      .locator('.u-over')
      .first()
      .hover({ position: { x: 100, y: 50 } });
    const moments = page.locator('.u-legend .u-series:first-child .u-value');
    const texts = await moments.allTextContents();
    expect(texts).toHaveLength(5);
    expect(new Set(texts).size).toBe(1);
    expect(texts[0]).toMatch(/2026/);
  });

  test('zoom to what is dragged over, and back by Escape', async () => {
    const shown = await openCharts();
    await drag(shown, 100, 200);
    await expect.poll(() => readings(shown).length).toBe(2);
    const { start, end } = readings(shown)[1]!.range as TimeSpan;
    expect(start).toBeGreaterThan(START);
    expect(end).toBeLessThan(END);
    await shown.page.getByRole('button', { name: 'Zoom Out' }).waitFor();
    await shown.page.keyboard.press('Escape');
    await expect.poll(() => readings(shown).at(-1)!.range).toEqual({ last: 3 * 3600 });
    await shown.page.getByRole('button', { name: 'Zoom Out' }).waitFor({ state: 'detached' });
  });

  test('move in time with Shift, all at once, and are read when they rest', async () => {
    const shown = await openCharts();
    await shown.page.keyboard.down('Shift');
    await drag(shown, 100, 300);
    await shown.page.keyboard.up('Shift');
    await shown.page.clock.runFor(1000);
    await expect.poll(() => readings(shown).length).toBe(2);
    const { start, end } = readings(shown)[1]!.range as TimeSpan;
    expect(end - start).toBe(3 * 3600);
    expect(start).toBeLessThan(START - 600);
  });

  test('are moved, zoomed and read by keys alone', async () => {
    const shown = await openCharts();
    const { page } = shown;
    await page.locator('figure').first().focus();
    await page.keyboard.press('Home');
    for (let step = 0; step < 60; step++) await page.keyboard.press('ArrowRight');
    await expect.poll(() => page.locator('p.live').textContent()).toContain('Invocations 4');
    await page.keyboard.press('Enter');
    await expect.poll(() => shown.requests.at(-1)!.method).toBe('openLogs');
    expect(shown.requests.at(-1)!.params).toMatchObject({
      start: START + 3600,
      end: START + 3660,
    });
    await page.keyboard.press('+');
    await expect.poll(() => 'start' in readings(shown).at(-1)!.range).toBe(true);
    const { start, end } = readings(shown).at(-1)!.range as TimeSpan;
    expect(end - start).toBe(5400);
    await page.keyboard.press('-');
    await expect.poll(() => readings(shown).at(-1)!.range).toEqual({ last: 3 * 3600 });
  });

  test('lead to the log lines of a period with errors, and of no other', async () => {
    const shown = await openCharts();
    const over = shown.page.locator('.u-over').nth(1);
    const { width } = (await over.boundingBox())!;
    await over.click({ position: { x: width / 6, y: 40 } });
    await over.click({ position: { x: width / 3, y: 40 } });
    await expect
      .poll(() => shown.requests.filter(each => each.method === 'openLogs').length)
      .toBe(1);
  });

  test('are not drawn anew by a refresh', async () => {
    const shown = await openCharts({ state: { refreshEvery: 60 } });
    const { page } = shown;
    await page.locator('.u-over').first().evaluate('node => { node.dataset.same = "yes"; }');
    await page
      .locator('.u-over')
      .first()
      .evaluate(node => ((node as { id: string }).id = 'same'));
    await page.clock.runFor(61_000);
    await expect.poll(() => readings(shown).length).toBe(2);
    expect(await page.locator('#same').count()).toBe(1);
  });

  test('name both hours that the end of summer time makes alike', async () => {
    // Europe/Berlin, 2026-10-25: 02:00 to 03:00 comes twice.
    const start = Date.UTC(2026, 9, 24, 22) / 1000;
    const range = { start, end: start + 6 * 3600 };
    const { page } = await open({
      timezoneId: 'Europe/Berlin',
      state: { range, timeZone: 'local', view: 'table' },
      answer: answers({ readMetrics: () => replyOf(range, 3600) }),
    });
    await page.locator('tbody tr').first().waitFor();
    const times = await page.locator('tbody th').allTextContents();
    expect(times).toHaveLength(6);
    expect(times.filter(time => / 2:00/.test(time)).sort()).toEqual([
      'Oct 25, 2026, 2:00 AM GMT+1',
      'Oct 25, 2026, 2:00 AM GMT+2',
    ]);
    expect(new Set(times).size).toBe(6);
  });
});

describe('a state', () => {
  test('of loading is as large as what comes, so that nothing jumps', async () => {
    let answerNow = (): void => undefined;
    const waits = new Promise<void>(resolve => (answerNow = resolve));
    const shown = await open({
      answer: answers({
        readMetrics: async ({ params }) => {
          await waits;
          return replyOf(spanOf(params as MetricsRequest), 60);
        },
      }),
    });
    const places = async (): Promise<number[]> => {
      const parts = await shown.page.locator('.tile, .charts > *').all();
      return await Promise.all(parts.map(async part => Math.round((await part.boundingBox())!.y)));
    };
    const before = await places();
    answerNow();
    await shown.page.locator('.u-over').first().waitFor();
    expect(await places()).toEqual(before);
  });

  test('of nothing names the range', async () => {
    const empty = {
      ...replyOf({ start: START, end: START }, 60),
      span: { start: START, end: END },
    };
    const { page } = await open({ answer: answers({ readMetrics: () => empty }) });
    await page.getByText('No invocations in the last 3 hours. Metrics appear').waitFor();
  });

  test('of throttling backs off, says when it tries again, and keeps what is shown', async () => {
    let throttled = 0;
    const shown = await openCharts({
      state: { refreshEvery: 60 },
      answer: answers({
        readMetrics: ({ params }) => {
          if (throttled > 0 && throttled-- > 0) {
            throw failure('Throttled', 'AWS is throttling requests.');
          }
          return replyOf(spanOf(params as MetricsRequest), 60);
        },
      }),
    });
    const { page } = shown;
    throttled = 2;
    await page.clock.runFor(60_000);
    await page.getByText('AWS is throttling requests.').waitFor();
    await page.getByText('Next attempt at Nov 20, 2026, 12:03:').waitFor();
    await expect.poll(() => page.locator('.u-over').count()).toBe(5);
    // The page's clock also goes on by itself: what a busy machine takes must not be the rest of the two minutes.
    await page.clock.runFor(80_000);
    expect(readings(shown)).toHaveLength(2);
    await page.clock.runFor(41_000);
    await expect.poll(() => readings(shown).length).toBe(3);
    await page.getByText('Next attempt at Nov 20, 2026, 12:07:').waitFor();
    await page.clock.runFor(241_000);
    await expect.poll(() => readings(shown).length).toBe(4);
    await page.getByText('Next attempt').waitFor({ state: 'detached' });
    await page.clock.runFor(61_000);
    await expect.poll(() => readings(shown).length).toBe(5);
  });

  test('of throttled totals backs off too, though the charts came', async () => {
    const shown = await openCharts({
      state: { refreshEvery: 60 },
      answer: answers({
        readMetrics: ({ params }) => ({
          ...replyOf(spanOf(params as MetricsRequest), 60),
          totalsProblem: { code: 'Throttled', message: 'AWS is throttling requests.' },
        }),
      }),
    });
    await shown.page.getByText('Next attempt at').waitFor();
    await shown.page.clock.runFor(61_000);
    expect(readings(shown)).toHaveLength(1);
    await shown.page.clock.runFor(60_000);
    await expect.poll(() => readings(shown).length).toBe(2);
  });

  test('of no network keeps what is shown and says its age, which grows', async () => {
    let isOnline = true;
    const { page } = await openCharts({
      answer: answers({
        readMetrics: ({ params }) => {
          if (!isOnline) throw failure('Network', 'AWS couldn’t be reached.');
          return replyOf(spanOf(params as MetricsRequest), 60);
        },
      }),
    });
    isOnline = false;
    await page.getByRole('button', { name: 'Refresh', exact: true }).click();
    await page.getByText('AWS couldn’t be reached.').waitFor();
    await page.clock.runFor(5 * 60_000);
    await page.getByText('Shown as of Nov 20, 2026, 12:00 PM, 5 minutes ago.').waitFor();
    isOnline = true;
    await page.getByRole('button', { name: 'Retry' }).click();
    await page.getByText('AWS couldn’t be reached.').waitFor({ state: 'detached' });
    await expect.poll(() => page.locator('.age').textContent()).toBe('');
  });

  test('of what is denied names it, and shows the rest', async () => {
    const { page } = await openCharts({
      answer: answers({
        readMetrics: ({ params }) => ({
          ...replyOf(spanOf(params as MetricsRequest), 60),
          problems: [{ metric: 'durationP95', kind: 'forbidden', message: '' }],
          before: undefined,
          totalsProblem: { code: 'AccessDenied', message: 'Not cloudwatch:GetMetricStatistics.' },
        }),
      }),
    });
    await page.getByText('Duration p95: access denied (cloudwatch:GetMetricData).').waitFor();
    await page.getByText('are missing: Not cloudwatch:GetMetricStatistics.').waitFor();
    await expect.poll(() => page.locator('.before').allTextContents()).toEqual(['', '', '', '']);
  });

  test('of a deleted function is said, and its metrics stay', async () => {
    const gone = { annotations: [], functionExists: false };
    const { page } = await openCharts({ answer: answers({ readAnnotations: () => gone }) });
    await page.getByText('resize was deleted. Its metrics are still in CloudWatch').waitFor();
    await expect.poll(() => page.locator('.u-over').count()).toBe(5);
  });

  test('of what happened is drawn and listed, each kind by its shape, hundreds of them too', async () => {
    let tell = (): void => undefined;
    const told = new Promise<void>(resolve => (tell = resolve));
    const kinds = ['deployment', 'notification', 'job'] as const;
    const annotations = Array.from({ length: 600 }, (_, index) => ({
      time: START + 18 * index,
      kind: kinds[index % 3],
      text: `<b>change</b> ${index}`,
    }));
    const readAnnotations = () => told.then(() => ({ annotations, functionExists: true }));
    const { page } = await openCharts({ answer: answers({ readAnnotations }) });
    const picture = () =>
      page
        .locator('.canvas canvas')
        .first()
        .evaluate(canvas => (canvas as unknown as { toDataURL(): string }).toDataURL());
    const before = await picture();
    tell();
    await page.getByText('Deployments, notification changes and batch jobs (600)').click();
    const items = page.locator('.annotations li');
    await expect.poll(() => items.count()).toBe(600);
    const shapes = await page.locator('.annotations .shape').allTextContents();
    expect(shapes.slice(0, 3)).toEqual(['▼', '◆', '●']);
    await expect.poll(() => items.last().textContent()).toContain('<b>change</b> 599');
    await expect.poll(picture).not.toBe(before);
  });

  test('that came late does not replace a newer one', async () => {
    const waiting: (() => void)[] = [];
    const shown = await openCharts({
      answer: answers({
        readMetrics: async ({ params }) => {
          const request = params as MetricsRequest;
          const isFirst = 'last' in request.range && request.range.last === 12 * 3600;
          if (isFirst) await new Promise<void>(resolve => waiting.push(resolve));
          return replyOf(spanOf(request), isFirst ? 300 : 60);
        },
      }),
    });
    const { page } = shown;
    await page.getByRole('combobox', { name: 'Time range' }).selectOption('43200');
    await page.getByRole('combobox', { name: 'Time range' }).selectOption('3600');
    await expect.poll(() => readings(shown).length).toBe(3);
    waiting.forEach(goOn => goOn());
    await page.waitForTimeout(200);
    expect(await page.locator('.figure').first().textContent()).toBe('240');
  });
});

describe('several functions', () => {
  test('are added, shown side by side or one at a time, and removed', async () => {
    const shown = await openCharts({ answer: answers({ chooseFunction: () => 'thumbnail' }) });
    const { page } = shown;
    await page
      .locator('.u-over')
      .first()
      .evaluate(node => ((node as { id: string }).id = 'same'));
    await page.getByRole('button', { name: 'Add Function…' }).click();
    await expect.poll(() => page.locator('.u-over').count()).toBe(10);
    await expect
      .poll(() => page.locator('section h2').allTextContents())
      .toEqual(['resize', 'thumbnail']);
    await page.getByRole('combobox', { name: 'Functions' }).selectOption('thumbnail');
    await expect.poll(() => page.locator('.u-over').count()).toBe(5);
    expect(shown.states.at(-1)).toMatchObject({ selected: 'thumbnail' });
    await page
      .getByRole('combobox', { name: 'Functions' })
      .selectOption({ label: 'All side by side' });
    await expect.poll(() => page.locator('.u-over').count()).toBe(10);
    await page.getByRole('button', { name: 'Remove resize' }).click();
    await expect.poll(() => page.locator('.u-over').count()).toBe(5);
    await expect.poll(() => page.locator('h1').textContent()).toBe('thumbnail');
    expect(shown.states.at(-1)!.functions).toEqual(['thumbnail']);
  });

  test('say what went wrong when one could not be chosen', async () => {
    const refuse = (): never => {
      throw failure('AccessDenied', 'Access denied. Missing permission: lambda:ListFunctions.');
    };
    const { page } = await openCharts({ answer: answers({ chooseFunction: refuse }) });
    await page.getByRole('button', { name: 'Add Function…' }).click();
    await page.getByRole('alert').getByText('lambda:ListFunctions').waitFor();
  });
});
