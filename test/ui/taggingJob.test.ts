import { afterEach, describe, expect, test } from 'vitest';
import { openWorkbench, type Workbench } from '../support/workbench.ts';

const NAME = 'Tag phototype=finished';

/** Tasks 1 and 2 of the lab as a person does them, with the mouse and the keyboard. */
describe('a tagging job', () => {
  let workbench: Workbench;
  afterEach(() => workbench.close());

  test('is made from a manifest, run, followed and read in its report', async () => {
    workbench = await openWorkbench({
      settings: { 'bucketBrigade.sandbox.taskDelay': 2_500 },
    });
    const { page } = workbench;
    await workbench.startSandbox();
    await workbench.expand('images-');
    await workbench.expand('image1.png');
    await workbench.row('No tags').waitFor();
    await workbench.expand('assets-');
    await workbench.contextMenu('manifest.csv', 'Create Tagging Job…');

    await workbench.asked('Tags that replace all tags of each object');
    await workbench.type('phototype=finished');
    await workbench.screenshots('create-tags');
    await workbench.accept();
    const images = await workbench.row('images-').innerText();
    const bucket = /images-\d+/.exec(images)?.[0] ?? '';
    // Where the report goes and as which role are clear: they stand in the summary.
    await workbench.asked(`Replace all tags of 5 objects in ${bucket} with phototype=finished?`);
    const summary = await workbench
      .quickInput()
      .locator('.quick-input-list .monaco-list-rows')
      .innerText();
    for (const shown of ['Report', 'all tasks, in', 'S3BatchPutRole', 'Priority', NAME]) {
      expect(summary).toContain(shown);
    }
    await workbench.screenshots('create-summary');
    await workbench.pick('Create Job');

    const job = workbench.row(NAME);
    await job.filter({ hasText: 'Awaiting confirmation · 5 objects' }).waitFor();
    await workbench.screenshots('job-awaiting');
    await workbench.inlineAction(NAME, 'Run Job');
    await workbench.dialog().waitFor();
    await expect.poll(() => workbench.dialog().innerText()).toContain(`Run “${NAME} · assets-`);
    await workbench.dialogButton('Run Job');

    await job.filter({ hasText: /Active/ }).waitFor();
    await workbench.screenshots('job-active');
    await job.filter({ hasText: /Complete · 5 objects/ }).waitFor();
    await workbench.expand(NAME);
    await workbench.row('Manifest').waitFor();
    await workbench.message('/manifest.csv” is complete: 5 objects.');
    await workbench.screenshots('job-complete');
    await workbench.notification('is complete').getByText('Open Report').click();

    const report = workbench.preview().locator('body');
    await report.getByText('5 objects succeeded').waitFor();
    await report.getByText('image1.png').first().waitFor();
    // Its tags were shown before the job, and are read again by themselves. The job's own row says
    // the same: only below image1.png does it count.
    const buckets = page.locator('.pane', {
      has: page.locator('.pane-header').getByText('Buckets', { exact: true }),
    });
    await buckets.locator('.monaco-list-row', { hasText: 'phototype = finished' }).waitFor();
    await workbench.runCommand('Notifications: Clear All Notifications');
    await workbench.screenshots('report');

    await report.getByRole('button', { name: 'Open Completion Report as CSV' }).click();
    await page.locator('.monaco-editor').getByText('image1.png,,succeeded,200').waitFor();
    await workbench.screenshots('report-csv');
  });
});
