import type { Page } from 'playwright-core';
import type {
  FromReport,
  ReportHead,
  ReportState,
  TableRow,
  ToReport,
} from '../../src/jobs/report/protocol.ts';
import { reportTexts } from '../../src/jobs/report/reportTexts.ts';
import { bundleInMemory, productionBundle } from './bundles.ts';
import type { Theme } from './settings.ts';
import { launch, themeStyle, violationsIn } from './shownPage.ts';
import { env } from './vscodeText.ts';

export type ReportRequest = Extract<FromReport, { kind: 'request' }>;

/** The page of a report alone in a browser, without a VS Code around it. */
export interface ReportPageShown {
  readonly page: Page;
  /** What the page has asked, in order. */
  readonly requests: readonly ReportRequest[];
  readonly states: readonly ReportState[];
  say(message: ToReport): Promise<void>;
  setTheme(theme: Theme): Promise<void>;
  violations(): Promise<string[]>;
  close(): Promise<void>;
}

/** Opens the page as users get it. @param answer as the host would; it may throw */
export async function openReportPage(
  answer: (request: ReportRequest) => unknown,
  { size = { width: 1100, height: 800 } } = {},
): Promise<ReportPageShown> {
  const browser = await launch();
  const page = await browser.newPage({ viewport: size });
  page.setDefaultTimeout(30_000);
  const requests: ReportRequest[] = [];
  const states: ReportState[] = [];
  const say = (message: ToReport): Promise<void> =>
    page.evaluate(`window.postMessage(${JSON.stringify(message)})`);
  await page.exposeFunction('received', async (message: FromReport) => {
    if (message.kind === 'ready') await say(start());
    if (message.kind === 'state') states.push(message.state);
    if (message.kind !== 'request') return;
    requests.push(message);
    await say(await answerTo(message, answer));
  });
  const { script, style } = await pageFiles();
  await page.setContent(
    `<!doctype html><html lang="${env.language}"><title>Report</title><style>${style}</style><main id="panel"></main>`,
  );
  await page.addScriptTag({ content: API });
  await page.addScriptTag({ content: script });
  return {
    ...{ page, requests, states, say },
    setTheme: theme => page.evaluate(`document.documentElement.style = ${themeStyle(theme)}`),
    violations: () => violationsIn(page),
    close: () => browser.close(),
  };
}

function start(): ToReport {
  const state = { target: { jobId: 'j' }, query: {} };
  const waiting = 'Looking for the completion report';
  return { kind: 'start', state, texts: reportTexts(), language: env.language, waiting };
}

async function answerTo(
  request: ReportRequest,
  answer: (request: ReportRequest) => unknown,
): Promise<ToReport> {
  const { id } = request;
  try {
    return { kind: 'reply', id, result: (await answer(request)) ?? null };
  } catch (error) {
    const { message } = error as Error;
    return { kind: 'failure', id, error: { code: 'Unknown', message } };
  }
}

/** What VS Code gives a webview. */
const API = `globalThis.acquireVsCodeApi = () => ({
  postMessage: message => void received(message),
  setState() {},
});`;

let files: Promise<{ script: string; style: string }> | undefined;

function pageFiles(): Promise<{ script: string; style: string }> {
  files ??= bundleInMemory(productionBundle('report')).then(({ outputFiles }) => {
    const textOf = (end: string): string =>
      outputFiles.find(({ path }) => path.endsWith(end))!.text;
    return { script: textOf('.js'), style: textOf('.css') };
  });
  return files;
}

/** The head of a report of so many rows, 37 of which failed. */
export function headOf(rows: number, more: Partial<ReportHead> = {}): ReportHead {
  return {
    title: 'Completion report of “Tag phototype=finished”',
    subtitle: 'Complete · ended Nov 22, 2026, 2:24 PM · Local Sandbox · 123456789012',
    verdict: [
      { tone: 'bad', text: '37 objects failed (0.1%)' },
      { tone: 'good', text: `${rows - 37} objects succeeded` },
    ],
    actions: [
      { id: 'retry', label: 'Retry Failed…' },
      { id: 'csv', label: 'Open Completion Report as CSV' },
    ],
    groups: [
      {
        ...{ group: 0, title: 'AccessDenied (403) · 36 objects', message: 'Access Denied' },
        cause: 'The role S3BatchPutRole lacks s3:PutObjectTagging on images-1/closed/*. Add it.',
        samples: ['closed/a.png', 'closed/b.png'],
        actions: [{ id: 'allow/0', label: 'Add to Role…' }],
      },
      {
        ...{ group: 1, title: 'NoSuchKey (404) · 1 object', message: 'No such key' },
        ...{ cause: 'The objects don’t exist.', samples: ['gone.png'], actions: [] },
      },
    ],
    ...{ damage: [], rows, isComplete: true, canSortByKey: true },
    ...{ showsVersions: false, showsBuckets: false },
    ...more,
  };
}

/** A row by its number; the first 37 failed. */
export function rowOf(index: number): TableRow {
  const succeeded = index >= 37;
  return {
    ...{ bucket: 'images-1', key: `photos/image ${index}.png`, succeeded },
    ...(succeeded
      ? { httpStatus: 200, errorCode: '', message: '' }
      : { httpStatus: 403, errorCode: 'AccessDenied', message: 'Access Denied' }),
  };
}
