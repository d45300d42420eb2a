import { runTests } from '@vscode/test-electron';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { LAUNCH_OPTIONS } from './chromium.ts';
import { RESULTS_VARIABLE } from './hostResults.ts';
import { ROOT } from './paths.ts';
import { quietSettings } from './settings.ts';
import type { DesktopVsCode, VsCode, WebVsCode } from './vsCode.ts';
import { startWebServer } from './webServer.ts';

export interface HostTestOptions {
  /** Test modules, absolute; all of test/host when absent. */
  readonly files?: readonly string[];
  /** The extension to run from its folder; with `false` only what is in `extensionsFolder`. */
  readonly extensionPath?: string | false;
  readonly extensionsFolder?: string;
  readonly workspaceFolder?: string;
  readonly settings?: Record<string, unknown>;
  readonly env?: NodeJS.ProcessEnv;
  /** Gets each line about a test; the console when absent. */
  readonly print?: (text: string) => void;
  /** Names the run's files under out/. */
  readonly name?: string;
}

/** The files of one run. */
export interface HostRun {
  readonly folder: string;
  readonly results: string;
  readonly testsPath: string;
}

/** A workbench whose extension host runs tests; a desktop one closes itself. */
export interface OpenedHost {
  readonly screenshot?: (path: string) => Promise<unknown>;
  readonly close?: () => Promise<void>;
}

/** Opens a workbench that calls `run()` of the bundle at `run.testsPath` in its extension host. */
export function openHost(
  vsCode: VsCode,
  run: HostRun,
  options: HostTestOptions,
): Promise<OpenedHost> {
  return vsCode.kind === 'web' ? openWeb(vsCode, run, options) : openDesktop(vsCode, run, options);
}

/** VS Code runs tests only beside an extension under development: an empty one where none is. */
function developedExtension(run: HostRun, { extensionPath = ROOT }: HostTestOptions): string {
  if (extensionPath) return extensionPath;
  const empty = join(run.folder, 'empty');
  mkdirSync(empty);
  const manifest = { name: 'empty', publisher: 'test', version: '0.0.1', engines: { vscode: '*' } };
  writeFileSync(join(empty, 'package.json'), JSON.stringify(manifest));
  return empty;
}

async function openWeb(
  vsCode: WebVsCode,
  run: HostRun,
  options: HostTestOptions,
): Promise<OpenedHost> {
  const server = await startWebServer(vsCode, {
    folder: run.folder,
    settings: { ...quietSettings('dark'), ...options.settings },
    ...(options.extensionsFolder ? { extensionsFolder: options.extensionsFolder } : {}),
    env: { ...options.env, [RESULTS_VARIABLE]: run.results },
  });
  const browser = await chromium.launch({ executablePath: vsCode.chromium, ...LAUNCH_OPTIONS });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const log: string[] = [];
  page.on('console', message => log.push(message.text()));
  const { workspaceFolder = join(run.folder, 'workspace') } = options;
  const extensionPath = developedExtension(run, options);
  const address = server.address({ workspaceFolder, testsPath: run.testsPath, extensionPath });
  await page.goto(address, { timeout: 120_000 });
  return {
    screenshot: path => page.screenshot({ path }),
    close: async () => {
      writeFileSync(join(run.folder, 'browser.log'), log.join('\n'));
      await browser.close();
      await server.close();
    },
  };
}

async function openDesktop(
  vsCode: DesktopVsCode,
  run: HostRun,
  options: HostTestOptions,
): Promise<OpenedHost> {
  const { workspaceFolder = join(run.folder, 'workspace') } = options;
  const userFolder = join(run.folder, 'user', 'User');
  mkdirSync(userFolder, { recursive: true });
  const settings = JSON.stringify({ ...quietSettings('dark'), ...options.settings });
  writeFileSync(join(userFolder, 'settings.json'), settings);
  await runTests({
    vscodeExecutablePath: vsCode.executable,
    extensionDevelopmentPath: developedExtension(run, options),
    extensionTestsPath: run.testsPath,
    extensionTestsEnv: { ...options.env, [RESULTS_VARIABLE]: run.results },
    launchArgs: [
      workspaceFolder,
      `--user-data-dir=${join(run.folder, 'user')}`,
      `--extensions-dir=${options.extensionsFolder ?? join(run.folder, 'extensions')}`,
      '--disable-workspace-trust',
    ],
  });
  return {};
}
