import {
  DeleteObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { LAB_NUMBER } from '../../src/sandbox/lab/seedLab.ts';
import { clientsOf } from '../support/runningSandbox.ts';
import { openWorkbench, type Workbench } from '../support/workbench.ts';

const ASSETS = `assets-${LAB_NUMBER}`;

describe('versions and archived objects', () => {
  let workbench: Workbench;
  beforeAll(async () => {
    workbench = await openWorkbench();
    await workbench.startSandbox();
    const clients = await clientsOf(workbench.sandboxFolder);
    const s3 = clients.s3();
    const VersioningConfiguration = { Status: 'Enabled' as const };
    await s3.send(new PutBucketVersioningCommand({ Bucket: ASSETS, VersioningConfiguration }));
    for (const Body of ['one\n', 'two\n', 'three\n']) {
      await s3.send(new PutObjectCommand({ Bucket: ASSETS, Key: 'notes/plan.txt', Body }));
    }
    await s3.send(new PutObjectCommand({ Bucket: ASSETS, Key: 'notes/gone.txt', Body: 'x' }));
    await s3.send(new DeleteObjectCommand({ Bucket: ASSETS, Key: 'notes/gone.txt' }));
    const StorageClass = 'GLACIER';
    const cold = {
      Bucket: ASSETS,
      Key: 'notes/cold.bin',
      Body: 'x'.repeat(5000),
      StorageClass,
    } as const;
    await s3.send(new PutObjectCommand(cold));
    clients.destroy();
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await workbench.screenshot('failed-versions');
  });
  afterAll(() => workbench.close());

  test('versions and what is deleted are shown in the tree, and undeleted from there', async () => {
    await workbench.expand(ASSETS);
    await workbench.contextMenu('notes', 'Show Versions');
    await workbench.row('gone.txt').waitFor();
    await workbench.expand('plan.txt');
    await workbench.row('current').first().waitFor();
    await workbench.screenshots('versions');
    await workbench.contextMenu('gone.txt', 'Undelete');
    await workbench.statusBar('Undeleted 1 object.').waitFor();
    await workbench.row('deleted').waitFor({ state: 'detached' });
    await expect.poll(() => workbench.row('gone.txt').count()).toBe(1);
  });

  test('a restore from the archive says what it costs and how long it takes', async () => {
    await workbench.contextMenu('cold.bin', 'Restore from Archive…');
    await workbench.quickInput().getByText('Number of days').waitFor();
    await workbench.accept();
    await workbench.quickInput().getByText('Expedited').waitFor();
    await workbench.screenshots('restore-tiers');
    await workbench.accept();
    await workbench.dialog().getByText('The objects stay archived').waitFor();
    await workbench.screenshots('restore-confirm');
    await workbench.dialogButton('Restore');
    await workbench.row('restore in progress').waitFor();
  });
});
