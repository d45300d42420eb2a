import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { RowQuery } from '../../src/jobs/report/protocol.ts';
import { OUT } from '../support/paths.ts';
import {
  headOf,
  openReportPage,
  rowOf,
  type ReportPageShown,
  type ReportRequest,
} from '../support/reportPage.ts';

const ROWS = 2_500_000;

/** A host with millions of rows: those of a query are every tenth. */
function answer({ method, params }: ReportRequest): unknown {
  switch (method) {
    case 'query': {
      const isWhole = JSON.stringify(params.query) === '{}';
      return isWhole ? { view: 0, rows: ROWS } : { view: 1, rows: ROWS / 10 };
    }
    case 'rows': {
      const step = params.view === 0 ? 1 : 10;
      const rows = params.view === 0 ? ROWS : ROWS / 10;
      const count = Math.max(0, Math.min(params.count, rows - params.from));
      return Array.from({ length: count }, (_, at) => rowOf((params.from + at) * step));
    }
    default:
      return null;
  }
}

describe('the page of a report', () => {
  let shown: ReportPageShown;
  afterEach(() => shown.close());

  async function open(more = {}, size?: { width: number; height: number }): Promise<void> {
    shown = await openReportPage(answer, size && { size });
    await shown.setTheme('dark');
    await shown.say({ kind: 'head', head: headOf(ROWS, more) });
    await shown.page.getByText('photos/image 0.png').first().waitFor();
  }
  const row = (index: number) => shown.page.locator(`[data-row="${index}"]`);
  const grid = () => shown.page.getByRole('grid', { name: 'Results by object' });
  const last = (method: ReportRequest['method']) =>
    shown.requests.filter(request => request.method === method).at(-1)?.params;
  const lastQuery = () => (last('query') as { query: RowQuery } | undefined)?.query;

  test.each(['dark', 'light', 'hcDark', 'hcLight'] as const)(
    'is accessible in the theme %s',
    async theme => {
      await open({ damage: ['4 of 5 results could be read.', '1.csv, row 2 is damaged: x'] });
      await shown.setTheme(theme);
      await grid().focus();
      const folder = join(OUT, 'screenshots');
      mkdirSync(folder, { recursive: true });
      await shown.page.screenshot({ path: join(folder, `report-page-${theme}.png`) });
      await expect.poll(() => shown.violations()).toEqual([]);
    },
  );

  test('has only the rows that are seen, and says of how many', async () => {
    await open();
    await expect.poll(() => shown.page.locator('[data-row]').count()).toBeLessThan(80);
    await expect.poll(() => grid().getAttribute('aria-rowcount')).toBe(String(ROWS + 1));
    await expect.poll(() => row(0).getAttribute('aria-rowindex')).toBe('2');
    await shown.page.getByText('2,500,000 objects').waitFor();
  });

  test('goes anywhere by the keyboard, row by row', async () => {
    await open();
    await grid().focus();
    await shown.page.keyboard.press('ArrowDown');
    await expect.poll(() => grid().getAttribute('aria-activedescendant')).toBe('row-1');
    await shown.page.keyboard.press('End');
    await shown.page
      .getByText(`photos/image ${ROWS - 1}.png`)
      .first()
      .waitFor();
    await expect.poll(() => grid().getAttribute('aria-activedescendant')).toBe(`row-${ROWS - 1}`);
    for (let step = 0; step < 40; step++) await shown.page.keyboard.press('ArrowUp');
    await row(ROWS - 41).waitFor();
    await expect.poll(() => row(ROWS - 41).getAttribute('aria-selected')).toBe('true');
    const box = (await row(ROWS - 41).boundingBox())!;
    const around = (await grid().boundingBox())!;
    expect(box.y).toBeGreaterThanOrEqual(around.y + 20);
    expect(box.y + box.height).toBeLessThanOrEqual(around.y + around.height + 1);
    await shown.page.getByText(`Row ${(ROWS - 40).toLocaleString('en')} of 2,500,000`).waitFor();
    await shown.page.keyboard.press('Home');
    await row(0).waitFor();
    await shown.page.keyboard.press('Enter');
    await expect
      .poll(() => last('openObject'))
      .toEqual({ bucket: 'images-1', key: 'photos/image 0.png' });
    await shown.page.keyboard.press('Control+c');
    await expect
      .poll(() => last('copyText'))
      .toEqual({
        text: 'images-1\tphotos/image 0.png\t\tfailed\t403\tAccessDenied\tAccess Denied',
      });
  });

  test('scrolls a few rows by the wheel and far by the bar', async () => {
    await open();
    await grid().hover();
    await shown.page.mouse.wheel(0, 2_400);
    await row(100).waitFor();
    await expect.poll(() => row(0).count()).toBe(0);
    await grid().evaluate(element => {
      const scrolled = element as { scrollTop: number; scrollHeight: number };
      scrolled.scrollTop = scrolled.scrollHeight / 2;
    });
    await expect
      .poll(async () =>
        Number(await shown.page.locator('[data-row]').first().getAttribute('data-row')),
      )
      .toBeGreaterThan(ROWS / 2 - 10_000);
    await expect.poll(() => shown.page.locator('.waiting').count()).toBe(0);
  });

  test('is searched, filtered and sorted', async () => {
    await open();
    const { page } = shown;
    await page.keyboard.press('Control+f');
    await page.keyboard.type('image');
    await page.getByText('250,000 of 2,500,000 objects').waitFor();
    expect(lastQuery()).toEqual({ text: 'image' });
    await page.getByRole('combobox', { name: 'Show' }).selectOption('failed');
    await expect.poll(lastQuery).toEqual({ text: 'image', status: 'failed' });
    const key = page.getByRole('columnheader', { name: 'Key' });
    await key.getByRole('button').click();
    await expect.poll(() => lastQuery()?.sort).toEqual({ by: 'key', descending: false });
    await expect.poll(() => key.getAttribute('aria-sort')).toBe('ascending');
    await key.getByRole('button').click();
    await expect.poll(() => lastQuery()?.sort?.descending).toBe(true);
    await page
      .getByRole('button', { name: 'Show objects: AccessDenied (403) · 36 objects' })
      .click();
    await expect.poll(() => lastQuery()?.groups).toEqual([0]);
    await expect
      .poll(() => page.getByRole('combobox', { name: 'Show' }).inputValue())
      .toBe('group 0');
    await expect.poll(() => shown.states.at(-1)?.query.groups).toEqual([0]);
  });

  test('can be read while it is still being read', async () => {
    await open({ rows: 120, isComplete: false, groups: [], actions: [], verdict: [] });
    const { page } = shown;
    await page.getByText('Reading the report: 120 objects so far').waitFor();
    await expect.poll(() => page.getByRole('searchbox').isDisabled()).toBe(true);
    await grid().focus();
    await page.keyboard.press('End');
    await row(119).waitFor();
    await shown.say({ kind: 'head', head: headOf(300, { isComplete: false }) });
    await page.getByText('Reading the report: 300 objects so far').waitFor();
    await expect.poll(() => row(119).getAttribute('aria-selected')).toBe('true');
    await shown.say({ kind: 'head', head: headOf(ROWS) });
    await page.getByText('2,500,000 objects', { exact: true }).waitFor();
    await page.keyboard.press('End');
    await row(ROWS - 1).waitFor();
  });

  test('has buttons that wait for what they do', async () => {
    await open();
    await shown.page.getByRole('button', { name: 'Add to Role…' }).click();
    await expect.poll(() => last('act')).toEqual({ id: 'allow/0' });
  });

  test('says what kept it from being read', async () => {
    await open();
    const actions = [{ id: 'refresh', label: 'Retry' }];
    await shown.say({ kind: 'trouble', text: 'There is no report in assets.', actions });
    await shown.page.getByRole('alert').getByText('There is no report in assets.').waitFor();
    await shown.page.getByRole('button', { name: 'Retry' }).click();
    await expect.poll(() => last('act')).toEqual({ id: 'refresh' });
    await expect.poll(() => shown.violations()).toEqual([]);
    await shown.say({ kind: 'head', head: headOf(50) });
    await row(0).waitFor();
  });

  test('fits a narrow editor', async () => {
    await open({}, { width: 420, height: 700 });
    const wider = 'document.documentElement.scrollWidth > document.documentElement.clientWidth';
    await expect.poll(() => shown.page.evaluate(wider)).toBe(false);
    const box = (await grid().boundingBox())!;
    expect(box.height).toBeGreaterThan(110);
  });
});
