import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { describeJob, listJobs } from '../../src/aws/batchJobs/batchJobs.ts';
import type { AwsClients } from '../../src/aws/clients.ts';
import { listObjects } from '../../src/aws/objects/listing.ts';
import { clientsOf } from '../support/runningSandbox.ts';
import { openWorkbench, type Workbench } from '../support/workbench.ts';

const LAB = '82834469';
const IMAGES = `images-${LAB}`;
const ASSETS = `assets-${LAB}`;
/** The bucket's own row: that of the resized objects begins with the same name. */
const BUCKET = `${IMAGES}us-east-1`;

/** What a job can do beside tagging and invoking, by questions and as JSON. */
describe('a job of any operation', () => {
  let workbench: Workbench;
  let clients: AwsClients;

  beforeAll(async () => {
    workbench = await openWorkbench();
    await workbench.startSandbox();
    clients = await clientsOf(workbench.sandboxFolder);
    await workbench.row(BUCKET).waitFor();
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await workbench.screenshot('failed-job-operations');
  });

  afterAll(async () => {
    clients.destroy();
    await workbench.close();
  });

  async function begin(operation: string): Promise<void> {
    await workbench.contextMenu(BUCKET, 'Create Job…');
    await workbench.asked('Select an operation');
    await workbench.choose(operation);
    await workbench.asked(`Select objects in s3://${IMAGES}/`);
    await workbench.choose('All Objects');
  }

  async function reportAndRole(role: string): Promise<void> {
    await workbench.choose('Another Bucket or Prefix…');
    await workbench.answer('Bucket and prefix of the report', `s3://${ASSETS}/reports`);
    await workbench.choose('All Tasks');
    await workbench.choose('Create Role…');
    await workbench.asked(`Create the role “${role}”?`);
  }

  async function summary(): Promise<string> {
    await workbench.asked('Create and Run');
    return await workbench.quickInput().locator('.quick-input-list .monaco-list-rows').innerText();
  }

  async function leave(): Promise<void> {
    await workbench.dismiss();
  }

  test('copies objects, with what was chosen of them and a role of its own', async () => {
    await workbench.contextMenu(BUCKET, 'Create Job…');
    await workbench.asked('Select an operation');
    await workbench.screenshot('job-operations');
    await leave();
    await begin('Copy');
    await workbench.asked('Destination of the copies');
    await workbench.type(`s3://${ASSETS}/copies/`);
    await workbench.choose(`s3://${ASSETS}/copies/`);
    await workbench.choose('Storage Class');
    await workbench.choose('STANDARD_IA');
    await workbench.choose('Metadata');
    await workbench.choose('Replace…');
    await workbench.answer('Headers and metadata', 'Cache-Control=no-cache; project=x');
    await workbench.choose('Tags');
    await workbench.choose('No Tags');
    await workbench.asked('Cache-Control=no-cache; project=x');
    await workbench.screenshot('job-copy-settings');
    await workbench.choose('Continue');
    await reportAndRole(`S3BatchCopy-${IMAGES}`);
    await workbench.screenshot('job-copy-role');
    await workbench.pick('Create Role');
    const text = await summary();
    expect(text).toContain(`Destination: s3://${ASSETS}/copies/`);
    expect(text).toContain('Objects larger than 5 GB');
    await workbench.screenshot('job-copy-summary');
    // Below what the list shows at first.
    await workbench.type('AWS CLI');
    await workbench.choose('Copy as AWS CLI Commands');
    await workbench.statusBar('AWS CLI commands copied for sh, bash or zsh').waitFor();
    // Enter would copy again, not create a job.
    const focused = workbench.quickInput().locator('.monaco-list-row.focused');
    await focused.filter({ hasText: 'Copy as AWS CLI Commands' }).waitFor();
    await workbench.type('Create and');
    await workbench.choose('Create and Run');
    await expect
      .poll(async () => (await listJobs(clients))[0]?.status, { timeout: 20_000 })
      .toBe('Complete');
    const at = { bucket: ASSETS, prefix: 'copies/', delimiter: '' };
    expect((await listObjects(clients.s3(), at)).objects).toHaveLength(5);
  });

  test('clones it with all that it was told, as a document if one likes', async () => {
    const [job] = await listJobs(clients);
    const name = 'Copy · s3://images';
    await workbench.contextMenu(name, 'Clone Job…');
    await expect.poll(() => summary()).toContain('StorageClass: STANDARD_IA');
    await workbench.type('JSON');
    await workbench.choose('Edit as JSON');
    await workbench.quickInput().waitFor({ state: 'hidden' });
    const editor = workbench.page.locator('.editor-instance .view-lines').last();
    await expect.poll(() => editor.innerText(), { timeout: 20_000 }).toContain('S3PutObjectCopy');
    await workbench.screenshot('job-json');
    await workbench.page.locator('.editor-actions .action-label[aria-label^="Create"]').click();
    await workbench.dialog().waitFor();
    await expect.poll(() => workbench.dialog().innerText()).toContain('can’t be copied by a job');
    await workbench.screenshot('job-json-confirm');
    await workbench.dialogButton('Create Job');
    await expect.poll(async () => (await listJobs(clients)).length, { timeout: 20_000 }).toBe(2);
    const [again] = await listJobs(clients);
    const [first, second] = await Promise.all(
      [job!, again!].map(({ jobId }) => describeJob(clients, { jobId })),
    );
    expect(second!.request).toEqual(first!.request);
    await workbench.page.keyboard.press('Escape');
  });

  test('opens a new document that shows what is still to be filled in', async () => {
    await workbench.setTheme('light');
    await workbench.runCommand('Bucket Brigade: Create Job from JSON…');
    await workbench.choose('Object Lock retention');
    await workbench.page.locator('.squiggly-warning, .squiggly-error').first().waitFor();
    await workbench.screenshot('job-json-template');
    await workbench.page.locator('.editor-actions .action-label[aria-label^="Create"]').click();
    await workbench.dialog().waitFor();
    await expect.poll(() => workbench.dialog().innerText()).toContain('The job would fail');
    await workbench.screenshot('job-json-fails');
    await workbench.dialogButton('Create Anyway');
    await workbench.message('This isn’t the ARN of an IAM role');
    await workbench.screenshot('job-json-refused');
    await workbench.runCommand('Notifications: Clear All Notifications');
  });

  test('warns of what can’t be undone before it is chosen', async () => {
    await begin('Object Lock retention');
    await workbench.choose('Compliance Mode…');
    await workbench.answer('Retain until the end of this day', '2040-12-31');
    await workbench.dialog().waitFor();
    await expect.poll(() => workbench.dialog().innerText()).toContain('Not even the root user');
    await workbench.screenshot('job-compliance');
    await workbench.dialogButton('Use Compliance Mode');
    await workbench.choose('Keep Longer Retention');
    // The report goes where the last one went.
    await workbench.choose('Create Role…');
    await workbench.asked(`Create the role “S3BatchRetention-${IMAGES}”?`);
    await workbench.pick('Create Role');
    await expect.poll(() => summary()).toContain('must have Object Lock turned on');
    await workbench.screenshot('job-retention-summary');
    await leave();
  });
});
