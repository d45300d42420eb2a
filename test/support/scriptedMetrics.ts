import { onTestFinished } from 'vitest';
import type { MetricsRequest, TimeSpan } from '../../src/metrics/protocol.ts';
import { openMetricsPage, replyOf } from './metricsPage.ts';
import type { MetricsPage, MetricsPageOptions, PanelRequest } from './metricsPage.ts';

/** When the browser's clock says it is, in seconds. */
export const END = Date.UTC(2026, 10, 20, 12) / 1000;
export const START = END - 3 * 3600;

/** Answers readings of three hours by the minute, with an error in the 60th and other answers by name. */
export function answers(others: Partial<Record<string, (request: PanelRequest) => unknown>> = {}) {
  return (request: PanelRequest): unknown => {
    const other = others[request.method];
    if (other) return other(request);
    if (request.method === 'readAnnotations') return { annotations: [], functionExists: true };
    if (request.method !== 'readMetrics') return null;
    return replyOf(spanOf(request.params), 60, index => index === 60);
  };
}

/** The span that a reading asks for. */
export function spanOf({ range }: MetricsRequest): TimeSpan {
  return 'last' in range ? { start: END - range.last, end: END } : range;
}

/** Opens the page at that time, with answers to all that it asks; it is closed when the test ends. */
export async function open(options: Partial<MetricsPageOptions> = {}): Promise<MetricsPage> {
  const shown = await openMetricsPage({
    answer: answers(),
    prepare: page => page.clock.install({ time: END * 1000 }),
    ...options,
  });
  onTestFinished(() => shown.close());
  await shown.page.locator('.status').first().waitFor({ state: 'attached' });
  return shown;
}

/** The same, once the charts are there. */
export async function openCharts(options: Partial<MetricsPageOptions> = {}): Promise<MetricsPage> {
  const shown = await open(options);
  await shown.page.locator('.u-over').first().waitFor();
  return shown;
}

/** What the page has read. */
export const readings = ({ requests }: MetricsPage): MetricsRequest[] =>
  requests.flatMap(each => (each.method === 'readMetrics' ? [each.params] : []));

/** As the host says it. */
export function failure(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

/** Drags over the first chart, in pixels from its left. */
export async function drag({ page }: MetricsPage, from: number, to: number): Promise<void> {
  const { x, y } = (await page.locator('.u-over').first().boundingBox())!;
  await page.mouse.move(x + from, y + 40);
  await page.mouse.down();
  await page.mouse.move(x + (from + to) / 2, y + 40);
  await page.mouse.move(x + to, y + 40);
  await page.mouse.up();
}
