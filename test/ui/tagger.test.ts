import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LAB_NUMBER } from '../../src/sandbox/lab/seedLab.ts';
import { listObjects } from '../../src/aws/objects/listing.ts';
import { getObjectTags } from '../../src/aws/objects/tags.ts';
import { readTaggerScope } from '../../src/aws/taggerDeployment/taggerScope.ts';
import { clientsOf } from '../support/runningSandbox.ts';
import { openWorkbench, type Workbench } from '../support/workbench.ts';

const IMAGES = `images-${LAB_NUMBER}`;
const ASSETS = `assets-${LAB_NUMBER}`;

describe('the tagger', () => {
  let workbench: Workbench;
  beforeAll(async () => {
    workbench = await openWorkbench();
    await workbench.openContainer();
    await workbench.page.getByText('Start Local Sandbox').first().click();
    await workbench.row(IMAGES).waitFor();
  });
  afterAll(() => workbench.close());

  async function deployFor(bucket: string): Promise<void> {
    await workbench.runCommand('Bucket Brigade: Deploy Tagger…');
    await workbench.pick(bucket);
    await workbench.answer('Location of the reports', `s3://${ASSETS}/tag-reports`);
    await workbench.quickInput().getByPlaceholder('Deploy the tagger').waitFor();
  }

  async function scope() {
    const clients = await clientsOf(workbench.sandboxFolder);
    const found = await readTaggerScope(clients, clients.region);
    clients.destroy();
    return found;
  }

  test('is deployed by a plan that is shown first', async () => {
    await deployFor(IMAGES);
    await workbench.preview().getByText('3 to create. Nothing was changed yet.').waitFor();
    await workbench.screenshots('tagger-plan');
    expect((await scope()).buckets).toEqual([]);
    await workbench.pick('Apply');
    await workbench.preview().getByText('✓ Deployed.').waitFor();
    await workbench.message(`can now change tags in ${IMAGES}`);
    expect((await scope()).buckets).toEqual([IMAGES]);
    await workbench.screenshots('tagger-deployed');
    await workbench.runCommand('Notifications: Clear All Notifications');
  });

  test('is given one bucket more by a change of its roles', async () => {
    await deployFor(ASSETS);
    await workbench.preview().getByText('2 to change, 1 to keep').waitFor();
    await workbench.screenshots('tagger-change');
    await workbench.pick('Apply');
    await workbench.message(`can now change tags in ${ASSETS}`);
    expect((await scope()).buckets).toEqual([ASSETS, IMAGES]);
    await workbench.runCommand('Notifications: Clear All Notifications');
  });

  test('is removed again, after what goes and stays was shown', async () => {
    await workbench.runCommand('Bucket Brigade: Remove Tagger…');
    await workbench.pick('Keep Log Group');
    await workbench.preview().getByText('3 to delete. Nothing was deleted yet.').waitFor();
    await workbench.screenshots('tagger-removal');
    await workbench.pick('Remove');
    await workbench.preview().getByText('✓ Removed.').waitFor();
    expect((await scope()).buckets).toEqual([]);
  });

  /** What every object of the images has, by the sandbox itself. */
  async function tagsOfImages() {
    const clients = await clientsOf(workbench.sandboxFolder);
    try {
      const s3 = clients.s3();
      const { objects } = await listObjects(s3, { bucket: IMAGES, prefix: 'image', delimiter: '' });
      const all = objects.map(({ key }) => getObjectTags(s3, { bucket: IMAGES, key }));
      return (await Promise.all(all)).map(tags => tags.map(({ key, value }) => `${key}=${value}`));
    } finally {
      clients.destroy();
    }
  }

  const shown = () => workbench.preview().locator('body');

  /** Runs the job that was created just now. */
  async function runCreated(): Promise<void> {
    const created = await workbench.message('Job created');
    await created.getByText('Run…').click();
    await workbench.dialog().waitFor();
    await workbench.screenshots('tagger-run');
    await workbench.dialogButton('Run Job');
  }

  test('changes the tags of a selection by a job, which another undoes', async () => {
    await workbench.runCommand('View: Close All Editors');
    await workbench.contextMenu(IMAGES, 'Change Tags…');
    await workbench.pick('Use These Objects');
    await workbench.pick('Set Tags…');
    await workbench.answer('Tags as key=value', 'owner=me');
    await shown().getByText('All 5 objects were checked.').waitFor();
    await workbench.screenshots('tagger-choice');
    await shown().getByRole('button', { name: 'Create Batch Job…' }).click();
    await workbench.pick('Another Bucket or Prefix…');
    await workbench.answer('Bucket and prefix of the report', `s3://${ASSETS}/tag-reports`);
    await workbench.preview().getByText('3 to create. Nothing was changed yet.').waitFor();
    await workbench.pick('Apply');
    await runCreated();
    await expect.poll(tagsOfImages, { timeout: 30_000 }).toEqual(Array(5).fill(['owner=me']));
    await workbench.runCommand('Notifications: Clear All Notifications');
    await workbench.screenshots('tagger-job');

    await workbench.runCommand('View: Close All Editors');
    await workbench.runCommand('Bucket Brigade: Undo Job…');
    await workbench.pick('owner=me');
    await shown().getByText('All 5 objects were checked.').waitFor();
    await shown().getByRole('button', { name: 'Create Batch Job…' }).click();
    await workbench.dialogButton('Restore the Others');
    await runCreated();
    await expect.poll(tagsOfImages, { timeout: 30_000 }).toEqual(Array(5).fill([]));
  });
});
