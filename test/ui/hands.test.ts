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

  const tabs = () => workbench.page.locator('.tab', { hasText: 'image1.png' });

  test('a click opens an object as a file, and leaves its tags folded', async () => {
    const row = workbench.row('image1.png');
    await row.click();
    await tabs().waitFor();
    expect(await row.getAttribute('aria-expanded')).toBe('false');
    await workbench.screenshot(`hands-open-${theme}`);
    await workbench.runCommand('View: Close All Editors');
  });

  test('Enter opens, Ctrl+C copies and Delete asks, of the row that has the focus', async () => {
    const { page } = workbench;
    await workbench.row('image1.png').click();
    await tabs().waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.locator('.tab', { hasText: 'image2.jpg' }).waitFor();
    await workbench.row('image2.jpg').click();
    await page.keyboard.press('Control+c');
    await expect
      .poll(() => page.evaluate('navigator.clipboard.readText()'))
      .toBe(`s3://${IMAGES}/image2.jpg`);
    await page.keyboard.press('Delete');
    await workbench.dialog().getByText(`s3://${IMAGES}/image2.jpg`).waitFor();
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
    expect(await workbench.row('manifest.csv').getAttribute('aria-label')).toMatch(
      /^manifest\.csv, object, \d/,
    );
    await header.hover();
    await header.locator('a[aria-label^="Refresh Buckets"]').click();
    await workbench.row('manifest.csv').waitFor();
    expect(await workbench.page.locator('.notification-list-item').count()).toBe(0);
  });
});
