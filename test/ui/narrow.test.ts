import { globSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { cutOffTexts } from '../support/cutOff.ts';
import { openMetricsPage } from '../support/metricsPage.ts';
import { OUT } from '../support/paths.ts';
import { openReportPage, rowOf } from '../support/reportPage.ts';
import { SAMPLES, sampleHead } from '../support/samplePages.ts';
import { answers, END } from '../support/scriptedMetrics.ts';
import type { Theme } from '../support/settings.ts';
import { launch, openShownPage, themeStyle, type ShownPage } from '../support/shownPage.ts';
import { readText, root } from '../support/sources.ts';
import { useLanguage } from '../support/vscodeText.ts';

/** Of a group of editors between two others, in pixels. */
const SIZE = { width: 300, height: 800 };

const folder = join(OUT, 'screenshots');
const LANGUAGES = [
  'en',
  ...globSync('l10n/bundle.l10n.*.json', { cwd: root }).map(file => file.split('.').at(-2)!),
];

test('every page is among the samples', () => {
  const made = globSync('src/**/*.ts', { cwd: root }).flatMap(file =>
    [...readText(file).matchAll(/^export function (\w+)\([^)]*\): PageModel \{/gm)].map(
      ([, name]) => name,
    ),
  );
  expect(made.length).toBeGreaterThan(5);
  expect(made.filter(name => !(name! in SAMPLES))).toEqual([]);
});

/** What is found in each, by how it begins. */
const CUT: readonly (readonly [html: string, problems: readonly string[]])[] = [
  ['<p style="width: 400px">' + 'wide '.repeat(20), ['the page is', 'beyond the edge']],
  [
    '<p style="overflow: hidden; white-space: nowrap; width: 100px">' + 'long '.repeat(9),
    ['cut off'],
  ],
  ['<p style="overflow: hidden; height: 10px; width: 60px">' + 'high '.repeat(9), ['cut off']],
  ['<p style="margin: 0 0 -1em">one</p><p style="margin: 0">another</p>', ['over one another']],
  ['<p lang="ko" style="width: 3em">객체를 찾는 중입니다', ['a broken word']],
  ['<select style="width: 60px"><option>much too long</select>', ['cut off in a select']],
  ['<input style="width: 60px" placeholder="much too long">', ['cut off in a input']],
  ['<p title="x y" style="overflow: hidden; text-overflow: ellipsis; width: 8px">x y</p>', []],
  ['<div style="overflow: auto; width: 60px"><pre>much too long, but scrolled</pre></div>', []],
];

test('what is cut off is found, and nothing else', async () => {
  const browser = await launch();
  onTestFinished(() => browser.close());
  const page = await browser.newPage({ viewport: SIZE });
  for (const [html, problems] of CUT) {
    await page.setContent(html);
    const found = await cutOffTexts(page);
    expect(found.map(each => problems.find(problem => each.startsWith(problem)))).toEqual(problems);
  }
});

describe.each(LANGUAGES)('300 pixels are enough in %s', language => {
  let shown: ShownPage;
  beforeAll(async () => {
    mkdirSync(folder, { recursive: true });
    useLanguage(language);
    shown = await openShownPage(SIZE);
  });
  afterEach(() => useLanguage(language));
  afterAll(async () => {
    await shown.close();
    useLanguage('en');
  });

  /** Keeps a picture in each theme, and looks for what is cut off. */
  async function look(page: Page, name: string): Promise<string[]> {
    await page.evaluate('document.querySelectorAll("details").forEach(each => (each.open = true))');
    for (const theme of ['light', 'dark'] as const) {
      await setTheme(page, theme);
      const path = join(folder, `narrow-${name.replaceAll(' ', '-')}-${language}-${theme}.png`);
      await page.screenshot({ path, fullPage: true });
    }
    return await cutOffTexts(page);
  }

  test.each(Object.entries(SAMPLES))('for %s', async (name, made) => {
    const { page } = shown;
    const model = made();
    await shown.show(model);
    await page.locator('h1').filter({ hasText: model.title }).waitFor();
    await expect.poll(() => look(page, name)).toEqual([]);
  });

  test('for a completion report', async () => {
    const head = sampleHead();
    const report = await openReportPage(
      ({ method, params }) =>
        method === 'query'
          ? { view: 0, rows: head.rows }
          : method === 'rows'
            ? Array.from({ length: params.count }, (_, at) => rowOf(params.from + at))
            : null,
      { size: SIZE },
    );
    onTestFinished(() => report.close());
    await report.say({ kind: 'head', head });
    await report.page.getByText('photos/image 0.png').first().waitFor();
    await report.page.locator('.grid').focus();
    await report.page.keyboard.press('ArrowDown');
    await expect.poll(() => look(report.page, 'report')).toEqual([]);
  });

  test.each(['charts', 'table'] as const)('for metrics as %s', async view => {
    const annotations = [{ time: END - 3600, kind: 'job', text: 'Tag phototype=finished' }];
    const metrics = await openMetricsPage({
      answer: answers({ readAnnotations: () => ({ annotations, functionExists: true }) }),
      state: { view, functions: ['make-thumbnails-of-photos', 'resize'] },
      size: SIZE,
      prepare: page => page.clock.install({ time: END * 1000 }),
    });
    onTestFinished(() => metrics.close());
    await setTheme(metrics.page, 'dark');
    await metrics.page
      .locator(view === 'charts' ? '.u-over' : 'tbody tr')
      .first()
      .waitFor();
    await expect.poll(() => look(metrics.page, `metrics-${view}`)).toEqual([]);
  });
});

async function setTheme(page: Page, theme: Theme): Promise<void> {
  await page.evaluate(`document.documentElement.style = ${themeStyle(theme)}`);
}
