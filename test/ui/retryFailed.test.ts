import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { describeJob, runJob } from '../../src/aws/batchJobs/batchJobs.ts';
import { createJob } from '../../src/aws/batchJobs/createJob.ts';
import type { AwsClients } from '../../src/aws/clients.ts';
import { readManifest } from '../../src/aws/manifest/manifest.ts';
import { writeObject } from '../../src/aws/objects/objects.ts';
import { clientsOf } from '../support/runningSandbox.ts';
import { openWorkbench, type Workbench } from '../support/workbench.ts';

const ASSETS = 'assets-82834469';
const IMAGES = 'images-82834469';
const NAME = 'Tag half of it';

/** A job half of whose tasks are denied: why, what helps, and the retry, as a person goes through it. */
describe('what failed of a job', () => {
  let workbench: Workbench;
  let clients: AwsClients;

  beforeAll(async () => {
    workbench = await openWorkbench();
    await workbench.startSandbox();
    clients = await clientsOf(workbench.sandboxFolder);
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await workbench.screenshot('failed-retry');
  });
  afterAll(async () => {
    clients.destroy();
    await workbench.close();
  });

  const page = () => workbench.preview().locator('body');

  async function look(name: string): Promise<void> {
    await workbench.runCommand('Notifications: Clear All Notifications');
    for (const theme of ['light', 'dark'] as const) {
      await workbench.setTheme(theme);
      await workbench.page.waitForTimeout(300);
      await workbench.screenshot(`${name}-${theme}`);
    }
  }

  test('is explained in the report, and helped by one click', async () => {
    const s3 = clients.s3();
    const at = { bucket: ASSETS, key: 'half.csv' };
    // The lab's role may tag images only.
    const body = `${IMAGES},image1.png\n${IMAGES},gone.png\n${ASSETS},manifest.csv\n${ASSETS},function.zip\n`;
    await writeObject(s3, { ...at, body });
    const { jobId } = await createJob(clients, {
      manifest: await readManifest(s3, at),
      operation: { name: 'S3PutObjectTagging', tags: [{ key: 'a', value: 'b' }] },
      roleArn: `arn:aws:iam::${clients.accountId}:role/S3BatchPutRole`,
      report: { bucket: ASSETS, scope: 'AllTasks' },
      ...{ priority: 1, description: NAME, clientRequestToken: randomUUID() },
    });
    const status = async () => (await describeJob(clients, { jobId })).status;
    await expect.poll(status).toBe('Suspended');
    await runJob(clients, { jobId });
    await expect.poll(status, { timeout: 20_000 }).toBe('Complete');
    await workbench.runCommand('Bucket Brigade: Refresh Batch Jobs');
    await workbench.contextMenu(NAME, 'Open Completion Report…');
    await page().getByText(`The role S3BatchPutRole lacks s3:PutObjectTagging`).waitFor();
    await look('report-denied');
    await page().getByRole('button', { name: 'Add to Role…' }).click();
    await workbench.dialog().waitFor();
    await workbench.screenshot('report-allow');
    await workbench.dialogButton('Add Policy');
    await workbench.message('was added to S3BatchPutRole');
    await page().getByRole('button', { name: 'Add to Role…' }).waitFor({ state: 'detached' });
  });

  test('is retried, and both jobs tell of each other', async () => {
    await page().getByRole('button', { name: 'Retry Failed…' }).click();
    await workbench.dialog().waitFor();
    await workbench.screenshot('retry-asked');
    await workbench.dialogButton('Retry');
    await workbench
      .row(`Retry 1 of ${NAME}`)
      .filter({ hasText: /Complete/ })
      .waitFor();
    await workbench.contextMenu(`Retry 1 of ${NAME}`, 'Open Job Page…');
    await page().getByText('Timeline').first().waitFor();
    await page()
      .getByRole('button', { name: `${NAME} · Complete` })
      .waitFor();
    await look('job-page');
    await page()
      .getByRole('button', { name: `${NAME} · Complete` })
      .click();
    await page().getByRole('heading', { name: NAME, exact: true }).waitFor();
    await page().getByText('Retried by').waitFor();
    await look('job-page-parent');
  });
});
