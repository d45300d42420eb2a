import axe from 'axe-core';
import { chromium, type Browser, type Page } from 'playwright-core';
import { pageTexts } from '../../src/vscode/page/pageTexts.ts';
import type { FromPage, PageModel, ToPage } from '../../src/vscode/page/protocol.ts';
import { bundleInMemory, productionBundle } from './bundles.ts';
import { LAUNCH_OPTIONS, findChromium } from './chromium.ts';
import type { Theme } from './settings.ts';
import { env } from './vscodeText.ts';

/** A page of media/page/ alone in a browser, without a VS Code around it. */
export interface ShownPage {
  readonly page: Page;
  /** What the page has told the host, in order. */
  readonly told: readonly FromPage[];
  /** Shows a model as the host does. */
  show(model: PageModel, busy?: readonly string[]): Promise<void>;
  /** Gives the page the colours of one of VS Code's own themes. */
  setTheme(theme: Theme): Promise<void>;
  /** What axe finds wrong, a line each. */
  violations(): Promise<string[]>;
  close(): Promise<void>;
}

/** Colours of Dark Modern, Light Modern and the two high contrast themes that the page uses. */
const COLOURS: Record<Theme, Readonly<Record<string, string>>> = {
  dark: {
    foreground: '#cccccc',
    descriptionForeground: '#9d9d9d',
    'editor-background': '#1f1f1f',
    'button-foreground': '#ffffff',
    'button-background': '#0078d4',
    'button-secondaryForeground': '#cccccc',
    'button-secondaryBackground': '#313131',
    'textLink-foreground': '#4daafc',
    errorForeground: '#f85149',
    'editorWarning-foreground': '#cca700',
    'textCodeBlock-background': '#2b2b2b',
    'panel-border': '#2b2b2b',
    focusBorder: '#0078d4',
  },
  light: {
    foreground: '#3b3b3b',
    descriptionForeground: '#3b3b3b',
    'editor-background': '#ffffff',
    'button-foreground': '#ffffff',
    'button-background': '#005fb8',
    'button-secondaryForeground': '#3b3b3b',
    'button-secondaryBackground': '#e5e5e5',
    'textLink-foreground': '#005fb8',
    errorForeground: '#f85149',
    'editorWarning-foreground': '#bf8803',
    'textCodeBlock-background': '#f8f8f8',
    'panel-border': '#e5e5e5',
    focusBorder: '#005fb8',
  },
  hcDark: {
    foreground: '#ffffff',
    descriptionForeground: 'rgba(255, 255, 255, 0.7)',
    'editor-background': '#000000',
    'button-foreground': '#ffffff',
    'button-background': '#000000',
    'button-secondaryForeground': '#ffffff',
    'button-secondaryBackground': '#000000',
    'textLink-foreground': '#21a6ff',
    errorForeground: '#f48771',
    contrastBorder: '#6fc3df',
    focusBorder: '#f38518',
  },
  hcLight: {
    foreground: '#292929',
    descriptionForeground: 'rgba(41, 41, 41, 0.7)',
    'editor-background': '#ffffff',
    'button-foreground': '#ffffff',
    'button-background': '#0f4a85',
    'button-secondaryForeground': '#ffffff',
    'button-secondaryBackground': '#0f4a85',
    'textLink-foreground': '#0f4a85',
    errorForeground: '#b5200d',
    contrastBorder: '#0f4a85',
    focusBorder: '#006bbd',
  },
};

/** Opens the page as users get it. */
export async function openShownPage(size = { width: 900, height: 900 }): Promise<ShownPage> {
  const browser = await launch();
  const page = await browser.newPage({ viewport: size });
  page.setDefaultTimeout(30_000);
  const told: FromPage[] = [];
  await page.exposeFunction('received', (message: FromPage) => void told.push(message));
  const { script, style } = await pageFiles();
  await page.setContent(
    `<!doctype html><html lang="${env.language}"><title>Page</title><style>${style}</style><main id="panel"></main>`,
  );
  await page.addScriptTag({ content: API });
  await page.addScriptTag({ content: script });
  return {
    page,
    told,
    show: (model, busy = []) => {
      const message: ToPage = { kind: 'show', model, texts: pageTexts(), busy };
      return page.evaluate(`window.postMessage(${JSON.stringify(message)})`);
    },
    setTheme: theme => page.evaluate(`document.documentElement.style = ${themeStyle(theme)}`),
    violations: () => violationsIn(page),
    close: () => browser.close(),
  };
}

/** A browser as the tests of pages use it. */
export async function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: await findChromium(), ...LAUNCH_OPTIONS });
}

/** As VS Code has them on Linux. */
const FONTS = {
  'font-family': 'system-ui, sans-serif',
  'font-size': '13px',
  'editor-font-family': 'monospace',
  'editor-font-size': '14px',
};

/** A theme and the fonts as the value of a style attribute, as JSON. */
export function themeStyle(theme: Theme): string {
  const variables = Object.entries({ ...COLOURS[theme], ...FONTS }).map(
    ([name, value]) => `--vscode-${name}: ${value}`,
  );
  return JSON.stringify(variables.join('; '));
}

/** What axe finds wrong in a page, a line each. */
export async function violationsIn(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const results = await page.evaluate(
    '(window.axe.run(document, { resultTypes: ["violations"] }))',
  );
  return (results as axe.AxeResults).violations.flatMap(({ id, nodes }) =>
    nodes.map(node => `${id}: ${node.html} ${node.failureSummary ?? ''}`),
  );
}

/** What VS Code gives a webview. */
const API = `globalThis.acquireVsCodeApi = () => ({
  postMessage: message => void received(message),
  setState() {},
  getState() {},
});`;

let files: Promise<{ script: string; style: string }> | undefined;

function pageFiles(): Promise<{ script: string; style: string }> {
  files ??= bundleInMemory(productionBundle('page')).then(({ outputFiles }) => {
    const textOf = (end: string): string =>
      outputFiles.find(({ path }) => path.endsWith(end))!.text;
    return { script: textOf('.js'), style: textOf('.css') };
  });
  return files;
}
