import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { LAB_NUMBER } from '../../src/sandbox/lab/seedLab.ts';
import { openWorkbench, type Workbench } from '../support/workbench.ts';

const IMAGES = `images-${LAB_NUMBER}`;

let workbench: Workbench;
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await workbench.screenshot('failed-find');
  await workbench.close();
});

test('a bucket is filtered, searched, and what was found works as in the tree', async () => {
  workbench = await openWorkbench();
  await workbench.startSandbox();
  await workbench.expand(IMAGES);

  await workbench.inlineAction(IMAGES, 'Filter');
  await workbench.answer('Name prefix', 'image1');
  await workbench.row('begins with “image1”').waitFor();
  await workbench.row('image2').waitFor({ state: 'detached' });
  await workbench.row('image1.png').waitFor();
  await workbench.screenshots('filter');
  await workbench.inlineAction('begins with', 'Clear Filter');
  await workbench.row('image2').waitFor();

  await workbench.contextMenu(IMAGES, 'Find Objects…');
  await workbench.asked('Find in');
  await workbench.type('*.png');
  await workbench.quickInput().getByText('the whole key matches this glob').waitFor();
  await workbench.screenshots('find-objects');
  await workbench.accept();
  const found = workbench.page.locator('.pane', { hasText: 'Found Objects' });
  const image = found.locator('.monaco-list-row', { hasText: 'image1.png' });
  await image.waitFor();
  await found.getByText('keys per second').or(found.getByText('scanned')).first().waitFor();
  await expect.poll(() => found.locator('.monaco-list-row', { hasText: '.jpg' }).count()).toBe(0);

  await image.click({ button: 'right' });
  await workbench.page.locator('.monaco-menu').getByText('Reveal in Buckets').waitFor();
  await workbench.page.locator('.monaco-menu').getByText('Delete…').waitFor();
  await workbench.screenshots('found-objects-menu');
  await workbench.page.keyboard.press('Escape');

  await image.click();
  await workbench.page.locator('.tab', { hasText: 'image1.png' }).waitFor();
  await image.locator('.monaco-tl-twistie').click();
  await found.locator('.monaco-list-row', { hasText: 'No tags' }).waitFor();
  await image.click();
  await workbench.page.keyboard.press('Shift+ArrowDown');
  await workbench.screenshots('found-objects');

  await fromTitle('Found Objects', 'Save Found Objects…');
  const saved = path.join(workbench.workspaceFolder, 'found.csv');
  await workbench.saveAs('found-objects.csv', saved);
  await expect.poll(() => existsSync(saved) && readFileSync(saved, 'utf8')).toContain('image1.png');

  await fromTitle('Found Objects', 'Create Manifest of Found Objects…');
  await workbench.asked('Write a manifest of found-objects.csv?');
  await workbench.quickInput().getByText('1 object').waitFor();
  await workbench.dismiss();

  await fromTitle('Buckets', 'Sort By', 'Sort by Size');
  // The largest first.
  const buckets = workbench.page.locator('.pane').first();
  const objects = buckets.locator('.monaco-list-row[aria-level="2"] .label-name');
  await expect
    .poll(async () => (await objects.allTextContents()).slice(1, 3))
    .toEqual(['image4.gif', 'image1.png']);

  // Nothing found: the way to another search is offered.
  await workbench.contextMenu(IMAGES, 'Find Objects…');
  await workbench.asked('Find in');
  await workbench.type('no such key');
  await workbench.quickInput().getByText('the key contains this').waitFor();
  await workbench.accept();
  await found.getByText('No objects match the search.').waitFor();
  await found.locator('.pane-header').getByText('0 objects found').waitFor();
  await workbench.screenshots('nothing-found');
  await found.getByText('Change Search…', { exact: true }).click();
  await workbench.asked('Key Contains');
});

/** Chooses from the “…” menu of a view's title. */
async function fromTitle(view: string, ...path: readonly string[]): Promise<void> {
  const header = workbench.page.locator('.pane-header', { hasText: view }).first();
  await header.hover();
  await header.locator('.codicon-toolbar-more').click();
  for (const title of path) {
    const item = workbench.page.locator('.monaco-menu .action-item', {
      has: workbench.page.getByText(title, { exact: true }),
    });
    await item.last().waitFor();
    await workbench.page.waitForTimeout(300);
    await item.last().click();
  }
}
