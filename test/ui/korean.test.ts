import { afterAll, beforeAll, expect, test } from 'vitest';
import { ko, leftInEnglish } from '../support/korean.ts';
import { openWorkbench, type Workbench } from '../support/workbench.ts';

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench({ language: 'ko' });
});
afterAll(() => workbench.close());

test('the lab’s tagging job in Korean, from the welcome view to the report', async () => {
  const { page } = workbench;
  await workbench.openContainer();
  await page.getByText('로컬 샌드박스 시작').first().click();
  await workbench.row('images-').waitFor();
  await workbench.expand('assets-');
  await workbench.contextMenu('manifest.csv', ko('Create Tagging Job…'));
  await workbench.asked(
    ko('Tags that replace all tags of each object: key=value, separated by commas'),
  );
  await workbench.type('phototype=finished');
  await workbench.accept();
  await workbench.asked('phototype=finished');
  await expect.poll(() => leftInEnglish(workbench.quickInput())).toEqual([]);
  await workbench.screenshots('korean-summary');
  await workbench.pick(ko('Create Job'));
  const job = workbench.row('phototype=finished');
  await job.filter({ hasText: ko('Awaiting confirmation') }).waitFor();
  await workbench.screenshots('korean-awaiting');
  await workbench.contextMenu('phototype=finished', ko('Run Job…'));
  await workbench.dialog().waitFor();
  await workbench.screenshots('korean-run');
  await workbench.dialogButton(ko('Run Job'));
  await job
    .filter({ hasText: ko('{0} objects', '5') })
    .filter({ hasText: '완료' })
    .waitFor();
  await workbench.expand('phototype=finished');
  await workbench.screenshots('korean-complete');
  await workbench.contextMenu('phototype=finished', ko('Open Completion Report…'));
  const report = workbench.preview().locator('body');
  await report.getByText('image1.png').first().waitFor();
  await workbench.runCommand('Notifications: Clear All Notifications');
  await workbench.screenshots('korean-report');
  await expect.poll(() => leftInEnglish(report)).toEqual([]);
  await expect.poll(() => leftInEnglish(page.locator('.pane-body'))).toEqual([]);
});

test('properties of a bucket in Korean', async () => {
  await workbench.contextMenu('images-', ko('Show Properties'));
  const page = workbench.preview().locator('body');
  await page.getByText('퍼블릭 액세스 차단').first().waitFor();
  await workbench.screenshots('korean-properties');
  await expect.poll(() => leftInEnglish(page)).toEqual([]);
});
