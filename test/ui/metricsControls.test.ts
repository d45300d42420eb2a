import type { Locator } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { MetricsRequest } from '../../src/metrics/protocol.ts';
import { replyOf, startMessage, type PanelRequest } from '../support/metricsPage.ts';
import {
  answers,
  drag,
  failure,
  open,
  openCharts,
  readings,
  spanOf,
} from '../support/scriptedMetrics.ts';

describe('the controls', () => {
  test('refuse a range that ends before it begins, or is of no time that CloudWatch keeps', async () => {
    const shown = await openCharts();
    const { page } = shown;
    await page.getByRole('combobox', { name: 'Time range' }).selectOption('custom');
    await page.getByLabel('From').fill('2026-11-20T11:00');
    await page.getByLabel('To', { exact: true }).fill('2026-11-20T10:00');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('The end must be after the start.').waitFor();
    await page.getByLabel('From').fill('2024-11-20T11:00');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('CloudWatch keeps metrics for 455 days').waitFor();
    await page.getByLabel('From').fill('2026-11-20T09:00');
    await page.getByRole('button', { name: 'Apply' }).click();
    await expect.poll(() => readings(shown).length).toBe(2);
    const start = Date.UTC(2026, 10, 20, 9) / 1000;
    expect(readings(shown)[1]!.range).toEqual({ start, end: start + 3600 });
  });

  test('keep the focus over a refresh', async () => {
    const shown = await openCharts();
    const refresh = shown.page.getByRole('button', { name: 'Refresh', exact: true });
    await refresh.click();
    await expect.poll(() => readings(shown).length).toBe(2);
    await shown.page.waitForTimeout(200);
    await expect.poll(() => isFocused(refresh)).toBe(true);
  });

  test('sort the table by key, and keep the focus', async () => {
    const { page } = await open({ state: { view: 'table' } });
    await page.getByRole('button', { name: 'Errors', exact: true }).focus();
    await page.keyboard.press('Enter');
    const heading = page.getByRole('columnheader', { name: 'Errors', exact: true });
    await expect.poll(() => heading.getAttribute('aria-sort')).toBe('descending');
    await expect
      .poll(() => page.locator('tbody tr').first().locator('td').nth(1).textContent())
      .toBe('1');
    await page.keyboard.press('Enter');
    await expect.poll(() => heading.getAttribute('aria-sort')).toBe('ascending');
  });

  test('say what can be done with a chart only where there is one', async () => {
    const { page } = await openCharts();
    const hint = page.getByText('Drag to zoom.');
    await hint.waitFor();
    await page.getByRole('button', { name: 'Table', exact: true }).click();
    await page.locator('tbody tr').first().waitFor();
    expect(await hint.count()).toBe(0);
    await page.getByText('Read at').waitFor();
    await page.getByRole('button', { name: 'Charts', exact: true }).click();
    await hint.waitFor();
  });

  test('name the account of what was read, which was not known at first', async () => {
    const account = 'photos · 210987654321';
    const readMetrics = ({ params }: PanelRequest) => ({
      ...replyOf(spanOf(params as MetricsRequest), 60),
      ...{ account, console: false },
    });
    const { page } = await openCharts({ answer: answers({ readMetrics }) });
    await page.getByText(account).waitFor();
    expect(await page.getByText('Local Sandbox · 123456789012').count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Open in Console' }).count()).toBe(0);
  });

  test.each([300, 3840])('fit into %i pixels', async width => {
    const { page } = await openCharts({ size: { width, height: 2000 } });
    const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    await expect.poll(() => page.evaluate(overflow)).toBeLessThanOrEqual(0);
    await page.screenshot({ path: `out/screenshots/metrics-page-${width}.png` });
  });

  test('give the focus back to the range when it is typed to its end, or given up', async () => {
    const shown = await openCharts();
    const { page } = shown;
    const range = page.getByRole('combobox', { name: 'Time range' });
    await range.selectOption('custom');
    await page.getByLabel('From').press('Escape');
    await expect.poll(() => page.getByLabel('From').count()).toBe(0);
    await expect.poll(() => range.inputValue()).toBe(String(3 * 3600));
    await expect.poll(() => isFocused(range)).toBe(true);
    await range.selectOption('custom');
    await page.getByRole('button', { name: 'Apply' }).press('Enter');
    await expect.poll(() => readings(shown).length).toBe(2);
    await expect.poll(() => isFocused(range)).toBe(true);
  });

  test('keep the focus when others come before them', async () => {
    const { page } = await openCharts({ answer: answers({ chooseFunction: () => 'thumbnail' }) });
    const add = page.getByRole('button', { name: 'Add Function…' });
    await add.press('Enter');
    await expect.poll(() => page.locator('.u-over').count()).toBe(10);
    await expect.poll(() => isFocused(add)).toBe(true);
    await page.getByRole('button', { name: 'Remove resize' }).press('Enter');
    await expect.poll(() => page.locator('.u-over').count()).toBe(5);
    await expect
      .poll(() => isFocused(page.getByRole('combobox', { name: 'Time range' })))
      .toBe(true);
  });

  test('are not drawn anew by a refresh that changes none: a list that is open stays open', async () => {
    const shown = await openCharts({ state: { refreshEvery: 60 } });
    const { page } = shown;
    const range = await page.getByRole('combobox', { name: 'Time range' }).elementHandle();
    await page.clock.runFor(61_000);
    await expect.poll(() => readings(shown).length).toBe(2);
    await page.waitForTimeout(200);
    expect(await range.evaluate(node => (node as { isConnected: boolean }).isConnected)).toBe(true);
  });

  test('take times of the clocks here, also on the day that has 25 hours', async () => {
    const shown = await openCharts({
      timezoneId: 'Europe/Berlin',
      state: { timeZone: 'local' },
    });
    const { page } = shown;
    await page.getByRole('combobox', { name: 'Time range' }).selectOption('custom');
    await page.getByLabel('From').fill('2026-10-24T12:00');
    await page.getByLabel('To', { exact: true }).fill('2026-10-25T12:00');
    await page.getByRole('button', { name: 'Apply' }).click();
    await expect.poll(() => readings(shown).length).toBe(2);
    const start = Date.UTC(2026, 9, 24, 10) / 1000;
    expect(readings(shown)[1]!.range).toEqual({ start, end: start + 25 * 3600 });
  });
});

describe('what failed beside the metrics', () => {
  const refuse = (): never => {
    throw failure('Unknown', 'The disk is full.');
  };

  test.each([
    ['saveFile', 'PNG', 'charts'],
    ['saveFile', 'SVG', 'charts'],
    ['copyText', 'Copy as CSV', 'table'],
    ['openConsole', 'Open in Console', 'charts'],
  ] as const)(
    '%s by %s is said, and the metrics are not called old',
    async (method, name, view) => {
      const { page } = await open({ state: { view }, answer: answers({ [method]: refuse }) });
      await page.getByRole('button', { name, exact: true }).first().click();
      await page.getByRole('alert').getByText('The disk is full.').waitFor();
      await expect.poll(() => page.locator('.age').textContent()).toBe('');
      await page.getByRole('button', { name: 'Refresh', exact: true }).click();
      await page.getByText('The disk is full.').waitFor({ state: 'detached' });
    },
  );

  test('is said of the annotations, while the charts stay', async () => {
    const { page } = await openCharts({ answer: answers({ readAnnotations: refuse }) });
    await page.getByText('Changes to the function couldn’t be read: The disk').waitFor();
    await expect.poll(() => page.locator('.u-over').count()).toBe(5);
  });

  test('is not said when it was given up', async () => {
    const giveUp = (): never => {
      throw failure('Cancelled', 'Cancelled.');
    };
    const shown = await openCharts({ answer: answers({ chooseFunction: giveUp }) });
    await shown.page.getByRole('button', { name: 'Add Function…' }).click();
    await expect.poll(() => shown.requests.at(-1)!.method).toBe('chooseFunction');
    await shown.page.waitForTimeout(200);
    expect(await shown.page.getByText('Cancelled.').count()).toBe(0);
  });
});

describe('the page', () => {
  test('that is begun anew while it reads leaves no timer behind', async () => {
    let answerNow = (): void => undefined;
    let waits = Promise.resolve();
    const shown = await openCharts({
      state: { refreshEvery: 60 },
      answer: answers({
        readMetrics: async ({ params }) => {
          await waits;
          return replyOf(spanOf(params as MetricsRequest), 60);
        },
      }),
    });
    waits = new Promise(resolve => (answerNow = resolve));
    await shown.page.getByRole('button', { name: 'Refresh', exact: true }).click();
    await expect.poll(() => readings(shown).length).toBe(2);
    await shown.say(startMessage(shown.states.at(-1)!));
    await expect.poll(() => readings(shown).length).toBe(3);
    answerNow();
    await shown.page.locator('.u-over').first().waitFor();
    await shown.page.waitForTimeout(200);
    await shown.page.clock.runFor(61_000);
    await expect.poll(() => readings(shown).length).toBe(4);
    await shown.page.waitForTimeout(200);
    expect(readings(shown)).toHaveLength(4);
  });

  test('reads out what is wrong once, not at each refresh', async () => {
    const shown = await openCharts({
      answer: answers({ readAnnotations: () => ({ annotations: [], functionExists: false }) }),
    });
    const { page } = shown;
    const said = await page.getByText('resize was deleted.').elementHandle();
    await page.getByRole('button', { name: 'Refresh', exact: true }).click();
    await expect.poll(() => readings(shown).length).toBe(2);
    await page.waitForTimeout(200);
    expect(await said.evaluate(node => (node as { isConnected: boolean }).isConnected)).toBe(true);
  });

  test('leads to no log lines when a chart was moved or zoomed', async () => {
    const shown = await openCharts();
    const { page } = shown;
    const { width } = (await page.locator('.u-over').first().boundingBox())!;
    const failed = (width * 60) / 180 + 1;
    await drag(shown, failed + 100, failed);
    await expect.poll(() => readings(shown).length).toBe(2);
    await page.keyboard.press('Escape');
    await expect.poll(() => readings(shown).length).toBe(3);
    await page.keyboard.down('Shift');
    await drag(shown, failed, failed + 4);
    await drag(shown, failed + 4, failed);
    await page.keyboard.up('Shift');
    await page.waitForTimeout(200);
    expect(shown.requests.filter(each => each.method === 'openLogs')).toEqual([]);
  });
});

function isFocused(locator: Locator): Promise<boolean> {
  return locator.evaluate(node => (node as { matches(s: string): boolean }).matches(':focus'));
}
