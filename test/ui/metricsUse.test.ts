import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FUNCTION, startMetricsLab, type MetricsLab } from '../support/metricsLab.ts';
import { openWorkbench, type Workbench } from '../support/workbench.ts';

let lab: MetricsLab;
let workbench: Workbench;

beforeAll(async () => {
  lab = await startMetricsLab();
  workbench = await openWorkbench({ env: lab.env });
  await workbench.openContainer();
  await workbench.runCommand('Bucket Brigade: Select Connection…');
  await workbench.pick('lab');
  await workbench.statusBar('lab · 123456789012').waitFor();
  await workbench.runCommand('Bucket Brigade: Show Metrics…');
  await workbench.pick(FUNCTION);
  await panel().locator('.figure').first().waitFor();
});
afterAll(async () => {
  await workbench.close();
  await lab.close();
});

const panel = () => workbench.preview();
const chart = (title: string) =>
  panel().getByRole('figure', {
    name: `${title}, chart. The table has the same numbers.`,
    exact: true,
  });
const invocations = () => panel().locator('.figure').first();

/** A panel of its own width and a screen of any size. */
async function resize(width: number, height: number): Promise<void> {
  await workbench.page.setViewportSize({ width, height });
  await workbench.page.waitForTimeout(700);
}

interface Widths {
  readonly scrollWidth: number;
  readonly clientWidth: number;
}

/** What of the page is wider than it. */
const overflow = (): Promise<number> =>
  panel()
    .locator('#panel')
    .evaluate((element: Widths) => element.scrollWidth - element.clientWidth);

test('zooms in by dragging and out by Escape', async () => {
  const over = chart('Invocations').locator('.u-over');
  const { x, y, width, height } = (await over.boundingBox())!;
  const { mouse, keyboard } = workbench.page;
  await mouse.move(x + 0.6 * width, y + height / 2);
  await mouse.down();
  await mouse.move(x + 0.8 * width, y + height / 2, { steps: 4 });
  await workbench.screenshot('metrics-dragging-dark');
  await mouse.up();
  await panel().getByRole('button', { name: 'Zoom Out' }).waitFor();
  await expect.poll(() => invocations().textContent()).not.toBe('324');
  await workbench.screenshot('metrics-zoomed-dark');
  await chart('Invocations').focus();
  await keyboard.press('Escape');
  await expect.poll(() => invocations().textContent()).toBe('324');
});

test('opens what was logged in a period with errors as text, that of failures first', async () => {
  const id = '8f2c0b6e-1111-4222-8333-444455556666';
  const { failedAt } = lab;
  lab.logs.append({
    group: `/aws/lambda/${FUNCTION}`,
    stream: '2026/11/22/[$LATEST]0123456789abcdef0123456789abcdef',
    events: [
      { timestamp: new Date(failedAt + 1000), message: 'all is well' },
      {
        timestamp: new Date(failedAt + 2000),
        message: `${new Date(failedAt).toISOString()}\t${id}\tERROR\t<img src=x onerror=alert(1)> \u001b[31mred\u001b[0m`,
      },
      { timestamp: new Date(failedAt + 3000), message: `long ${'x'.repeat(900_000)}` },
    ],
  });
  await chart('Error count and success rate (%)').focus();
  const { keyboard } = workbench.page;
  const live = panel().locator('.live');
  const before = await live.textContent();
  await keyboard.press('End');
  await expect.poll(() => live.textContent()).not.toBe(before);
  // Back to the period that failed: the crosshair's values are read out.
  for (let step = 0; step < 20; step++) {
    const said = await live.textContent();
    if (/Errors 1\b/.test(said ?? '')) break;
    await keyboard.press('ArrowLeft');
    // It names the moment: each is another text.
    await expect.poll(() => live.textContent()).not.toBe(said);
  }
  const moments = panel().locator('.u-legend .u-series:first-child .u-value');
  const momentsOf = async () => new Set(await moments.allTextContents()).size;
  await expect.poll(momentsOf, { message: 'moments of the crosshairs' }).toBe(1);
  await workbench.screenshot('metrics-crosshair-dark');
  await keyboard.press('Enter');
  const lines = workbench.page.locator('.editor-instance .view-lines');
  await lines.getByText('<img src=x onerror=alert(1)>').first().waitFor();
  await lines.getByText('all is well').first().waitFor();
  await workbench.screenshot('metrics-log-dark');
  const shown = (await lines.textContent())!.replaceAll('\u00a0', ' ');
  expect(shown.indexOf('ERROR')).toBeLessThan(shown.indexOf('all is well'));
  expect(shown).not.toContain('\u001b');
  await expect.poll(() => workbench.page.locator('img[src="x"]').count()).toBe(0);
  await workbench.runCommand('View: Close Editor');
  await invocations().waitFor();
});

test.each([
  ['PNG', 'picture.png', /^.PNG/],
  ['SVG', 'drawing.svg', /^<svg /],
])('saves a chart as %s', async (kind, name, beginning) => {
  await chart('Duration').getByRole('button', { name: kind }).click();
  const path = join(workbench.workspaceFolder, name);
  await workbench.saveAs('ImageResizeFunction-duration', path);
  await panel().getByText(`Saved: ${path}`).waitFor({ state: 'attached' });
  expect(readFileSync(path).subarray(0, 5).toString('latin1')).toMatch(beginning);
});

test('fits a narrow panel and a 4K screen', async () => {
  await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
  await resize(380, 900);
  await workbench.screenshot('metrics-narrow-dark');
  await expect.poll(overflow).toBe(0);
  await panel().getByRole('button', { name: 'Table' }).click();
  await panel().locator('tbody tr').first().waitFor();
  await expect.poll(overflow).toBe(0);
  await workbench.screenshot('metrics-narrow-table-dark');
  await panel().getByRole('button', { name: 'Charts' }).click();
  await resize(3840, 2160);
  await expect.poll(overflow).toBe(0);
  await workbench.screenshot('metrics-4k-dark');
  await resize(1280, 800);
});
