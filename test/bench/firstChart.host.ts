// Runs in an extension host with our extension: shows the metrics of a function by the extension's
// command, and a webview that only says that it is there.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { run, startHostSandbox } from '../host/hostSandbox.ts';
import { report } from '../support/hostEntry.ts';

const FUNCTION = process.env['BENCH_FUNCTION'] ?? '';
const ROUNDS = 5;
/** By then the workbench has closed what was shown. */
const QUIET_MS = 500;

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  await sleep(QUIET_MS);
  const start = performance.now();
  await work();
  const time = performance.now() - start;
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  return time;
}

async function showCharts(): Promise<void> {
  const target = { functionName: FUNCTION, last: 14 * 86_400 };
  const figures = await run('bucketBrigade.metrics.show', target);
  assert.ok(Array.isArray(figures) && figures.length > 0, JSON.stringify(figures));
}

async function showNothing(): Promise<void> {
  const options = { enableScripts: true };
  const column = vscode.ViewColumn.Active;
  const panel = vscode.window.createWebviewPanel('bench.nothing', 'Nothing', column, options);
  const ready = new Promise(resolve => panel.webview.onDidReceiveMessage(resolve));
  panel.webview.html = "<script>acquireVsCodeApi().postMessage('ready')</script>";
  await ready;
}

describe('the first chart', () => {
  it('is timed', async function () {
    this.timeout(60_000);
    await startHostSandbox();
    // The first webview of a window is slow, and nobody's fault.
    await milliseconds(showNothing);
    const first = await milliseconds(showCharts);
    const next: number[] = [];
    const empty: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      empty.push(await milliseconds(showNothing));
      next.push(await milliseconds(showCharts));
    }
    report({ type: 'line', text: JSON.stringify({ first, next, empty }) });
  });
});
