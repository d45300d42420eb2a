// Runs in the extension host: the bundle of host tests calls it with the tests' modules.
import { appendFileSync } from 'node:fs';
import Mocha from 'mocha';
import * as vscode from 'vscode';
import { useErrorTexts } from '../../src/vscode/describeError.ts';
import { describeReason } from '../../src/vscode/describeReason.ts';
import { problemText } from '../../src/vscode/problemTexts.ts';
import { RESULTS_VARIABLE, type HostEvent } from './hostResults.ts';

const TEST_TIMEOUT_MS = 90_000;

/** Tells the runner, which reads the file while we write it. */
export function report(event: HostEvent): void {
  const path = process.env[RESULTS_VARIABLE];
  if (path) appendFileSync(path, `${JSON.stringify(event)}\n`);
}

/** Runs the test modules with mocha; resolves when all have run, whether they passed or not. */
export async function runMocha(loadTests: () => void): Promise<void> {
  report({ type: 'started', version: vscode.version, node: process.version });
  // The tests have their own copy of the sources, in which no session brings the sentences.
  useErrorTexts({ problem: problemText, reason: describeReason });
  const grep = process.env['BUCKET_BRIGADE_TEST_GREP'];
  const mocha = new Mocha({
    ...{ ui: 'bdd', timeout: TEST_TIMEOUT_MS, ...(grep ? { grep } : {}) },
    // A window on a busy machine takes the focus late; the report names what was repeated.
    retries: 1,
  });
  // The bundle's modules use mocha's exported functions; this binds them to this instance.
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  try {
    loadTests();
    await new Promise<void>(resolve => listen(mocha.run(() => resolve())));
  } catch (error) {
    report({ type: 'failed', title: 'loading the tests', message: describe(error) });
  }
  report({ type: 'ended' });
}

function listen(runner: Mocha.Runner): void {
  runner.on('pass', test => {
    report({ type: 'passed', title: test.fullTitle(), milliseconds: test.duration ?? 0 });
  });
  runner.on('fail', (test, error: unknown) => {
    report({ type: 'failed', title: test.fullTitle(), message: describe(error) });
  });
  runner.on('retry', (test: Mocha.Test, error: unknown) => {
    report({ type: 'line', text: `  ↻ ${test.fullTitle()}: ${describe(error)}` });
  });
  runner.on('pending', test => report({ type: 'skipped', title: test.fullTitle() }));
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
