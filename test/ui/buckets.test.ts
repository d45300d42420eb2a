import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LAB_NUMBER } from '../../src/sandbox/lab/seedLab.ts';
import { openWorkbench, type Workbench } from '../support/workbench.ts';

const BUCKET = 'made-by-hand';
const IMAGES = `images-${LAB_NUMBER}`;

const awsFolder = mkdtempSync(path.join(tmpdir(), 'bb-ui-buckets-'));
const config = path.join(awsFolder, 'config');
let workbench: Workbench;

beforeAll(async () => {
  writeFileSync(config, '');
  const credentials = path.join(awsFolder, 'credentials');
  writeFileSync(credentials, '');
  workbench = await openWorkbench({
    env: { AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: credentials },
  });
  await workbench.startSandbox();
});

afterAll(async () => {
  await workbench.close();
  rmSync(awsFolder, { recursive: true, force: true });
});

test('a bucket is made after its name was checked, and deleted after it was typed', async () => {
  await workbench.runCommand('Bucket Brigade: Create Bucket…');
  await workbench.asked('Bucket name');
  await workbench.type('Made');
  await workbench.quickInput().getByText('Use lowercase letters only').waitFor();
  await workbench.screenshots('bucket-name');
  await workbench.type(BUCKET);
  await workbench.accept();
  await workbench.asked('Turn on versioning for');
  await workbench.screenshots('bucket-versioning');
  await workbench.pick('Create With Versioning');
  await workbench.row(BUCKET).waitFor();

  await workbench.contextMenu(BUCKET, 'Delete Bucket…');
  await workbench.dialog().getByText(`Delete the empty bucket ${BUCKET}?`).waitFor();
  await workbench.screenshots('bucket-delete');
  await workbench.dialogButton('Delete Bucket…');
  await workbench.asked(`Type ${BUCKET} to delete`);
  await workbench.type('made');
  await workbench.quickInput().getByText(`Type ${BUCKET} to confirm`).waitFor();
  await workbench.type(BUCKET);
  await workbench.accept();
  await expect.poll(() => workbench.row(BUCKET).count(), { timeout: 10_000 }).toBe(0);
});

test('a bucket with objects says what goes with it', async () => {
  await workbench.contextMenu(IMAGES, 'Empty Bucket…');
  await workbench.dialog().getByText(`Delete everything in ${IMAGES}?`).waitFor();
  await workbench.dialog().getByText('objects: 5').waitFor();
  await workbench.screenshots('bucket-empty');
  await workbench.dialogButton('Cancel');
});

test('the menus of rows fit into a window of 800 pixels, with what is said most often in sight', async () => {
  const menu = workbench.page.locator('.monaco-menu').first();
  const expected = ['Create Tagging Job…', 'Add Event Notification…', 'Show Metrics…', 'Sync'];
  await workbench.row(IMAGES).click({ button: 'right' });
  for (const item of expected) await menu.getByText(item, { exact: true }).waitFor();
  // A menu that is cut off is as high as the window, and scrolls.
  const { height = 0, y = 0 } = (await menu.boundingBox()) ?? {};
  const entries = await menu.locator('.action-item').all();
  const last = await entries.at(-1)!.boundingBox();
  expect(height).toBeGreaterThan(400);
  expect(last!.y + last!.height).toBeLessThanOrEqual(Math.min(y + height, 800));
  await expect.poll(() => menu.locator('.scrollbar.vertical.visible').count()).toBe(0);
  // Last, as a change of the theme may close it.
  await workbench.screenshots('bucket-menu');
  await workbench.page.keyboard.press('Escape');
});

test('two connections that are open stand above their buckets and their jobs', async () => {
  const file = path.join(workbench.sandboxFolder, 'sandbox.json');
  const record = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
  writeFileSync(
    config,
    `[profile lab]
region = us-east-1
endpoint_url = ${record['endpoint']}
aws_access_key_id = ${record['accessKeyId']}
aws_secret_access_key = ${record['secretAccessKey']}
`,
  );
  await workbench.runCommand('Bucket Brigade: Open Another Connection…');
  await workbench.pick('lab');
  await workbench.row('lab').waitFor();
  await workbench.row('Local Sandbox').waitFor();
  await workbench.expand('lab');
  await workbench.row(IMAGES).waitFor();
  // In both views.
  const roots = workbench.page.getByRole('treeitem', { name: /^lab, connection/ });
  await expect.poll(() => roots.count(), { timeout: 10_000 }).toBe(2);
  await workbench.row('No batch jobs').waitFor();
  await workbench.screenshots('several-connections');
  await workbench.row('lab').click({ button: 'right' });
  await workbench.page.getByText('Set as Default', { exact: true }).first().waitFor();
  await workbench.screenshots('several-connections-menu');
  await workbench.page.keyboard.press('Escape');
  await workbench.contextMenu('lab', 'Close Connection');
  await expect.poll(() => workbench.row('Local Sandbox').count(), { timeout: 10_000 }).toBe(0);
});
