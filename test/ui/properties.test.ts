import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { FrameLocator } from 'playwright-core';
import { LAB_NUMBER } from '../../src/sandbox/lab/seedLab.ts';
import { openWorkbench, type Workbench } from '../support/workbench.ts';

const IMAGES = `images-${LAB_NUMBER}`;

describe('properties', () => {
  let workbench: Workbench;
  beforeAll(async () => {
    workbench = await openWorkbench();
    await workbench.startSandbox();
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await workbench.screenshot('failed-properties');
  });
  afterAll(() => workbench.close());

  const page = (): FrameLocator => workbench.preview();

  test('of an object are shown, edited from their page, and shown as they are then', async () => {
    await workbench.expand(IMAGES);
    await workbench.contextMenu('image1.png', 'Show Properties');
    await page().getByText('Storage class', { exact: true }).waitFor();
    await workbench.screenshots('object-properties');
    await page().getByRole('button', { name: 'Edit Metadata…' }).click();
    await workbench.choose('Cache-Control');
    await workbench.answer('Value of Cache-Control', 'max-age=60');
    await workbench.choose('Add user metadata…');
    await workbench.answer('Name of the user metadata', 'Colour');
    await workbench.answer('Value of x-amz-meta-colour', 'grün');
    await workbench.asked('2 changes');
    await workbench.screenshots('edit-metadata');
    await workbench.choose('Save…');
    const dialog = workbench.dialog();
    await dialog.getByText('Cache-Control: not set → max-age=60').waitFor();
    await workbench.screenshots('edit-metadata-confirm');
    await workbench.dialogButton('Change');
    await page().getByText('max-age=60').waitFor();
    await page().getByText('grün').waitFor();
    await workbench.contextMenu(IMAGES, 'Show Properties');
    await page().getByText('Block Public Access', { exact: true }).waitFor();
    await workbench.screenshots('bucket-properties');
  });

  test('a bucket becomes a folder of the workspace only after what works is said', async () => {
    await workbench.contextMenu(IMAGES, 'Open as Workspace Folder…');
    await workbench.dialog().getByText('Find Objects…').waitFor();
    await workbench.screenshots('open-as-folder');
    await workbench.dialogButton('Cancel');
    await workbench.dialog().waitFor({ state: 'detached' });
    expect(workbench.page.url()).not.toContain('workspace=');
  });

  test('the folder is there after VS Code has opened the workspace anew', async () => {
    const { page } = workbench;
    // When it is repeated, it may be there already.
    if (!page.url().includes('workspace=')) {
      await workbench.contextMenu(IMAGES, 'Open as Workspace Folder…');
      await workbench.dialogButton('Open');
      await page.waitForURL(/workspace=/);
    }
    await workbench.workspaceOpened();
    await page
      .locator('.explorer-folders-view .monaco-list-row', { hasText: 'image1.png' })
      .first()
      .waitFor();
    await workbench.screenshots('workspace-folder');
  });
});
