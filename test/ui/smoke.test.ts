import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWorkbench, type Workbench } from '../support/workbench.ts';

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench();
});
afterAll(() => workbench.close());

test('a newcomer starts the sandbox from the welcome view and sees the buckets of the lab', async () => {
  await workbench.openContainer();
  await workbench.screenshot('welcome-dark');
  await workbench.page.getByText('Start Local Sandbox').first().click();
  await workbench.row('images-').first().waitFor();
  await workbench.screenshot('buckets-dark');
  await expect.poll(() => workbench.row('assets-').count()).toBe(1);
});
