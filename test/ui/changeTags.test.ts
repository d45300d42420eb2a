import { afterEach, describe, expect, test } from 'vitest';
import { openWorkbench, type Workbench } from '../support/workbench.ts';

/** Tags are changed on a page that says first what will become of them, and then undone. */
describe('changing tags', () => {
  let workbench: Workbench;
  afterEach(() => workbench.close());

  test('keeps the others, is reported, and is undone', async () => {
    workbench = await openWorkbench();
    const { page } = workbench;
    await workbench.startSandbox();
    await workbench.expand('images-');
    await workbench.expand('image1.png');
    await workbench.row('No tags').waitFor();
    await workbench.contextMenu('images-', 'Change Tags…');
    await workbench.asked('Select objects in s3://images-');
    await workbench.screenshots('change-tags-filter');
    await workbench.pick('Use These Objects');
    await workbench.asked('Select how to change the tags');
    await workbench.screenshots('change-tags-kinds');
    await workbench.pick('Set Tags…');
    await workbench.answer('Tags as key=value', 'owner=me, phototype=finished');

    const shown = workbench.preview().locator('body');
    await shown.getByText('All 5 objects were checked.').waitFor();
    await shown.getByText('owner=me, phototype=finished').first().waitFor();
    await workbench.screenshots('change-tags-preview');
    await shown.getByRole('button', { name: 'Change Tags…' }).click();
    await workbench.asked('Select the report destination');
    await workbench.screenshots('change-tags-report');
    await workbench.pick('/tag-reports/');
    await workbench.dialog().waitFor();
    await expect
      .poll(() => workbench.dialog().innerText())
      .toContain('Change the tags of 5 objects?');
    await workbench.screenshots('change-tags-confirm');
    await workbench.dialogButton('Change Tags');
    await shown.getByText('Tags of 5 objects changed.').waitFor();
    const buckets = page.locator('.pane', {
      has: page.locator('.pane-header').getByText('Buckets', { exact: true }),
    });
    await buckets.locator('.monaco-list-row', { hasText: 'phototype = finished' }).waitFor();
    await workbench.runCommand('Notifications: Clear All Notifications');
    await workbench.screenshots('change-tags-done');

    await shown.getByRole('button', { name: 'Undo…' }).click();
    await shown.getByText('Undoes').waitFor();
    await shown.getByText('All 5 objects were checked.').waitFor();
    await workbench.screenshots('undo-tags-preview');
    await shown.getByRole('button', { name: 'Restore Previous Tags…' }).click();
    await workbench.pick('/tag-reports/');
    await workbench.dialog().waitFor();
    await expect
      .poll(() => workbench.dialog().innerText())
      .toContain('Restore the previous tags of 5 objects?');
    await workbench.dialogButton('Restore');
    await shown.getByText('Tags of 5 objects changed.').waitFor();
    await workbench.row('No tags').waitFor();
    await workbench.screenshots('undo-tags-done');
  });
});
