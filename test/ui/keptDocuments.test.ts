import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { describeJob, runJob } from '../../src/aws/batchJobs/batchJobs.ts';
import { findReport } from '../../src/aws/batchJobs/completionReport.ts';
import { createJob } from '../../src/aws/batchJobs/createJob.ts';
import type { AwsClients } from '../../src/aws/clients.ts';
import { readManifest } from '../../src/aws/manifest/manifest.ts';
import { readObject, writeObject } from '../../src/aws/objects/objects.ts';
import { clientsOf } from '../support/runningSandbox.ts';
import { openWorkbench, type Workbench } from '../support/workbench.ts';

const ASSETS = 'assets-82834469';

/** Reports and problems of manifests, seen in both themes and over a reload of the window. */
describe('documents', () => {
  let workbench: Workbench;
  let clients: AwsClients;

  beforeAll(async () => {
    workbench = await openWorkbench();
    await workbench.startSandbox();
    clients = await clientsOf(workbench.sandboxFolder);
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await workbench.screenshot('failed-documents');
  });
  afterAll(async () => {
    clients.destroy();
    await workbench.close();
  });

  const document = () => workbench.preview().locator('body');

  async function look(name: string): Promise<void> {
    for (const theme of ['light', 'dark'] as const) {
      await workbench.setTheme(theme);
      await workbench.page.waitForTimeout(300);
      await workbench.screenshot(`${name}-${theme}`);
    }
  }

  /** A job that ran, in whose report one row is damaged. */
  async function damagedReport(description: string): Promise<void> {
    const s3 = clients.s3();
    const { jobId } = await createJob(clients, {
      manifest: await readManifest(s3, { bucket: ASSETS, key: 'manifest.csv' }),
      operation: { name: 'S3PutObjectTagging', tags: [{ key: 'a', value: 'b' }] },
      roleArn: `arn:aws:iam::${clients.accountId}:role/S3BatchPutRole`,
      report: { bucket: ASSETS, scope: 'AllTasks' },
      priority: 1,
      description,
      clientRequestToken: randomUUID(),
    });
    const status = async () => (await describeJob(clients, { jobId })).status;
    await expect.poll(status).toBe('Suspended');
    await runJob(clients, { jobId });
    await expect.poll(status, { timeout: 20_000 }).toBe('Complete');
    const { results } = await findReport(s3, { bucket: ASSETS, jobId });
    const { key } = results[0]!;
    const rows = Buffer.from(await readObject(s3, { bucket: ASSETS, key, maxBytes: 1e6 }));
    const body = rows.toString().replace(',succeeded,200,', ',succ"eeded\u0000');
    await writeObject(s3, { bucket: ASSETS, key, body });
  }

  test('say what is wrong with a manifest', async () => {
    const rows = [
      'Eimer (S3),Schlüssel,Klasse',
      'images,a b.png,STANDARD',
      'images,c.png,STANDARD',
    ];
    await writeObject(clients.s3(), { bucket: ASSETS, key: 'bad.csv', body: rows.join('\r\n') });
    await workbench.runCommand('Bucket Brigade: Refresh Buckets');
    await workbench.expand('assets-');
    await workbench.contextMenu('bad.csv', 'Create Tagging Job…');
    await workbench.dialog().waitFor();
    await look('manifest-asked');
    await workbench.dialogButton('Show Problems');
    await document().getByText('Problems of a Manifest').waitFor();
    await expect
      .poll(() => document().innerText())
      .toContain('No column looks like S3 version IDs');
    await look('manifest-problems');
  });

  test('show a damaged report and properties, also after the window was reloaded', async () => {
    await workbench.contextMenu('manifest.csv', 'Show Properties');
    await document().getByText('Storage class', { exact: true }).first().waitFor();
    await damagedReport('Damaged');
    await workbench.runCommand('Bucket Brigade: Refresh Batch Jobs');
    await workbench.contextMenu('Damaged', 'Open Completion Report…');
    await document().getByText('4 of 5 results could be read.').waitFor();
    await look('report-damaged');
    await workbench.runCommand('Developer: Reload Window');
    await document().getByText('4 of 5 results could be read.').waitFor({ state: 'detached' });
    await document().getByText('4 of 5 results could be read.').waitFor({ timeout: 60_000 });
    await workbench.page.getByRole('tab', { name: 'manifest.csv: Properties' }).click();
    await document().getByText('Storage class', { exact: true }).first().waitFor();
    await expect.poll(() => document().innerText()).toContain(`s3://${ASSETS}/manifest.csv`);
    await look('properties-restored');
  });
});
