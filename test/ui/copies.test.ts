import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LAB_NUMBER } from '../../src/sandbox/lab/seedLab.ts';
import { openWorkbench, type Workbench } from '../support/workbench.ts';

const IMAGES = `images-${LAB_NUMBER}`;
const ASSETS = `assets-${LAB_NUMBER}`;

describe('objects are copied, moved and renamed by hand', () => {
  let workbench: Workbench;
  beforeAll(async () => {
    workbench = await openWorkbench();
    await workbench.startSandbox();
    await workbench.expand(IMAGES);
    await workbench.row('image1.png').waitFor();
  });
  afterAll(() => workbench.close());

  test('by keys: a new folder, cut and paste, rename', async () => {
    const { page } = workbench;
    await workbench.contextMenu(IMAGES, 'New Folder…');
    await workbench.asked('S3 has no folders');
    await workbench.type('a//b');
    await workbench.quickInput().getByText('two slashes next to each other').waitFor();
    await workbench.screenshot('copies-name');
    await workbench.type('holiday');
    await workbench.accept();
    await workbench.row('holiday').waitFor();
    await workbench.row('image1.png').click();
    await workbench.row('image2.jpg').click({ modifiers: ['Control'] });
    await page.keyboard.press('Control+x');
    // A badge is drawn by a style, not by text.
    await workbench.row('image1.png').locator('[class*="decoration-itemBadge"]').waitFor();
    await workbench.screenshots('copies-cut');
    await workbench.row('holiday').click();
    await page.keyboard.press('Control+v');
    await workbench.dialog().getByText('Move 2 objects').waitFor();
    await workbench.screenshots('copies-move');
    await workbench.dialogButton('Move');
    await workbench.statusBar('Moved 2 objects').waitFor();
    await workbench.expand('holiday');
    await workbench.row('image1.png').waitFor();
    await workbench.row('image1.png').click();
    // The preview takes the focus once it has loaded.
    await workbench.statusBar('960x640').waitFor();
    // On a busy machine it takes it later still, and the key: then a person presses it once more.
    for (let tries = 0; tries < 6 && !(await workbench.quickInput().isVisible()); tries++) {
      await workbench.row('image1.png').click();
      await page.keyboard.press('F2');
      await workbench
        .quickInput()
        .waitFor({ timeout: 5_000 })
        .catch(() => undefined);
    }
    await workbench.answer('The new name of the object', 'first.png');
    await workbench.row('first.png').waitFor();
    await expect.poll(() => workbench.row('image1.png').count()).toBe(0);
    await workbench.screenshot('copies-renamed');
  });

  test('by dragging: what will be done is said first, and what is in the way is asked about', async () => {
    // Hovered by what is dragged, a bucket unfolds: the copy then stands before its original.
    // The Transfers view has a row of that name too, unseen while it is collapsed.
    const buckets = workbench.page.locator('.pane', {
      has: workbench.page.locator('.pane-header').getByText('Buckets', { exact: true }),
    });
    const original = buckets.locator('.monaco-list-row', { hasText: 'image3.webp' }).last();
    const drag = async (): Promise<void> => {
      const asked = workbench.dialog().getByText('Copy or move 1 object');
      // Rows that are read again under the pointer take no drop: then a person drags once more.
      for (let tries = 0; tries < 6 && !(await asked.isVisible()); tries++) {
        await original.dragTo(workbench.row(ASSETS), { timeout: 5_000 }).catch(() => undefined);
        await asked.waitFor({ timeout: 5_000 }).catch(() => undefined);
      }
      await asked.waitFor();
    };
    await drag();
    await workbench.screenshots('copies-drop');
    await workbench.dialogButton('Copy');
    await workbench.statusBar('Copied 1 object').waitFor();
    await workbench.expand(ASSETS);
    await workbench.row('image3.webp').waitFor();
    await drag();
    await workbench.dialogButton('Copy');
    await workbench.dialog().getByText('already exists').waitFor();
    await workbench.screenshots('copies-conflict');
    await workbench.dialogButton('Keep Both');
    await workbench.row('image3 copy.webp').waitFor();
  });
});
