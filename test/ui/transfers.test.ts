import { CreateMultipartUploadCommand, UploadPartCommand } from '@aws-sdk/client-s3';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AwsClients } from '../../src/aws/clients.ts';
import { listObjects } from '../../src/aws/objects/listing.ts';
import { listUnfinishedUploads } from '../../src/aws/objects/unfinishedUploads.ts';
import { clientsOf } from '../support/runningSandbox.ts';
import { openWorkbench, type Workbench } from '../support/workbench.ts';

const ASSETS = 'assets-82834469';

describe('transfers', () => {
  let workbench: Workbench;
  let clients: AwsClients;
  beforeAll(async () => {
    workbench = await openWorkbench();
    await workbench.startSandbox();
    clients = await clientsOf(workbench.sandboxFolder);
  });
  afterAll(async () => {
    clients.destroy();
    await workbench.close();
  });

  test('a folder is synced after a dry run, and listed among the transfers', async () => {
    const site = join(workbench.workspaceFolder, 'site');
    mkdirSync(join(site, 'img'), { recursive: true });
    for (const name of ['index.html', 'a b+c.txt', 'img/logo.svg']) {
      writeFileSync(join(site, ...name.split('/')), name);
    }
    try {
      await workbench.contextMenu(ASSETS, 'Sync Folder to S3…');
      await workbench.chooseFile(site);
      const page = workbench.preview();
      await page.getByText('Sync Now copies 3 files').waitFor();
      await workbench.screenshots('sync-dry-run');
      await page.getByRole('button', { name: 'Sync Now' }).click();
      await workbench.runCommand('Bucket Brigade: Show Transfers');
      await workbench.row(`Sync to s3://${ASSETS}`).getByText('Done · 3').waitFor();
      await workbench.screenshots('transfers-view');
    } catch (error) {
      await workbench.screenshot('failed-transfers');
      throw error;
    }
    const { objects } = await listObjects(clients.s3(), {
      ...{ bucket: ASSETS, prefix: '', delimiter: '' },
    });
    const keys = objects.map(({ key }) => key);
    expect(keys).toEqual(expect.arrayContaining(['a b+c.txt', 'img/logo.svg', 'index.html']));
  });

  /** Drops a file from outside on the bucket, as a browser tells of it. */
  async function drop(name: string): Promise<void> {
    // As text: what runs in the page has types of its own.
    const dataTransfer = await workbench.page.evaluateHandle(`(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([new Uint8Array(3e6)], '${name}'));
      return transfer;
    })()`);
    const row = workbench.row(ASSETS);
    for (const type of ['dragenter', 'dragover', 'drop']) {
      await row.dispatchEvent(type, { dataTransfer });
      await workbench.page.waitForTimeout(200);
    }
  }

  async function slowUploads(milliseconds: number): Promise<void> {
    const rule = { fault: 'latency', milliseconds, service: 's3', operation: 'PutObject' };
    const file = join(workbench.sandboxFolder, 'faults.json');
    if (milliseconds === 0) rmSync(file);
    else writeFileSync(file, JSON.stringify({ rules: [rule] }));
    const on = workbench.page.locator(
      '[id="bucket-brigade.bucket-brigade.bucketBrigade.connection"]',
    );
    await on.filter({ hasText: milliseconds === 0 ? /us-east-1\s*$/ : 'Faults On' }).waitFor();
  }

  test('an upload that runs is followed, to its end or to what comes of the object', async () => {
    try {
      await slowUploads(120_000);
      await drop('slow.bin');
      await workbench.runCommand('Bucket Brigade: Show Transfers');
      await workbench.contextMenu('slow.bin', 'Follow Object…');
      await workbench.preview().getByText('The upload is running.').waitFor();
      await workbench.screenshots('follow-upload');
      await workbench.inlineAction('slow.bin', 'Cancel');
      await workbench
        .preview()
        .getByText('The upload was cancelled, so S3 sent no event.')
        .waitFor();
      await slowUploads(0);
      await slowUploads(5_000);
      await drop('slow.bin');
      await workbench.statusBar('1 transfer').waitFor();
      // After a drop that no hand made, VS Code keeps the mouse off the pages.
      await workbench.preview().getByRole('button', { name: 'Follow Again' }).focus();
      await workbench.page.keyboard.press('Enter');
      await workbench.preview().getByText('It stopped at “Event”.').waitFor();
      await workbench.screenshots('follow-uploaded');
      await slowUploads(0);
    } catch (error) {
      await workbench.screenshot('failed-followed-upload');
      throw error;
    }
  });

  test('an unfinished upload is seen, and aborted', async () => {
    const upload = { Bucket: ASSETS, Key: 'left behind.bin' };
    const { UploadId } = await clients.s3().send(new CreateMultipartUploadCommand(upload));
    const Body = Buffer.alloc(6 * 1024 ** 2);
    await clients.s3().send(new UploadPartCommand({ ...upload, UploadId, PartNumber: 1, Body }));
    try {
      await workbench.contextMenu(ASSETS, 'Show Incomplete Uploads…');
      const page = workbench.preview();
      await page.getByText('1 incomplete multipart upload: 6 MB').waitFor();
      await workbench.screenshots('unfinished-uploads');
      await page.getByRole('button', { name: 'Abort…' }).click();
      await workbench.dialog().getByText('Abort the upload of left behind.bin').waitFor();
      await workbench.dialogButton('Abort');
      await page.getByText('No incomplete multipart uploads').waitFor();
    } catch (error) {
      await workbench.screenshot('failed-unfinished');
      throw error;
    }
    for await (const uploads of listUnfinishedUploads(clients.s3(), ASSETS)) {
      expect(uploads).toEqual([]);
    }
  });
});
