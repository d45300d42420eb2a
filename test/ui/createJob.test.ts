import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { describeJob, listJobs } from '../../src/aws/batchJobs/batchJobs.ts';
import type { AwsClients } from '../../src/aws/clients.ts';
import { createJob } from '../../src/aws/batchJobs/createJob.ts';
import { readManifest } from '../../src/aws/manifest/manifest.ts';
import { writeObject } from '../../src/aws/objects/objects.ts';
import { createBatchRole } from '../../src/aws/roles/roles.ts';
import { clientsOf } from '../support/runningSandbox.ts';
import { openWorkbench, type Workbench } from '../support/workbench.ts';

const LAB = '82834469';
const IMAGES = `images-${LAB}`;
const ASSETS = `assets-${LAB}`;

/** What a person meets between choosing a manifest and having a job. */
describe('creating a tagging job', () => {
  let workbench: Workbench;
  let clients: AwsClients;

  beforeAll(async () => {
    workbench = await openWorkbench();
    await workbench.startSandbox();
    clients = await clientsOf(workbench.sandboxFolder);
    await workbench.expand('assets-');
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await workbench.screenshot('failed-create-job');
  });

  afterAll(async () => {
    clients.destroy();
    await workbench.close();
  });

  async function put(key: string, body: string): Promise<void> {
    await writeObject(clients.s3(), { bucket: ASSETS, key, body });
    await workbench.runCommand('Bucket Brigade: Refresh Buckets');
    await workbench.row(key).waitFor();
  }

  async function begin(manifest: string): Promise<void> {
    await workbench.contextMenu(manifest, 'Create Tagging Job…');
  }

  async function answerTags(): Promise<void> {
    await workbench.answer('Tags that replace all tags', 'phototype=finished');
  }

  /** What the dialog says. */
  async function said(): Promise<string> {
    await workbench.dialog().waitFor();
    return await workbench.dialog().innerText();
  }

  /** What the summary shows. */
  async function summary(question?: string): Promise<string> {
    await workbench.asked('Create and Run');
    if (question !== undefined) await workbench.asked(question);
    return await workbench.quickInput().locator('.quick-input-list .monaco-list-rows').innerText();
  }

  async function leave(): Promise<void> {
    await workbench.dismiss();
  }

  test('shows the only role that fits, and makes another when that is wanted', async () => {
    await begin('manifest.csv');
    await answerTags();
    await expect.poll(() => summary()).toContain('S3BatchPutRole');
    await workbench.choose('S3BatchPutRole');
    await workbench.asked('has the permissions this job needs');
    await workbench.screenshot('roles-that-fit');
    await workbench.choose('Create Role…');
    await workbench.asked(`Create the role “S3BatchTagging-${IMAGES}”?`);
    await workbench.asked('s3:PutObjectTagging');
    await workbench.choose('Show Policies');
    await workbench.page.getByText('batchoperations.s3.amazonaws.com').first().waitFor();
    await workbench.asked('Change Name…');
    await workbench.screenshot('create-role-policy');
    await workbench.pick('Create Role');
    await expect.poll(() => summary()).toContain(`S3BatchTagging-${IMAGES}`);
    await workbench.choose('Priority');
    await workbench.answer('Priority:', '42');
    await workbench.choose('Description');
    await workbench.answer('Description', 'With a new role');
    const text = await summary();
    expect(text).toContain('42');
    expect(text).toContain('With a new role');
    await workbench.screenshot('create-and-run');
    await workbench.pick('Create and Run');
    await workbench.row('With a new role').waitFor();
    const [job] = await listJobs(clients);
    await expect
      .poll(async () => await describeJob(clients, { jobId: job!.jobId }), { timeout: 20_000 })
      .toMatchObject({ status: 'Complete', succeeded: 5, priority: 42 });
    // The number of objects was known and agreed to: nobody is asked once more.
    await expect.poll(() => workbench.dialog().count()).toBe(0);
  });

  test('clones a job to its summary, where each answer can be changed', async () => {
    await workbench.contextMenu('With a new role', 'Clone Job…');
    const text = await summary();
    for (const answer of ['42', 'With a new role', `S3BatchTagging-${IMAGES}`, 'all tasks, in']) {
      expect(text).toContain(answer);
    }
    await workbench.screenshot('clone-summary');
    await workbench.choose('phototype=finished');
    await workbench.answer('Tags that replace all tags', 'phototype=cloned, owner=me');
    await expect.poll(() => summary()).toContain('phototype=cloned, owner=me');
    await leave();
  });

  test('clones a job that removes all tags without asking for tags', async () => {
    const s3 = clients.s3();
    await createJob(clients, {
      manifest: await readManifest(s3, { bucket: ASSETS, key: 'manifest.csv' }),
      operation: { name: 'S3DeleteObjectTagging' },
      roleArn: `arn:aws:iam::${clients.accountId}:role/S3BatchPutRole`,
      priority: 7,
      description: 'Remove all',
      clientRequestToken: 'remove-all',
    });
    await workbench.runCommand('Bucket Brigade: Refresh Batch Jobs');
    await workbench.contextMenu('Remove all', 'Clone Job…');
    // The role lacks what the job needs: that is said before the summary.
    await workbench.asked('It lacks s3:DeleteObjectTagging on');
    await workbench.screenshot('role-lacks');
    await workbench.choose('Use Anyway');
    await expect.poll(() => summary('Remove all tags of 5 objects')).toContain('all are removed');
    await leave();
  });

  test('a job that never ran is cancelled as one that changed nothing', async () => {
    await workbench.contextMenu('Remove all', 'Cancel Job…');
    const text = await said();
    expect(text).toContain('It hasn’t changed any object.');
    expect(text).toContain('Keep Job');
    await workbench.screenshot('cancel-unrun');
    await workbench.dialogButton('Keep Job');
    await workbench.row('Remove all').filter({ hasText: 'Awaiting confirmation' }).waitFor();
    await workbench.contextMenu('Remove all', 'Cancel Job…');
    await workbench.dialogButton('Cancel Job');
    await workbench.row('Remove all').filter({ hasText: 'Cancelled' }).waitFor();
  });

  test('says what is wrong with a role, and asks for another', async () => {
    const Statement = [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }] as const;
    const policy = { Version: '2012-10-17', Statement } as const;
    await createBatchRole(clients, { name: 'OnlyReads', policy });
    await begin('manifest.csv');
    await answerTags();
    await summary();
    await workbench.choose('S3BatchTagging');
    await workbench.choose('OnlyReads');
    await workbench.asked('The job would fail with OnlyReads');
    await workbench.asked(`It lacks s3:PutObjectTagging on arn:aws:s3:::${IMAGES}/*`);
    await workbench.choose('Choose Another Role…');
    await workbench.choose('Enter Role ARN…');
    await workbench.answer('ARN of a role', `arn:aws:iam::${clients.accountId}:role/NoSuch`);
    await workbench.asked('The role doesn’t exist in this account');
    await workbench.screenshot('role-missing');
    await expect.poll(() => workbench.quickInput().getByText('Use Anyway').count()).toBe(0);
    await workbench.choose('Choose Another Role…');
    await workbench.choose('Enter Role ARN…');
    await workbench.answer(
      'ARN of a role',
      `arn:aws:iam::${clients.accountId}:role/S3BatchPutRole`,
    );
    await expect.poll(() => summary()).toContain('S3BatchPutRole');
    await leave();
  });

  test('goes on where it was left, and back from every question', async () => {
    const back = workbench.quickInput().locator('.codicon-quick-input-back');
    await begin('manifest.csv');
    await workbench.choose('Continue Where You Left Off');
    await expect.poll(() => summary()).toContain('S3BatchPutRole');
    await workbench.choose('phototype=finished');
    await workbench.asked('Tags that replace all tags');
    await back.click();
    await summary();
    await workbench.choose('Show Summary');
    await workbench.preview().getByText('All tags of these objects are replaced by').waitFor();
    await summary();
    await workbench.screenshot('summary-and-document');
    await leave();
    await begin('manifest.csv');
    await workbench.choose('Start Over');
    await workbench.asked('Tags that replace all tags');
    await back.click();
    await workbench.asked('Select objects, or a manifest that lists them');
    await leave();
  });

  test('shows what is wrong with a manifest, and takes it when it is corrected', async () => {
    await put('bad.csv', `Bucket,Key\n${IMAGES},my photo.png\n${IMAGES},image1.png\n`);
    await begin('bad.csv');
    await expect.poll(said).toContain('2 problems in bad.csv');
    await expect.poll(said).toContain('The first row is a header; a manifest has none');
    await expect.poll(said).toContain('write a space as %20 and a percent sign as %25.');
    await expect.poll(() => workbench.dialog().getByText('Use Anyway').count()).toBe(0);
    await workbench.screenshot('manifest-problems-asked');
    await workbench.dialogButton('Show Problems');
    const document = workbench.preview().locator('body');
    await document.getByText('Problems of a Manifest').waitFor();
    await expect.poll(() => document.innerText()).toMatch(/2\s+The key isn’t URL-encoded/);
    await workbench.screenshot('manifest-problems');
    await begin('bad.csv');
    await workbench.dialog().getByText('2 problems in bad.csv').waitFor();
    await writeObject(clients.s3(), {
      ...{ bucket: ASSETS, key: 'bad.csv' },
      body: `${IMAGES},a+b\n${IMAGES},image1.png\n`,
    });
    await workbench.dialogButton('Read Again');
    await workbench.dialog().getByText('1 problem in bad.csv').waitFor();
    await workbench.dialogButton('Use Anyway');
    await workbench.asked('Tags that replace all tags');
    await leave();
  });

  test('makes no job of a manifest that changed meanwhile, until it was read again', async () => {
    await put('changing.csv', `${IMAGES},image1.png\n`);
    const before = (await listJobs(clients)).length;
    await begin('changing.csv');
    await answerTags();
    await expect.poll(() => summary()).toContain('1 object in');
    await workbench.choose('all tasks, in');
    await workbench.choose('No Report');
    await workbench.choose('Description');
    await workbench.answer('Description', 'Changed');
    await summary();
    await writeObject(clients.s3(), {
      ...{ bucket: ASSETS, key: 'changing.csv' },
      body: `${IMAGES},image1.png\n${IMAGES},image2.png\n`,
    });
    await workbench.choose('Create Job');
    await workbench.dialog().getByText('has changed since it was read').waitFor();
    await workbench.screenshot('manifest-changed');
    expect((await listJobs(clients)).length).toBe(before);
    await workbench.dialogButton('Read Again');
    // What is in it now is agreed to anew, and the answer counts.
    await workbench.asked('Replace all tags of 2 objects in');
    await workbench.choose('Create Job');
    await workbench.row('Changed').filter({ hasText: 'Awaiting confirmation' }).waitFor();
    expect((await listJobs(clients)).length).toBe(before + 1);
  });

  test('takes an inventory by its manifest.json, having counted its rows', async () => {
    // No part of another row's text, as “all” is of the job “Remove all”.
    const folder = 'inventory/weekly';
    const data = gzipSync(`"${IMAGES}","image1.png","10"\n"${IMAGES}","image2.jpg","20"\n`);
    const s3 = clients.s3();
    const key = `${folder}/data/1.csv.gz`;
    await writeObject(s3, { bucket: ASSETS, key, body: data });
    const file = { key, size: data.length, MD5checksum: '' };
    const manifest = {
      sourceBucket: IMAGES,
      destinationBucket: `arn:aws:s3:::${ASSETS}`,
      version: '2016-11-30',
      fileFormat: 'CSV',
      fileSchema: 'Bucket, Key, Size',
      files: [file],
    };
    const dated = `${folder}/2026-01-01T00-00Z/manifest.json`;
    await writeObject(s3, { bucket: ASSETS, key: dated, body: JSON.stringify(manifest) });
    await workbench.runCommand('Bucket Brigade: Refresh Buckets');
    await workbench.expand('inventory');
    await workbench.expand('weekly');
    await workbench.expand('2026-01-01');
    await begin('manifest.json');
    await answerTags();
    await expect.poll(() => summary()).toContain(`2 objects in ${IMAGES}`);
    await leave();
  });
});
