import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { bundleInMemory, productionBundle } from '../support/bundles.ts';
import { cacheFolder } from '../support/paths.ts';

const FOLDER = fileURLToPath(new URL('charts', import.meta.url));
const LOCK = ['package.json', 'package-lock.json'];

/** A page that draws the panel's charts, with its script as users would get it. */
export interface ChartPage {
  readonly name: 'ours' | 'Chart.js' | 'ECharts';
  readonly script: string;
  readonly style: string;
}

/** Bundles the panel and the same charts by other libraries, by the same settings of esbuild. */
export async function chartPages(): Promise<ChartPage[]> {
  const modules = installedPackages();
  const peer = async (name: ChartPage['name'], file: string): Promise<ChartPage> => ({
    name,
    ...(await bundled({ charts: path.join(FOLDER, file) }, modules)),
  });
  return [
    { name: 'ours', ...(await bundled()) },
    await peer('Chart.js', 'chartJs.mjs'),
    await peer('ECharts', 'eCharts.mjs'),
  ];
}

async function bundled(
  entryPoints?: Record<string, string>,
  modules?: string,
): Promise<Pick<ChartPage, 'script' | 'style'>> {
  const { outputFiles } = await bundleInMemory({
    ...productionBundle('panel'),
    ...(entryPoints && { entryPoints }),
    ...(modules !== undefined && { nodePaths: [modules] }),
  });
  const text = (extension: string) =>
    outputFiles.find(file => file.path.endsWith(extension))?.text ?? '';
  return { script: text('.js'), style: text('.css') };
}

/** The peers' packages by charts/package-lock.json: installed once, then kept in the cache. */
function installedPackages(): string {
  const hash = createHash('sha256');
  for (const file of LOCK) hash.update(readFileSync(path.join(FOLDER, file)));
  const folder = path.join(cacheFolder(), `bench-charts-${hash.digest('hex').slice(0, 16)}`);
  const modules = path.join(folder, 'node_modules');
  if (existsSync(modules)) return modules;
  const draft = `${folder}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  for (const file of LOCK) copyFileSync(path.join(FOLDER, file), path.join(draft, file));
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const windows = process.platform === 'win32';
  const npm = spawnSync('npm', args, { cwd: draft, shell: windows, stdio: ['ignore', 2, 2] });
  if (npm.status !== 0) throw new Error('Chart.js and ECharts could not be installed.');
  renameSync(draft, folder);
  return modules;
}

/** An empty page for the panel's charts; its host, for the panel, is there already. */
export async function openEmptyPage(browser: Browser): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.addInitScript({ path: path.join(FOLDER, 'panel.mjs') });
  await page.goto('about:blank');
  await page.setContent('<!DOCTYPE html><body><main id="panel"></main></body>');
  return page;
}

/** Opens a page with one of the scripts running. */
export async function openChartPage(browser: Browser, { script, style }: ChartPage): Promise<Page> {
  const page = await openEmptyPage(browser);
  if (style !== '') await page.addStyleTag({ content: style });
  await page.addScriptTag({ content: script });
  return page;
}
