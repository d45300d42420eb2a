import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { LAB_NUMBER } from '../../src/sandbox/lab/seedLab.ts';
import { openWorkbench, type Workbench } from '../support/workbench.ts';

const IMAGES = `images-${LAB_NUMBER}`;

describe('files and objects', () => {
  let workbench: Workbench;
  beforeAll(async () => {
    workbench = await openWorkbench();
    await workbench.startSandbox();
    await workbench.expand(IMAGES);
    await workbench.row('image1.png').waitFor();
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await workbench.screenshot('failed-files');
  });
  afterAll(() => workbench.close());

  test('links that lead out of an uploaded folder are named, and left out', async () => {
    const { workspaceFolder } = workbench;
    const folder = join(workspaceFolder, 'to-upload', 'site');
    // Also when it is repeated.
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'index.html'), '<p>');
    writeFileSync(join(workspaceFolder, 'secret.txt'), 'secret');
    symlinkSync(join(workspaceFolder, 'secret.txt'), join(folder, 'out.txt'));
    await workbench.contextMenu(IMAGES, 'Upload Files…');
    await workbench.pick('Folders…');
    await workbench.quickInput().getByText('Select Folders to Upload').waitFor();
    await workbench.chooseFile(folder);
    await workbench.dialog().getByText('secret.txt').waitFor();
    await workbench.screenshots('upload-link');
    await workbench.dialogButton('Skip');
    await workbench.expand('site');
    await workbench.row('index.html').waitFor();
    await expect.poll(() => workbench.row('out.txt').count()).toBe(0);
  });

  test('a deletion says what the bucket makes of it', async () => {
    await workbench.contextMenu('index.html', 'Delete…');
    await workbench.dialog().getByText(`versioning is off in ${IMAGES}`).waitFor();
    await workbench.screenshots('delete');
    await workbench.dialogButton('Delete');
    await workbench.statusBar('Deleted 1 object.').waitFor();
  });

  test('an address that a workspace names is asked about, and not read before', async () => {
    const { page, workspaceFolder } = workbench;
    const file = join(workspaceFolder, 'a.code-workspace');
    const folders = [{ path: '.' }, { uri: `s3://${IMAGES}/`, name: 'images' }];
    writeFileSync(file, JSON.stringify({ folders }));
    const address = new URL(page.url());
    address.searchParams.delete('folder');
    address.searchParams.set('workspace', file);
    await page.goto(address.toString());
    await workbench.workspaceOpened();
    const asked = await workbench.message('is trying to read');
    await asked.getByText(`s3://${IMAGES}`).waitFor();
    await workbench.screenshots('address');
  });
});
