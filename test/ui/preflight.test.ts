import axe from 'axe-core';
import { afterEach, describe, expect, test } from 'vitest';
import type { AwsClients } from '../../src/aws/clients.ts';
import { writeObject } from '../../src/aws/objects/objects.ts';
import { deleteRolePolicy } from '../../src/aws/roles/roleChanges.ts';
import { listRolePolicies } from '../../src/aws/roles/roleDetails.ts';
import { clientsOf } from '../support/runningSandbox.ts';
import type { Theme } from '../support/settings.ts';
import { openWorkbench, type Workbench } from '../support/workbench.ts';

const ROLE = 'S3BatchPutRole';
const ASSETS = 'assets-82834469';
const IMAGES = 'images-82834469';

/** A job that would fail is looked at, put right by clicks, and created. */
describe('checking a job', () => {
  let workbench: Workbench;
  let clients: AwsClients;
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await workbench.screenshot('failed-preflight');
    clients.destroy();
    await workbench.close();
  });

  const shown = () => workbench.preview();
  const check = (text: string) => shown().locator('.checks li', { hasText: text }).first();
  const press = (name: string) => shown().getByRole('button', { name, exact: true }).first();

  async function violations(): Promise<string[]> {
    const frames = workbench.page.frames();
    const found = await Promise.all(frames.map(frame => frame.locator('.checks').count()));
    const frame = frames[found.findIndex(count => count > 0)]!;
    await frame.evaluate(axe.source);
    const results = await frame.evaluate(
      '(window.axe.run(document.body, { resultTypes: ["violations"] }))',
    );
    return (results as axe.AxeResults).violations.flatMap(({ id, nodes }) =>
      nodes.map(node => `${id}: ${node.html} ${node.failureSummary ?? ''}`),
    );
  }

  test('says what would fail, mends it and creates the job', async () => {
    workbench = await openWorkbench();
    await workbench.startSandbox();
    clients = await clientsOf(workbench.sandboxFolder);
    await workbench.expand('assets-');
    await workbench.contextMenu('manifest.csv', 'Create Tagging Job…');
    await workbench.answer('Tags that replace all tags', 'phototype=finished');
    await workbench.asked('Check Job');

    // Meanwhile somebody takes away what the role may do, and writes another manifest.
    for (const policy of await listRolePolicies(clients, ROLE)) {
      await deleteRolePolicy(clients, { role: ROLE, policy });
    }
    const body = `${IMAGES},image1.png\n${IMAGES},gone.png\n`;
    await writeObject(clients.s3(), { bucket: ASSETS, key: 'manifest.csv', body });
    await workbench.pick('Create Job');
    await workbench.dialog().waitFor();
    const said = await workbench.dialog().innerText();
    expect(said).toContain('No object would be tagged');
    await workbench.screenshots('preflight-warning');
    await workbench.dialogButton('Show Checks');

    await check('Role can tag the objects').waitFor();
    await expect.poll(() => check('Role can tag the objects').innerText()).toMatch(/^\s*Failed/);
    await expect
      .poll(() => shown().locator('h1').innerText())
      .toContain('Check of “Tag phototype=finished');
    await shown().getByText('2 × $1.00 per 1,000,000').waitFor();
    await workbench.screenshots('preflight-failed');

    await press('Use the Current Manifest').click();
    await check('ETag of the manifest').filter({ hasText: 'Passed' }).waitFor();
    await press('Remove Missing Objects').click();
    await check('Objects exist').filter({ hasText: 'The object exists' }).waitFor();
    const unknown = shown().locator('.checks').locator('.waiting, .pending');
    for (;;) {
      // A check that is made again has no button meanwhile.
      await expect.poll(() => unknown.count()).toBe(0);
      const add = shown().getByRole('button', { name: 'Add Permissions to Role' });
      const left = await add.count();
      if (left === 0) break;
      await add.first().click();
      await expect.poll(() => add.count()).toBe(left - 1);
    }
    await expect.poll(() => shown().locator('.checks .failed').count()).toBe(0);
    await workbench.screenshots('preflight-mended');
    for (const theme of ['hcDark', 'hcLight', 'dark', 'light'] satisfies Theme[]) {
      await workbench.setTheme(theme);
      await workbench.page.waitForTimeout(400);
      await expect.poll(violations, { message: theme }).toEqual([]);
    }
    await press('Create Job').click();
    await workbench.row('Tag phototype=finished').filter({ hasText: '1 object' }).waitFor();
  });
});
