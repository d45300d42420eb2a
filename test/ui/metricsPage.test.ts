import { afterEach, describe, expect, test } from 'vitest';
import type { MetricsRequest, TimeSpan } from '../../src/metrics/protocol.ts';
import {
  openMetricsPage,
  replyOf,
  type MetricsPage,
  type MetricsPageOptions,
  type PanelRequest,
} from '../support/metricsPage.ts';

const END = Date.UTC(2026, 10, 20, 12) / 1000;
const START = END - 3 * 3600;

let opened: MetricsPage | undefined;
afterEach(() => opened?.close());

/** Answers readings of three hours by the minute, with an error in the 60th and other answers by name. */
function answers(others: Partial<Record<string, (request: PanelRequest) => unknown>> = {}) {
  return (request: PanelRequest): unknown => {
    const other = others[request.method];
    if (other) return other(request);
    if (request.method === 'readMarks') return { marks: [], functionExists: true };
    if (request.method !== 'readMetrics') return null;
    return replyOf(spanOf(request.params), 60, index => index === 60);
  };
}

function spanOf({ range }: MetricsRequest): TimeSpan {
  return 'last' in range ? { start: END - range.last, end: END } : range;
}

async function open(options: Partial<MetricsPageOptions> = {}): Promise<MetricsPage> {
  opened = await openMetricsPage({
    answer: answers(),
    prepare: page => page.clock.install({ time: END * 1000 }),
    ...options,
  });
  await opened.page.locator('.status').first().waitFor({ state: 'attached' });
  return opened;
}

async function openCharts(options: Partial<MetricsPageOptions> = {}): Promise<MetricsPage> {
  const shown = await open(options);
  await shown.page.locator('.u-over').first().waitFor();
  return shown;
}

const readings = ({ requests }: MetricsPage): MetricsRequest[] =>
  requests.flatMap(each => (each.method === 'readMetrics' ? [each.params] : []));

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
    await page
      .locator('.u-over')
      .first()
      .evaluate('node => { node.dataset.same = "yes"; }' as never);
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

async function drag({ page }: MetricsPage, from: number, to: number): Promise<void> {
  const { x, y } = (await page.locator('.u-over').first().boundingBox())!;
  await page.mouse.move(x + from, y + 40);
  await page.mouse.down();
  await page.mouse.move(x + (from + to) / 2, y + 40);
  await page.mouse.move(x + to, y + 40);
  await page.mouse.up();
}
