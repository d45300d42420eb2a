import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LAB_NUMBER } from '../../src/sandbox/lab/seedLab.ts';
import { openWorkbench, type Workbench } from '../support/workbench.ts';

const IMAGES = `images-${LAB_NUMBER}`;
const ASSETS = `assets-${LAB_NUMBER}`;

describe('the Buckets view', () => {
  let workbench: Workbench;
  beforeAll(async () => {
    workbench = await openWorkbench({
      settings: { 'bucketBrigade.explorer.pageSize': 20 },
    });
    await workbench.openContainer();
    await workbench.page.getByText('Start Local Sandbox').first().click();
    await workbench.row(IMAGES).waitFor();
  });
  afterAll(() => workbench.close());

  test('an object expands into its tags, and one is added and saved', async () => {
    await workbench.expand(IMAGES);
    await workbench.expand('image1.png');
    await workbench.row('No tags').waitFor();
    await workbench.inlineAction('image1.png', 'Edit Tags');
    await workbench.pick('Add a tag…');
    await workbench.quickInput().getByText('(1/2)').waitFor();
    await workbench.type('bad*key');
    await workbench.quickInput().getByText('may have letters').waitFor();
    await workbench.screenshots('tag-refused');
    await workbench.type('phototype');
    await workbench.accept();
    await workbench.quickInput().getByText('(2/2)').waitFor();
    await workbench.type('finished');
    await workbench.accept();
    await workbench.quickInput().getByText('1 change').waitFor();
    await workbench.screenshots('tag-editor');
    await workbench.pick('Save');
    await workbench.row('phototype = finished').waitFor();
    await workbench.screenshots('tags');
  });

  test('a tag is removed only after a question that names it', async () => {
    await workbench.inlineAction('phototype = finished', 'Remove Tag');
    await workbench.dialog().getByText('phototype = finished').waitFor();
    await workbench.dialogButton('Remove');
    await workbench.row('No tags').waitFor();
  });

  test('files are uploaded, and overwriting is asked', async () => {
    const file = join(workbench.workspaceFolder, 'upload me.txt');
    writeFileSync(file, 'first');
    await upload('upload me.txt');
    await workbench.row('upload me.txt').waitFor();
    await upload('upload me.txt');
    await workbench.dialog().getByText('upload me.txt').waitFor();
    await workbench.screenshots('overwrite');
    await workbench.dialogButton('Cancel');
    await workbench.dialog().waitFor({ state: 'detached' });
  });

  /** The dialog begins in the opened folder. */
  async function upload(name: string): Promise<void> {
    await workbench.contextMenu(IMAGES, 'Upload Files…');
    await workbench.pick('Files…');
    await workbench.quickInput().getByText('Select Files to Upload').waitFor();
    await workbench.pick(name);
  }

  test('an object opens in an editor, an image in its preview', async () => {
    await workbench.inlineAction('upload me.txt', 'Open Object');
    await workbench.page.locator('.editor-instance').getByText('first').waitFor();
    await workbench.inlineAction('image1.png', 'Open Object');
    await workbench.page.locator('.tab.active', { hasText: 'image1.png' }).waitFor();
    const preview = workbench.preview();
    await preview.locator('img').waitFor();
    await workbench.screenshots('image');
  });

  test('an object is deleted only after a question that names it', async () => {
    await workbench.contextMenu('upload me.txt', 'Delete…');
    await workbench.dialog().getByText(`s3://${IMAGES}/upload me.txt`).waitFor();
    await workbench.screenshots('delete');
    await workbench.dialogButton('Delete');
    await workbench.row('upload me.txt').waitFor({ state: 'detached' });
  });

  test('an object is revealed by its S3 URI', async () => {
    await workbench.runCommand('Bucket Brigade: Go to Object…');
    await workbench.type(`s3://${ASSETS}/manifest.csv`);
    await workbench.accept();
    await workbench.row('manifest.csv').waitFor();
    await workbench.screenshots('revealed');
    await expect
      .poll(() => workbench.row('manifest.csv').getAttribute('aria-selected'))
      .toBe('true');
  });

  test('a long listing is loaded page by page', async () => {
    await workbench.expand(`hard-keys-${LAB_NUMBER}`);
    await workbench.page.locator('.monaco-list-row[aria-level="2"]').first().hover();
    const more = workbench.row('20 loaded');
    // Rows out of sight are not in the page.
    for (let turn = 0; turn < 20 && !(await more.isVisible()); turn++) {
      await workbench.page.mouse.wheel(0, 200);
      await workbench.page.waitForTimeout(100);
    }
    await workbench.screenshots('load-more');
    await more.click();
    await more.waitFor({ state: 'detached' });
  });
});
