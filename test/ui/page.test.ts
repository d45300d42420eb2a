import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PageModel } from '../../src/vscode/page/protocol.ts';
import { OUT } from '../support/paths.ts';
import type { Theme } from '../support/settings.ts';
import { openShownPage, type ShownPage } from '../support/shownPage.ts';

const MODEL: PageModel = {
  title: 'Tag photos-1',
  subtitle: 'Local Sandbox · 123456789012 · us-east-1',
  blocks: [
    { kind: 'text', text: '1 check failed, 1 warning.', tone: 'error', isLive: true },
    { kind: 'text', text: 'Each tag fires make-thumbnails.', tone: 'warning' },
    { kind: 'text', text: 'As of 12:00.', tone: 'muted' },
    {
      kind: 'actions',
      actions: [
        { id: 'create', label: 'Create Job', isPrimary: true },
        { id: 'again', label: 'Check Again' },
        { id: 'run', label: 'Run Job', isDisabled: true, tooltip: 'It runs already' },
      ],
    },
    { kind: 'heading', text: 'Checks' },
    {
      kind: 'checks',
      label: 'Checks',
      checks: [
        {
          status: 'failed',
          title: 'Role may write tags',
          reason: 'It lacks s3:PutObjectTagging on arn:aws:s3:::photos-1/*',
          actions: [{ id: 'fix:role', label: 'Add Permissions to Role' }],
        },
        { status: 'warned', title: 'Events', reason: '1,000,000 invocations' },
        { status: 'unchecked', title: 'KMS key', reason: 'kms:DescribeKey was denied.' },
        { status: 'passed', title: 'Manifest' },
      ],
    },
    { kind: 'heading', text: 'Progress' },
    { kind: 'progress', label: 'Tasks', done: 0.25, text: '250 of 1,000 · 40 a second' },
    { kind: 'progress', label: 'Manifest', text: 'Reading…' },
    {
      kind: 'facts',
      facts: [
        { term: 'Manifest', value: { text: 's3://photos-1/m.csv', action: 'open:manifest' } },
        { term: 'Priority', value: '10' },
      ],
    },
    {
      kind: 'table',
      label: 'Cost',
      columns: [{ title: 'Resource' }, { title: 'US$', isNumber: true }],
      rows: [
        ['Job', '0.25'],
        [{ text: 'Objects', action: 'open:objects' }, '1.00'],
      ],
    },
    {
      kind: 'timeline',
      label: 'States',
      entries: [
        { time: '12:00:01', text: 'Created' },
        { time: '12:00:05', text: 'Suspended', detail: 'Awaiting confirmation' },
      ],
    },
    {
      kind: 'details',
      summary: 'Request',
      blocks: [{ kind: 'code', label: 'CreateJob', text: '{\n  "Priority": 10 <b>x</b>\n}' }],
    },
  ],
};

let shown: ShownPage;

beforeAll(async () => {
  mkdirSync(join(OUT, 'screenshots'), { recursive: true });
  shown = await openShownPage();
  await shown.show(MODEL);
  await shown.page.locator('h1').waitFor();
});
afterAll(() => shown.close());

function openDetails(): Promise<unknown> {
  return shown.page.evaluate('document.querySelector("details").open = true');
}

describe('a page', () => {
  test.each<Theme>(['dark', 'light', 'hcDark', 'hcLight'])('is accessible in %s', async theme => {
    await shown.setTheme(theme);
    await openDetails();
    await shown.page.screenshot({
      path: join(OUT, 'screenshots', `page-${theme}.png`),
      fullPage: true,
    });
    await expect.poll(() => shown.violations()).toEqual([]);
  });

  test('says first that it is ready', () => {
    expect(shown.told[0]).toEqual({ kind: 'ready' });
  });

  test('shows text as text', async () => {
    await expect.poll(() => shown.page.locator('code').textContent()).toContain('<b>x</b>');
    await expect.poll(() => shown.page.locator('b').count()).toBe(0);
  });

  test('has code on the background of its block, whatever VS Code gives to code', async () => {
    const { page } = shown;
    await page.addStyleTag({ content: 'code { color: red; background: red; padding: 1px 3px }' });
    const style = await page
      .locator('pre code')
      .evaluate(`getComputedStyle(document.querySelector('pre code')).backgroundColor`);
    expect(style).toBe('rgba(0, 0, 0, 0)');
  });

  test('is used by keys alone, in the order of what is read', async () => {
    const { page } = shown;
    await openDetails();
    await page.locator('h1').focus();
    const met: string[] = [];
    for (let press = 0; press < 10; press++) {
      await page.keyboard.press('Tab');
      met.push(
        await page.evaluate<string>(
          'document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent',
        ),
      );
    }
    expect(met).toEqual([
      ...['Create Job', 'Check Again', 'Run Job', 'Add Permissions to Role'],
      ...['s3://photos-1/m.csv', 'Cost', 'Objects', 'Request', 'Copy: CreateJob', 'CreateJob'],
    ]);
    await page.locator('h1').focus();
    for (let press = 0; press < 4; press++) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect.poll(() => shown.told.at(-1)).toEqual({ kind: 'action', id: 'fix:role' });
  });

  test('does nothing for a disabled button', async () => {
    const before = shown.told.length;
    await shown.page.getByRole('button', { name: 'Run Job' }).click({ force: true });
    await shown.page.getByRole('button', { name: 'Check Again' }).click();
    await expect.poll(() => shown.told.slice(before)).toEqual([{ kind: 'action', id: 'again' }]);
  });

  test('copies a code', async () => {
    await shown.page.getByRole('button', { name: 'Copy: CreateJob' }).click();
    await expect
      .poll(() => shown.told.at(-1))
      .toEqual({ kind: 'copy', text: '{\n  "Priority": 10 <b>x</b>\n}' });
  });

  test('keeps focus, scrolling and what was opened when it is updated', async () => {
    const { page } = shown;
    await page.getByRole('button', { name: 'Add Permissions to Role' }).focus();
    await shown.show({ ...MODEL, subtitle: 'newer' }, ['fix:role']);
    await page.getByText('newer').waitFor();
    const focused = page.locator(':focus');
    await expect.poll(() => focused.getAttribute('data-action')).toBe('fix:role');
    await expect.poll(() => focused.getAttribute('aria-busy')).toBe('true');
    await expect.poll(() => page.locator('details').getAttribute('open')).not.toBeNull();
  });

  test('leads the focus to its heading when what had it is gone', async () => {
    const { page } = shown;
    await page.getByRole('button', { name: 'Add Permissions to Role' }).focus();
    await shown.show({ ...MODEL, blocks: [{ kind: 'text', text: 'All is well.' }] });
    await page.getByText('All is well.').waitFor();
    await expect.poll(() => page.locator(':focus').textContent()).toBe('Tag photos-1');
  });

  test('fits a narrow editor', async () => {
    await shown.page.setViewportSize({ width: 320, height: 700 });
    await shown.show(MODEL);
    await shown.page.getByText('Priority').first().waitFor();
    const width = await shown.page.evaluate<number>('document.documentElement.scrollWidth');
    expect(width).toBeLessThanOrEqual(320);
  });
});
