import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { LAB_NUMBER } from '../../src/sandbox/lab/seedLab.ts';
import { ko, leftInEnglish } from '../support/korean.ts';
import { ROOT } from '../support/paths.ts';
import { openWorkbench, type Workbench } from '../support/workbench.ts';

const IMAGES = `images-${LAB_NUMBER}`;
const RESIZED = `${IMAGES}-resized`;

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench({ language: 'ko' });
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await workbench.screenshot('failed-korean-resize');
});
afterAll(() => workbench.close());

const shown = () => workbench.preview().locator('body');

/** Keeps pictures, and finds no English of ours in the views, what is asked and the page. */
async function look(name: string): Promise<void> {
  await workbench.screenshots(name);
  const { page } = workbench;
  const hasPage = (await page.locator('iframe.webview.ready').count()) > 0;
  const places = [
    ...[page.locator('.pane-body'), workbench.quickInput(), workbench.statusBar('로컬 샌드박스')],
    ...(hasPage ? [shown()] : []),
  ];
  expect((await Promise.all(places.map(leftInEnglish))).flat()).toEqual([]);
}

test('the resize function is deployed in Korean, by a plan', async () => {
  await workbench.openContainer();
  await workbench.page.getByText('로컬 샌드박스 시작').first().click();
  await workbench.row(IMAGES).waitFor();
  await workbench.contextMenu(IMAGES, ko('Deploy Resize Function…'));
  await workbench.answer(ko('Name of the Lambda function'));
  await workbench.answer(
    ko('Bucket for the resized images. It is created if it doesn’t exist.'),
    RESIZED,
  );
  await workbench.pick(ko('Create Role…'));
  await workbench.answer(ko('Name of the new role'));
  await workbench.asked(ko('Continue, or select a setting to change'));
  await look('korean-settings');
  await workbench.pick(ko('Continue'));
  await workbench.asked(ko('Apply the plan shown in the editor?'));
  await shown().getByText(`s3://${RESIZED}`).first().waitFor();
  await look('korean-plan');
  await workbench.pick(ko('Apply'));
  await shown().getByText(ko('✓ Deployed.')).waitFor();
  await workbench.message(
    ko('Images uploaded to {0} are resized into {1} from now on.', IMAGES, `s3://${RESIZED}/`),
  );
  await look('korean-deployed');
});

test('an image that is uploaded is resized, and followed in Korean', async () => {
  const { workspaceFolder } = workbench;
  await workbench.runCommand('Notifications: Clear All Notifications');
  copyFileSync(join(ROOT, 'dist', 'lab', 'image5.png'), join(workspaceFolder, 'photo.png'));
  await workbench.contextMenu(IMAGES, ko('Upload Files…'));
  await workbench.pick(ko('$(files) Files…').replace('$(files) ', ''));
  await workbench.asked(ko('Select Files to Upload'));
  await workbench.pick('photo.png');
  await workbench.expand(RESIZED);
  await workbench.row('resized-photo.png').waitFor();
  await workbench.message('resized-photo.png');
  await look('korean-resized');
  await workbench.runCommand('Notifications: Clear All Notifications');
  await workbench.contextMenu('resized-photo.png', ko('Show Properties'));
  await shown().getByText('image/png').waitFor();
  await workbench.runCommand(`Bucket Brigade: ${ko('Follow Object…')}`);
  await workbench.type(`s3://${IMAGES}/photo.png`);
  await workbench.choose(`s3://${IMAGES}/photo.png`);
  await shown().getByText(ko('The object was resized.')).waitFor();
  await shown().getByText('REPORT RequestId').waitFor();
  await look('korean-story');
});

test('the metrics of the function in Korean', async () => {
  await workbench.runCommand(`Bucket Brigade: ${ko('Show Metrics…')}`);
  await workbench.pick('ImageResizeFunction');
  const charts = workbench.preview();
  const refresh = charts.getByRole('button', { name: ko('Refresh'), exact: true });
  const figure = async (): Promise<string | null> => {
    await refresh.click();
    return await charts.locator('.figure').first().textContent();
  };
  // Metrics come some time after the invocation.
  await expect.poll(figure, { timeout: 100_000, interval: 2000 }).toMatch(/^[1-9]/);
  await expect.poll(() => charts.locator('.u-over').count()).toBe(5);
  await look('korean-metrics');
  await charts.getByRole('button', { name: ko('Table'), exact: true }).click();
  await charts.locator('tbody tr').first().waitFor();
  await look('korean-metrics-table');
});
