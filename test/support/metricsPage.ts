import { chromium, type Page } from 'playwright-core';
import { panelTexts } from '../../src/metrics/panelTexts.ts';
import type { FromPanel, MetricsReply, PanelState, ToPanel } from '../../src/metrics/protocol.ts';
import { bundleInMemory, productionBundle } from './bundles.ts';
import { LAUNCH_OPTIONS, findChromium } from './chromium.ts';
import { env } from './vscodeText.ts';

export type PanelRequest = Extract<FromPanel, { kind: 'request' }>;

export interface MetricsPageOptions {
  /** Answers as the host would; throws an Error with a `code` for a failure. */
  readonly answer: (request: PanelRequest) => unknown;
  readonly state?: Partial<PanelState>;
  readonly size?: { readonly width: number; readonly height: number };
  readonly timezoneId?: string;
  /** CSS variables of a theme. */
  readonly colours?: string;
  /** For `page.clock`, before the page is loaded. */
  readonly prepare?: (page: Page) => Promise<void>;
}

/** The metrics panel's page alone in a browser, without a VS Code around it. */
export interface MetricsPage {
  readonly page: Page;
  /** What the page has asked, in order. */
  readonly requests: readonly PanelRequest[];
  /** What the page has asked VS Code to keep. */
  readonly states: readonly PanelState[];
  /** Says something to the page as the host does. */
  say(message: ToPanel): Promise<void>;
  close(): Promise<void>;
}

const STATE: PanelState = {
  functions: ['resize'],
  region: 'us-east-1',
  range: { last: 3 * 3600 },
  period: 0,
  refreshEvery: 0,
  timeZone: 'utc',
  view: 'charts',
};

/** Opens the page as users get it. */
export async function openMetricsPage(options: MetricsPageOptions): Promise<MetricsPage> {
  const { size = { width: 1000, height: 900 }, timezoneId = 'Etc/UTC' } = options;
  const executablePath = await findChromium();
  const browser = await chromium.launch({ executablePath, ...LAUNCH_OPTIONS });
  const page = await browser.newPage({ viewport: size, timezoneId });
  page.setDefaultTimeout(30_000);
  const requests: PanelRequest[] = [];
  const states: PanelState[] = [];
  const say = (message: ToPanel): Promise<void> =>
    page.evaluate(`window.postMessage(${JSON.stringify(message)})`);
  await page.exposeFunction('received', async (message: FromPanel) => {
    if (message.kind === 'ready') await say(startMessage({ ...STATE, ...options.state }));
    if (message.kind === 'state') states.push(message.state);
    if (message.kind !== 'request') return;
    requests.push(message);
    await say(await answerTo(message, options.answer));
  });
  await options.prepare?.(page);
  await page.setContent(await html(options.colours));
  await page.addScriptTag({ content: API });
  await page.addScriptTag({ content: (await panelFiles()).script });
  return { page, requests, states, say, close: () => browser.close() };
}

/** What VS Code gives a webview. */
const API = `globalThis.acquireVsCodeApi = () => ({
  postMessage: message => void received(message),
  setState() {},
});`;

async function html(more = ''): Promise<string> {
  const { style } = await panelFiles();
  const colours = ':root { --vscode-foreground: #ccc; --vscode-editor-background: #1f1f1f; ';
  return `<!doctype html><html lang="${env.language}"><style>${colours}${more} }${style}</style><div id="panel"></div>`;
}

let files: Promise<{ script: string; style: string }> | undefined;

function panelFiles(): Promise<{ script: string; style: string }> {
  files ??= bundleInMemory(productionBundle('panel')).then(({ outputFiles }) => {
    const textOf = (end: string): string =>
      outputFiles.find(({ path }) => path.endsWith(end))!.text;
    return { script: textOf('.js'), style: textOf('.css') };
  });
  return files;
}

/** What the host begins with, and says again when the connection changes. */
export function startMessage(state: PanelState): ToPanel {
  const account = 'Local Sandbox · 123456789012';
  const { language } = env;
  return { kind: 'start', state, console: true, texts: panelTexts(), account, language };
}

async function answerTo(
  request: PanelRequest,
  answer: MetricsPageOptions['answer'],
): Promise<ToPanel> {
  const { id } = request;
  try {
    return { kind: 'reply', id, result: (await answer(request)) ?? null };
  } catch (error) {
    const { code, message } = error as Error & { code: string };
    return { kind: 'failure', id, error: { code, message } };
  }
}

/** A reply of one point a period: counts, and a failed invocation where `failsAt` says so. */
export function replyOf(
  span: MetricsReply['span'],
  period: number,
  failsAt: (index: number) => boolean = () => false,
): MetricsReply {
  const length = Math.round((span.end - span.start) / period);
  const times = Array.from({ length }, (_, index) => span.start + index * period);
  const series = (value: (index: number) => number) => ({
    times,
    values: times.map((_, index) => value(index)),
  });
  const errors = (index: number): number => (failsAt(index) ? 1 : 0);
  const failed = times.filter((_, index) => failsAt(index)).length;
  const invocations = 4 * length;
  const totals = { invocations, errors: failed, successRate: 100 - (100 * failed) / invocations };
  return {
    reading: 1,
    span,
    period,
    series: {
      invocations: series(() => 4),
      errors: series(errors),
      successRate: series(index => 100 - 25 * errors(index)),
      durationP50: series(index => 200 + (index % 37)),
      durationP95: series(index => 300 + (index % 91)),
      durationMaximum: series(index => 400 + (index % 173)),
      throttles: series(() => 0),
      concurrency: series(index => 1 + (index % 3)),
      asyncAge: series(index => 20 + (index % 11)),
      asyncDropped: series(() => 0),
      deadLetterErrors: series(() => 0),
    },
    problems: [],
    totals: { ...totals, durationP95: 350 },
    before: { ...totals, durationP95: 340 },
    asked: 16,
    readAt: span.end,
  };
}
