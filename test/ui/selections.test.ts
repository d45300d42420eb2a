import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { AwsClients } from '../../src/aws/clients.ts';
import { listObjects } from '../../src/aws/objects/listing.ts';
import { readWholeObject, writeObject } from '../../src/aws/objects/objects.ts';
import { clientsOf } from '../support/runningSandbox.ts';
import { openWorkbench, type Workbench } from '../support/workbench.ts';

const IMAGES = 'images-82834469';
const ASSETS = 'assets-82834469';

/** Any objects, without bringing a manifest; and manifests that one brings, put right. */
describe('selections', () => {
  let workbench: Workbench;
  let clients: AwsClients;
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await workbench.screenshot('failed-selections');
    clients.destroy();
    await workbench.close();
  });

  async function begin(): Promise<void> {
    workbench = await openWorkbench();
    await workbench.startSandbox();
    clients = await clientsOf(workbench.sandboxFolder);
  }

  /** The newest manifest that was written. */
  async function manifestIn(bucket: string): Promise<string> {
    const { objects } = await listObjects(clients.s3(), { bucket, prefix: 'manifests/' });
    const { body } = await readWholeObject(clients.s3(), {
      ...{ bucket, key: objects.at(-1)?.key ?? '', maxBytes: 1_000_000 },
    });
    return Buffer.from(body).toString();
  }

  async function shown(): Promise<string> {
    return await workbench.quickInput().locator('.quick-input-list .monaco-list-rows').innerText();
  }

  test('a manifest of selected rows, of a filter, and of keys in a file', async () => {
    await begin();
    const { page } = workbench;
    await workbench.expand('images-');
    await workbench.row('image1.png').click();
    await workbench.row('image3.webp').click({ modifiers: ['ControlOrMeta'] });
    await workbench.contextMenu('image3.webp', 'Create Manifest…');
    await workbench.asked(`Write a manifest of 2 objects in ${IMAGES}?`);
    await workbench.asked('2 objects');
    await workbench.screenshots('manifest-of-selection');
    await workbench.choose('Write Manifest…');
    await workbench.choose(`s3://${IMAGES}/manifests/`);
    await workbench.message(`2 objects written to s3://${IMAGES}/manifests/`);
    expect(await manifestIn(IMAGES)).toBe(`${IMAGES},image1.png\n${IMAGES},image3.webp\n`);
    await workbench.runCommand('Notifications: Clear All Notifications');

    // By the keyboard alone, of a bucket.
    await workbench.row('images-').click();
    await workbench.runCommand('Bucket Brigade: Create Manifest…');
    await workbench.choose(IMAGES);
    await workbench.choose('Use this folder');
    await workbench.asked('Use These Objects');
    await workbench.choose('Key Matches Glob');
    await workbench.answer('Glob for the whole key', 'image[12].*');
    await workbench.asked('image[12].*');
    await workbench.choose('Size');
    await workbench.choose('Enter Sizes…');
    await workbench.answer('Sizes; 1 KB is 1,024 bytes', '> 1 KB');
    await workbench.asked('or more');
    await workbench.asked('2 objects');
    await workbench.screenshots('filter');
    await workbench.choose('Use These Objects');
    await workbench.choose('Count All and Show by Prefix');
    await workbench.preview().getByText('By Prefix').waitFor();
    await workbench.asked('Write Manifest…');
    await workbench.screenshots('selection-by-prefix');
    await workbench.pick('Write Manifest…');
    await workbench.choose('Another Location…');
    await workbench.answer('The S3 URI of the manifest', `s3://${ASSETS}/manifests/filtered.csv`);
    await workbench.message(`2 objects written to s3://${ASSETS}/manifests/filtered.csv`);
    expect(await manifestIn(ASSETS)).toBe(`${IMAGES},image1.png\n${IMAGES},image2.jpg\n`);

    await workbench.runCommand('Notifications: Clear All Notifications');
    // From a file, by the dialog.
    writeFileSync(join(workbench.workspaceFolder, 'keys.txt'), 'image4.gif\nnot there.png\n');
    await workbench.runCommand('Bucket Brigade: Create Manifest…');
    await workbench.choose('Keys in a File on This Computer…');
    await workbench.chooseFile(join(workbench.workspaceFolder, 'keys.txt'));
    await workbench.asked('Select the bucket of the keys');
    await workbench.choose(IMAGES);
    await workbench.choose('Write Manifest…');
    await workbench.choose(`s3://${ASSETS}/manifests/`);
    await workbench.message(`2 objects written to s3://${ASSETS}/manifests/${IMAGES}-`);
    const text = `${IMAGES},image4.gif\n${IMAGES},not%20there.png\n`;
    expect(await manifestIn(ASSETS)).toBe(text);
    await page.keyboard.press('Escape');
  });

  test('a tagging job on what S3 finds itself by a filter', async () => {
    await begin();
    await workbench.contextMenu('images-', 'Create Tagging Job…');
    await workbench.choose('Filter…');
    await workbench.asked('Use These Objects');
    await workbench.choose('Size');
    await workbench.choose('1 MB or More');
    await workbench.choose('Key Contains');
    await workbench.answer('Text that keys must contain', 'image');
    await workbench.asked('S3 lists them when it prepares the job');
    await workbench.screenshots('filter-by-s3');
    await workbench.pick('Size');
    await workbench.choose('Any Size');
    await workbench.choose('Use These Objects');
    await workbench.answer('Tags that replace all tags', 'phototype=found');
    await workbench.choose('Another Bucket or Prefix…');
    await workbench.answer('Bucket and prefix of the report', `s3://${ASSETS}/reports`);
    await workbench.choose('All Tasks');
    await workbench.choose('Create Role…');
    await workbench.asked('Create the role “');
    await workbench.pick('Create Role');
    await workbench.asked('Create and Run');
    const summary = await shown();
    expect(summary).toContain('Key contains image');
    await workbench.screenshots('job-of-filter');
    await workbench.pick('Create and Run');
    await workbench.row('Tag phototype=found').filter({ hasText: 'Complete' }).waitFor();
  });

  test('a manifest is checked row by row and written corrected', async () => {
    await begin();
    const { page } = workbench;
    const body = `bucket,key\n${IMAGES},image1.png\n${IMAGES},my image.png\n${IMAGES},image1.png\n`;
    await writeObject(clients.s3(), { bucket: ASSETS, key: 'bad.csv', body });
    await workbench.runCommand('Bucket Brigade: Refresh Buckets');
    await workbench.expand('assets-');
    await workbench.contextMenu('bad.csv', 'Check Manifest…');
    await workbench.choose('Check Rows and Whether Objects Exist');
    const problems = page.locator('.markers-panel');
    await problems.getByText('The first row is a header').waitFor();
    await problems.getByText('The key isn’t URL-encoded').waitFor();
    await problems.getByText('The object doesn’t exist').waitFor();
    await problems.getByText('Duplicate row').waitFor();
    await workbench.message('problems in bad.csv');
    await workbench.screenshots('manifest-problems');
    await workbench.runCommand('Notifications: Clear All Notifications');

    const menu = page.locator('.action-widget');
    const fixes = async (): Promise<void> => {
      await page.locator('.monaco-editor').getByText('my image.png').click();
      await page.keyboard.press('Control+.');
      await menu.getByText('URL-Encode Unencoded Keys').waitFor({ timeout: 5_000 });
    };
    // The editor may not have the fixes of problems that it has only just got.
    await fixes().catch(fixes);
    // A change of the theme may close the menu.
    await workbench.screenshot('manifest-quick-fix-dark');
    await menu.getByText('Write Corrected Manifest…').click();
    await workbench.asked('Select what to correct');
    await workbench.screenshots('manifest-corrections');
    await workbench.accept();
    await workbench.answer('Destination of the corrected manifest');
    await workbench.message('bad-corrected.csv: 1 object · 3 rows removed · no problems');
    const { body: corrected } = await readWholeObject(clients.s3(), {
      ...{ bucket: ASSETS, key: 'bad-corrected.csv', maxBytes: 10_000 },
    });
    expect(Buffer.from(corrected).toString()).toBe(`${IMAGES},image1.png\n`);
  });
});
