import { afterAll, beforeAll, expect, test } from 'vitest';
import { readJson } from '../support/sources.ts';
import { openWorkbench, type Workbench } from '../support/workbench.ts';

type Texts = Readonly<Record<string, string>>;

const titles = readJson('package.nls.json') as Texts;
const koreanTitles = readJson('package.nls.ko.json') as Texts;
const koreanTexts = readJson('l10n/bundle.l10n.ko.json') as Texts;

/** What stands for an English text, which may be a title of package.nls.json. */
function ko(english: string, ...values: readonly string[]): string {
  const id = Object.keys(titles).find(key => titles[key] === english);
  const text = koreanTexts[english] ?? (id === undefined ? undefined : koreanTitles[id]);
  if (text === undefined) throw new Error(`No Korean for: ${english}`);
  return text.replace(/\{(\d)\}/g, (_, index: string) => values[Number(index)] ?? '');
}

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench({ language: 'ko' });
});
afterAll(() => workbench.close());

test('the lab’s tagging job in Korean, from the welcome view to the report', async () => {
  const { page } = workbench;
  await workbench.openContainer();
  await page.getByText('로컬 샌드박스 시작').first().click();
  await workbench.row('images-').waitFor();
  await workbench.expand('assets-');
  await workbench.contextMenu('manifest.csv', ko('Create Tagging Job…'));
  await workbench.asked(
    ko('Tags that replace all tags of each object: key=value, separated by commas'),
  );
  await workbench.type('phototype=finished');
  await workbench.accept();
  await workbench.asked('phototype=finished');
  await workbench.pictures('korean-summary');
  await workbench.pick(ko('Create Job'));
  const job = workbench.row('phototype=finished');
  await job.filter({ hasText: ko('Awaiting confirmation') }).waitFor();
  await workbench.contextMenu('phototype=finished', ko('Run Job…'));
  await workbench.dialogButton(ko('Run Job'));
  await job
    .filter({ hasText: ko('{0} objects', '5') })
    .filter({ hasText: '완료' })
    .waitFor();
  await workbench.contextMenu('phototype=finished', ko('Open Completion Report…'));
  const report = page
    .frameLocator('iframe.webview.ready')
    .frameLocator('#active-frame')
    .locator('body');
  await report.getByText('image1.png').first().waitFor();
  await workbench.runCommand('Notifications: Clear All Notifications');
  await workbench.pictures('korean-report');
  // No English word of ours is left in it: names and codes have capitals, digits or signs.
  const words = (await report.innerText()).match(/\b(objects?|succeeded|failed|Tasks?|Status)\b/g);
  expect(words ?? []).toEqual([]);
});

test('properties of a bucket in Korean', async () => {
  await workbench.contextMenu('images-', ko('Show Properties'));
  const page = workbench.page
    .frameLocator('iframe.webview.ready')
    .frameLocator('#active-frame')
    .locator('body');
  await page.getByText('퍼블릭 액세스 차단').first().waitFor();
  await workbench.pictures('korean-properties');
});
