// Runs in an extension host with our extension and empty ones, none of them active: activates those
// that BENCH_EXTENSIONS names, in that order, and tells how long each took and what it loaded.
import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { loadedFiles } from '../host/loadedScripts.ts';
import { report } from '../support/hostEntry.ts';

/** By then the workbench has done what it does after its start, or after an activation. */
const QUIET_MS = 1_500;

async function activate(id: string) {
  const extension = vscode.extensions.getExtension(id);
  assert.ok(extension, id);
  await sleep(QUIET_MS);
  assert.equal(extension.isActive, false);
  const start = performance.now();
  await extension.activate();
  const milliseconds = performance.now() - start;
  const files = await loadedFiles(extension.extensionPath);
  assert.notEqual(files.length, 0);
  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
  return { milliseconds, bytes };
}

describe('activation', () => {
  it('is timed', async () => {
    const figures: Record<string, Awaited<ReturnType<typeof activate>>> = {};
    for (const id of (process.env['BENCH_EXTENSIONS'] ?? '').split(',')) {
      figures[id] = await activate(id);
    }
    report({ type: 'line', text: JSON.stringify(figures) });
  });
});
