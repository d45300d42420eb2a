import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { BrigadeError } from '../../src/aws/errors.ts';
import { withCancellableProgress } from '../../src/vscode/progress.ts';
import { runAndShow } from '../../src/vscode/registerCommand.ts';

const run = (work: () => unknown): Promise<unknown> => runAndShow('a test', work);

describe('a command', () => {
  it('gives the result of its handler', async () => {
    assert.equal(await run(() => Promise.resolve('two')), 'two');
  });

  it('that fails resolves to nothing: the failure is shown once, by us', async () => {
    assert.equal(await run(() => Promise.reject(new BrigadeError('NotFound', 'gone'))), undefined);
    assert.equal(
      await run(() => {
        throw new Error('thrown at once');
      }),
      undefined,
    );
  });

  it('that is cancelled resolves to nothing', async () => {
    const cancelled = [
      new BrigadeError('Cancelled', 'x'),
      new vscode.CancellationError(),
      new DOMException('x', 'AbortError'),
    ];
    for (const error of cancelled) assert.equal(await run(() => Promise.reject(error)), undefined);
  });
});

describe('progress', () => {
  it('gives the task’s result, having shown its reports', async () => {
    const result = await withCancellableProgress({ title: 'Working' }, async (signal, report) => {
      report({ message: 'half', fraction: 0.5 });
      await sleep(20);
      report({ fraction: 1 });
      assert.equal(signal.aborted, false);
      return 42;
    });
    assert.equal(result, 42);
  });

  it('gives the result of work that is shown only after a while, and its error', async () => {
    const slowly = async (error?: Error): Promise<number> => {
      await sleep(700);
      if (error) throw error;
      return 42;
    };
    assert.equal(await withCancellableProgress({ title: 'Working' }, () => slowly()), 42);
    const failing = withCancellableProgress({ title: 'Working' }, () =>
      slowly(new BrigadeError('Network', 'gone')),
    );
    await assert.rejects(failing, { code: 'Network' });
  });

  it('passes the task’s error on', async () => {
    const failing = withCancellableProgress({ title: 'Working' }, () =>
      Promise.reject(new BrigadeError('Network', 'gone')),
    );
    await assert.rejects(failing, { code: 'Network' });
  });
});
