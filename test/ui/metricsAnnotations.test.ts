import { afterEach, expect, test } from 'vitest';
import { openMetricsPage, replyOf, type MetricsPage } from '../support/metricsPage.ts';

const END = Date.UTC(2026, 10, 20) / 1000;
const span = { start: END - 3 * 3600, end: END };

let opened: MetricsPage | undefined;
afterEach(() => opened?.close());

test('what is missing among the changes is said in their list, also where there is none', async () => {
  const missing = 'Only the last deployment is known: <i>access</i> denied.';
  opened = await openMetricsPage({
    answer: ({ method }) =>
      method === 'readMetrics'
        ? replyOf(span, 60, () => false)
        : { annotations: [], missing, functionExists: true },
  });
  const { page } = opened;
  await page.getByText('Deployments, notification changes and batch jobs (0)').click();
  const said = page.locator('.annotations .missing');
  await said.waitFor();
  await expect.poll(() => said.textContent()).toBe(missing);
  await expect.poll(() => page.locator('.annotations li').count()).toBe(0);
  // What is open stays open when it is read anew, and when the charts are drawn anew.
  await page.getByRole('button', { name: 'Refresh', exact: true }).click();
  await page.getByRole('combobox', { name: 'Time zone' }).selectOption('local');
  await page.waitForTimeout(300);
  expect(await said.isVisible()).toBe(true);
});
