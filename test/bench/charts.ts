import { chromium, type Browser, type Page } from 'playwright-core';
import { LAUNCH_OPTIONS, findChromium } from '../support/chromium.ts';
import { chartData, POINTS, type ChartData } from './chartData.ts';
import { chartPages, openChartPage, openEmptyPage, type ChartPage } from './chartPages.ts';
import type { Row } from './row.ts';
import { summarize } from './statistics.ts';

/** Of a panel in an editor beside the side bar, two charts to a row. */
const SIZE = { width: 592, height: 180 };
/** Frames of one panning, at 60 a second, there and back. */
const FRAMES = 120;

interface Figures {
  /** Milliseconds. */
  readonly load: number[];
  readonly draw: number[];
  readonly longest: number[];
  /** Frames that were not shown in time. */
  readonly dropped: number[];
}

/** The panel's page beside pages that draw the same charts by Chart.js and by ECharts. */
export async function measureCharts(rounds: number): Promise<Row[]> {
  const pages = await chartPages();
  const data = chartData(SIZE);
  const figures = pages.map((): Figures => ({ load: [], draw: [], longest: [], dropped: [] }));
  const executablePath = await findChromium();
  const browser = await chromium.launch({ executablePath, ...LAUNCH_OPTIONS });
  try {
    // Loading is short, and so varies most.
    for (let round = 0; round < rounds * 6; round++) {
      for (const [index, page] of pages.entries()) {
        figures[index]?.load.push(await loadTime(browser, page, round));
      }
    }
    for (let round = 0; round < rounds; round++) {
      for (const [index, page] of pages.entries()) {
        const { draw, longest, dropped } = await useCharts(browser, page, data);
        figures[index]?.draw.push(draw);
        figures[index]?.longest.push(longest);
        figures[index]?.dropped.push(dropped);
      }
    }
  } finally {
    await browser.close();
  }
  return toRows(pages, figures);
}

/** Milliseconds to compile and evaluate a script that V8 has not seen before. */
async function loadTime(browser: Browser, { script }: ChartPage, round: number): Promise<number> {
  const page = await openEmptyPage(browser);
  const source = JSON.stringify(`${script}\n// ${round}`);
  const time = await page.evaluate<number>(`(() => {
    const element = document.createElement('script');
    element.textContent = ${source};
    const start = performance.now();
    document.head.append(element);
    return performance.now() - start;
  })()`);
  await page.close();
  return time;
}

/** Draws 14 days at one minute, then pans them by one step a frame. */
async function useCharts(
  browser: Browser,
  chartPage: ChartPage,
  data: ChartData,
): Promise<{ draw: number; longest: number; dropped: number }> {
  const page = await openChartPage(browser, chartPage);
  await page.evaluate(`globalThis.data = ${JSON.stringify(data)}`);
  const draw = await page.evaluate<number>(`(async () => {
    const start = performance.now();
    await show(data);
    await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    return performance.now() - start;
  })()`);
  await page.waitForTimeout(500);
  const panned = await pan(page);
  await checkMoves(page, chartPage.name);
  await page.close();
  return { draw, ...panned };
}

async function pan(page: Page): Promise<{ longest: number; dropped: number }> {
  const times = await page.evaluate<number[]>(`new Promise(resolve => {
    const times = [];
    const frame = time => {
      times.push(time);
      if (times.length > ${FRAMES}) return resolve(times);
      pan(Math.min(times.length, ${FRAMES} - times.length) * 1200);
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  })`);
  const lengths = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  const late = lengths.map(length => Math.max(0, Math.round((length * 60) / 1000) - 1));
  return {
    longest: Math.max(...lengths),
    dropped: late.reduce((sum, frames) => sum + frames, 0),
  };
}

/** Panning is fast when nothing moves. */
async function checkMoves(page: Page, name: string): Promise<void> {
  const moved = await page.evaluate<boolean>(`(async () => {
    const picture = () =>
      [...document.querySelectorAll('canvas')].map(canvas => canvas.toDataURL()).join();
    const before = picture();
    pan(86400);
    await new Promise(resolve => setTimeout(resolve, 100));
    return picture() !== before;
  })()`);
  if (!moved) throw new Error(`Panning did not move the charts of ${name}.`);
}

function toRows(pages: readonly ChartPage[], figures: readonly Figures[]): Row[] {
  const kilobytes = pages.map(({ script }) => [script.length / 1000]);
  const of = (key: keyof Figures): number[][] => figures.map(each => each[key]);
  const group = 'Metrics panel';
  const days = `14 days at one minute (${POINTS.toLocaleString('en')} points)`;
  return [
    ...against(pages, kilobytes, { group, measure: 'script', unit: 'kB' }),
    ...against(pages, of('load'), { group, measure: 'script compiled and run', unit: 'ms' }),
    ...against(pages, of('draw'), { group, measure: `${days} drawn`, unit: 'ms' }),
    ...against(pages, of('dropped'), {
      group,
      measure: `panned, frames dropped of ${FRAMES}`,
      unit: 'frames',
      aim: { atMost: 0 },
    }),
    ...against(pages, of('longest'), { group, measure: 'panned, longest frame', unit: 'ms' }),
  ];
}

/** One row for each peer; the first sample is ours. */
function against(
  pages: readonly ChartPage[],
  samples: readonly number[][],
  row: Omit<Row, 'ours' | 'peer'>,
): Row[] {
  const [ours = [], ...theirs] = samples;
  return theirs.map((sample, index) => ({
    ...row,
    ours: summarize(ours),
    peer: { name: pages[index + 1]?.name ?? '', sample: summarize(sample) },
  }));
}
