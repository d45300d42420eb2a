import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateRoleCommand, DeleteRoleCommand, type IAMClient } from '@aws-sdk/client-iam';
import type { FrameLocator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, test } from 'vitest';
import { lambdaTrustPolicy } from '../../src/aws/roles/functionRolePolicy.ts';
import { LAB_NUMBER } from '../../src/sandbox/lab/seedLab.ts';
import { clientsOf } from '../support/runningSandbox.ts';
import { ROOT } from '../support/paths.ts';
import { openWorkbench, type Workbench } from '../support/workbench.ts';

const IMAGES = `images-${LAB_NUMBER}`;
const RESIZED = `${IMAGES}-resized`;
const ASSETS = `assets-${LAB_NUMBER}`;
const RETRIED = `${IMAGES}-retried`;
/** Of the name that a deployment suggests. */
const THEIR_ROLE = {
  RoleName: 'ImageResizeFunction-role',
  AssumeRolePolicyDocument: JSON.stringify(lambdaTrustPolicy()),
};

describe('resizing every upload', () => {
  let workbench: Workbench;
  beforeAll(async () => {
    workbench = await openWorkbench();
    await workbench.openContainer();
    await workbench.page.getByText('Start Local Sandbox').first().click();
    await workbench.row(IMAGES).waitFor();
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await workbench.screenshot('failed-resize');
  });
  afterAll(() => workbench.close());

  test('where there is no function, a job for what is there leads to the deployment', async () => {
    await workbench.contextMenu(IMAGES, 'Create Resize Job…');
    await workbench.pick('All Objects');
    await workbench.pick('Deploy Resize Function…');
    await workbench.quickInput().getByText('Name of the Lambda function').waitFor();
    await workbench.dismiss();
  });

  test('a deployment that failed is tried again from the plan, asking nothing', async () => {
    await workbench.contextMenu(IMAGES, 'Deploy Resize Function…');
    await answerAll(RETRIED);
    await iam(client => client.send(new CreateRoleCommand(THEIR_ROLE)));
    await workbench.pick('Apply');
    await workbench
      .preview()
      .getByText('choose another name. All changes were rolled back.')
      .waitFor();
    await iam(client => client.send(new DeleteRoleCommand(THEIR_ROLE)));
    const failure = await workbench.message('wasn’t created by Bucket Brigade');
    await failure.getByText('Retry').click();
    await workbench.quickInput().getByPlaceholder('Apply the plan').waitFor();
    await workbench.preview().getByText('5 to create. Nothing was changed yet.').waitFor();
    await workbench.dismiss();
    await workbench.runCommand('Notifications: Clear All Notifications');
  });

  test('a plan is shown before anything is deployed, and then applied', async () => {
    await workbench.contextMenu(IMAGES, 'Deploy Resize Function…');
    await answerAll(RESIZED);
    await workbench.preview().getByText('Nothing was changed yet').waitFor();
    await workbench
      .preview()
      .getByRole('cell', { name: `s3://${RESIZED}` })
      .first()
      .waitFor();
    await workbench.screenshots('resize-plan');
    await workbench.pick('Apply');
    await workbench.preview().getByText('✓ Deployed.').waitFor();
    await workbench.message(`Images uploaded to ${IMAGES}`);
    await workbench.screenshots('resize-deployed');
  });

  test('a file that is dropped on the bucket is resized, and the new object is shown', async () => {
    await workbench.runCommand('Notifications: Clear All Notifications');
    await workbench.expand(RESIZED);
    await workbench.row('No objects').waitFor();
    await dropFile('image5.png', join(ROOT, 'dist', 'lab', 'image5.png'), IMAGES);
    await workbench.row('resized-image5.png').waitFor();
    await workbench.message('resized-image5.png');
    await workbench.screenshots('resize-dropped');
  });

  test('it is followed from the upload to the resized object, on a page that stays', async () => {
    await workbench.runCommand('Notifications: Clear All Notifications');
    await workbench.runCommand('Bucket Brigade: Follow Object…');
    await workbench.asked(IMAGES);
    await workbench.type(`s3://${IMAGES}/image5.png`);
    await workbench.choose(`s3://${IMAGES}/image5.png`);
    await story().getByText('The object was resized.').waitFor();
    await story().getByText('Cold start').first().waitFor();
    await story().getByRole('button', { name: 'resized-image5.png' }).waitFor();
    await story().getByText('REPORT RequestId').waitFor();
    await workbench.screenshots('follow-object');
    await story().getByRole('button', { name: 'Follow Again' }).focus();
    await workbench.page.keyboard.press('Enter');
    await story().getByText('The object was resized.').waitFor();
    // A reload of the browser's own would not let VS Code keep which editors are open.
    await workbench.runCommand('Developer: Reload Window');
    await story().getByText('The object was resized.').waitFor({ state: 'detached' });
    await story().getByText('The object was resized.').waitFor({ timeout: 60_000 });
  });

  test('where it stopped is said, with what helps', async () => {
    await workbench.expand(ASSETS);
    await workbench.contextMenu('manifest.csv', 'Follow Object…');
    await story().getByText('It stopped at “Event”.').waitFor();
    await story().getByRole('button', { name: 'Add Event Notification…' }).waitFor();
    await workbench.screenshots('follow-stopped');
  });

  const story = (): FrameLocator => workbench.preview();

  /** Takes what is suggested, up to the plan. */
  async function answerAll(destinationBucket: string): Promise<void> {
    await workbench.answer('Name of the Lambda function');
    await workbench.answer('Bucket for the resized images', destinationBucket);
    await workbench.pick('Create Role…');
    await workbench.answer('Name of the new role');
    await workbench.asked('Continue, or select a setting');
    await workbench.screenshots('resize-settings');
    await workbench.pick('Continue');
    await workbench.quickInput().getByPlaceholder('Apply the plan').waitFor();
  }

  /** Does something in the workbench's sandbox, as someone else would. */
  async function iam(use: (client: IAMClient) => Promise<unknown>): Promise<void> {
    const clients = await clientsOf(workbench.sandboxFolder);
    await use(clients.iam());
    clients.destroy();
  }

  /** Drops a file from outside as a browser tells of it. */
  async function dropFile(name: string, path: string, rowText: string): Promise<void> {
    const data = readFileSync(path).toString('base64');
    // As text: what runs in the page has types of its own.
    const transfer = await workbench.page.evaluateHandle(`(() => {
      const bytes = Uint8Array.from(atob('${data}'), character => character.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([bytes], '${name}', { type: 'image/png' }));
      return transfer;
    })()`);
    const row = workbench.row(rowText);
    for (const type of ['dragenter', 'dragover', 'drop']) {
      await row.dispatchEvent(type, { dataTransfer: transfer });
      await workbench.page.waitForTimeout(200);
    }
  }
});
