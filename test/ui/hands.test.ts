import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LAB_NUMBER } from '../../src/sandbox/lab/seedLab.ts';
import { openWorkbench, type Workbench } from '../support/workbench.ts';

const IMAGES = `images-${LAB_NUMBER}`;
const ASSETS = `assets-${LAB_NUMBER}`;

const looks = [
  { theme: 'dark', size: { width: 1280, height: 800 } },
  { theme: 'light', size: { width: 900, height: 650 } },
] as const;

describe.each(looks)('the Buckets view by hand ($theme, $size.width wide)', ({ theme, size }) => {
  let workbench: Workbench;
  beforeAll(async () => {
    workbench = await openWorkbench({ theme, size });
    await workbench.startSandbox();
    await workbench.expand(IMAGES);
    await workbench.row('image1.png').waitFor();
  });
  afterAll(() => workbench.close());

  const tab = (name: string) => workbench.page.locator('.tab', { hasText: name });
  /** An editor that the next one takes over: its name is in italics. */
  const preview = (name: string) =>
    tab(name).and(workbench.page.locator('.tab:has(.monaco-icon-label.italic)'));
  /** An image that has loaded takes the focus, on a busy machine at any time: then a person tries again. */
  async function press(key: string, name: string, shown: Locator): Promise<void> {
    for (let tries = 0; tries < 6 && !(await shown.isVisible()); tries++) {
      await workbench.row(name).click();
      await workbench.page.keyboard.press(key);
      await shown.waitFor({ timeout: 5_000 }).catch(() => undefined);
    }
    await shown.waitFor();
  }
  const isFocusInTree = () =>
    workbench.page.evaluate<boolean>(
      'document.activeElement?.closest(".pane-body .monaco-list") != null',
    );

  test('a click opens an object as a file, and leaves its tags folded', async () => {
    const row = workbench.row('image1.png');
    await row.click();
    await preview('image1.png').waitFor();
    await expect.poll(() => row.getAttribute('aria-expanded')).toBe('false');
    await workbench.screenshot(`hands-open-${theme}`);
    await workbench.runCommand('View: Close All Editors');
  });

  test('Space previews, Enter and a double click open for good', async () => {
    const { page } = workbench;
    await workbench.row('image1.png').click();
    await preview('image1.png').waitFor();
    for (const name of ['image2.jpg', 'image3.webp']) {
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Space');
      await preview(name).waitFor();
    }
    await expect.poll(isFocusInTree).toBe(true);
    await expect
      .poll(() => workbench.row('image3.webp').getAttribute('aria-expanded'))
      .toBe('false');
    await expect.poll(() => page.locator('.tab').count()).toBe(1);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await tab('image2.jpg').waitFor();
    await preview('image2.jpg').waitFor({ state: 'detached' });
    await expect.poll(isFocusInTree).toBe(false);
    await workbench.row('image1.png').dblclick();
    await tab('image1.png').waitFor();
    await preview('image1.png').waitFor({ state: 'detached' });
    await workbench.screenshot(`hands-preview-${theme}`);
    await workbench.runCommand('View: Close All Editors');
  });

  test('Shift+F3 filters, and Space folds a bucket', async () => {
    const { page } = workbench;
    await press('Shift+F3', 'image1.png', workbench.quickInput());
    await workbench.answer('Name prefix', 'image2');
    await workbench.row('begins with “image2”').waitFor();
    await workbench.row('image1.png').waitFor({ state: 'detached' });
    await press('Shift+F3', 'image2.jpg', workbench.quickInput());
    await workbench.answer('Name prefix', '');
    await workbench.row('image1.png').waitFor();
    await workbench.row('image2.jpg').click();
    // To its bucket.
    await page.keyboard.press('ArrowLeft');
    const isOpen = () => workbench.row(IMAGES).getAttribute('aria-expanded');
    await page.keyboard.press('Space');
    await expect.poll(isOpen).toBe('false');
    await page.keyboard.press('Space');
    await expect.poll(isOpen).toBe('true');
    await workbench.row('image1.png').waitFor();
    await workbench.runCommand('View: Close All Editors');
  });

  test('Ctrl+C copies and Delete asks, of the row that has the focus', async () => {
    const { page } = workbench;
    await expect
      .poll(
        async () => {
          await workbench.row('image2.jpg').click();
          await page.keyboard.press('Control+c');
          return await page.evaluate('navigator.clipboard.readText()');
        },
        { interval: 1_000 },
      )
      .toBe(`s3://${IMAGES}/image2.jpg`);
    const asked = workbench.dialog().getByText(`s3://${IMAGES}/image2.jpg`);
    await press('Delete', 'image2.jpg', asked);
    await workbench.screenshot(`hands-delete-${theme}`);
    await workbench.dialogButton('Cancel');
    await workbench.runCommand('View: Close All Editors');
  });

  test('a range over a tag row has its menu, and all its objects are tagged', async () => {
    const { page } = workbench;
    await workbench.expand('image1.png');
    await workbench.row('No tags').waitFor();
    await workbench.row('image1.png').click();
    await workbench.row('image3.webp').click({ modifiers: ['Shift'] });
    await workbench.row('No tags').click({ button: 'right' });
    await page.locator('.monaco-menu .action-item', { hasText: 'Add Tag' }).first().waitFor();
    await workbench.screenshot(`hands-menu-${theme}`);
    await page.keyboard.press('Escape');
    // Nor does a bucket in the selection take anything from the menu.
    await workbench.row(ASSETS).click({ modifiers: ['Control'], button: 'left' });
    await workbench.row('image1.png').click({ button: 'right' });
    const menu = page.locator('.monaco-menu');
    for (const item of ['Edit Metadata…', 'Add Tag…', 'Restore from Archive…']) {
      await menu.getByText(item, { exact: true }).waitFor();
    }
    await page.keyboard.press('Escape');
    await workbench.row(ASSETS).click({ modifiers: ['Control'], button: 'left' });
    await workbench.contextMenu('image2.jpg', 'Add Tag…');
    await workbench.quickInput().getByText('3 Objects').waitFor();
    await workbench.type('phototype');
    await workbench.accept();
    await workbench.asked('Value of phototype');
    await workbench.type('finished');
    await workbench.accept();
    await workbench.row('phototype = finished').waitFor();
    await workbench.statusBar('Changed the tags of 3 objects').waitFor();
    await workbench.screenshot(`hands-tagged-${theme}`);
  });

  test('the buttons of the title work while a row is selected', async () => {
    await workbench.row('image1.png').click();
    const header = workbench.page.locator('.pane-header', { hasText: 'Buckets' });
    await header.hover();
    await header.locator('a[aria-label^="Go to Object"]').click();
    await workbench.asked('The S3 URI');
    await workbench.screenshot(`hands-go-to-${theme}`);
    await workbench.type(`s3://${ASSETS}/manifest.csv`);
    await workbench.accept();
    await workbench.row('manifest.csv').waitFor();
    await expect
      .poll(() => workbench.row('manifest.csv').getAttribute('aria-label'))
      .toMatch(/^manifest\.csv, object, \d/);
    await header.hover();
    await header.locator('a[aria-label^="Refresh Buckets"]').click();
    await workbench.row('manifest.csv').waitFor();
    await expect.poll(() => workbench.page.locator('.notification-list-item').count()).toBe(0);
  });
});
