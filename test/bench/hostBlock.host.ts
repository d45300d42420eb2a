// Runs in an extension host with our extension: how long the host's thread is kept busy at a time, at
// rest and while the worker lists very many objects into a manifest and reads it row by row.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { ObjectSelection } from '../../src/aws/selection/selection.ts';
import { LazyBulkWorker } from '../../src/vscode/bulkWorker.ts';
import type { ConnectionChange } from '../../src/services.ts';
import { startHostSandbox } from '../host/hostSandbox.ts';
import { report } from '../support/hostEntry.ts';
import { sessionOf } from '../support/workerWorld.ts';

const bucket = process.env['BENCH_BUCKET'] ?? '';
const OBJECTS = Number(process.env['BENCH_OBJECTS']);

interface Block {
  /** Milliseconds in which the event loop did not turn. */
  readonly wall: number;
  /** Milliseconds that the thread had the processor for between two turns: other programs don't count. */
  readonly work: number;
}

async function longestBlock(run: () => Promise<unknown>): Promise<Block> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  let last = threadTime();
  let work = 0;
  const timer = setInterval(() => {
    const now = threadTime();
    work = Math.max(work, now - last);
    last = now;
  }, 1);
  delay.enable();
  await run();
  delay.disable();
  clearInterval(timer);
  return { wall: delay.max / 1e6 - 1, work };
}

function threadTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

describe('the extension host', () => {
  it('is measured', async function () {
    this.timeout(300_000);
    const session = sessionOf(await startHostSandbox());
    const extension = vscode.extensions.getExtension('bucket-brigade.bucket-brigade');
    assert.ok(extension);
    const root = await mkdtemp(path.join(tmpdir(), 'bucket-brigade-bench-'));
    const program = path.join(extension.extensionPath, 'dist', 'worker.js');
    const worker = new LazyBulkWorker({
      program,
      root,
      connections: {
        current: session.connection,
        opened: [session.connection],
        onDidChange: new vscode.EventEmitter<void>().event,
        onDidChangeAny: new vscode.EventEmitter<ConnectionChange>().event,
        session: () => Promise.resolve(session),
      },
    });
    const selection: ObjectSelection = {
      ...{ kind: 'listing', bucket, prefixes: [''], filter: { suffix: '7' } },
      versions: 'current',
    };
    let reports = 0;
    const create = async (key: string): Promise<void> => {
      const options = { title: key, onProgress: () => void (reports += 1) };
      const input = { selection, bucket, key };
      const { rows } = await worker.run(session, 'createManifest', input, options);
      assert.equal(rows, OBJECTS / 10);
    };
    try {
      // Code is loaded and the process started with the first task; both are part of the second figure.
      const start = performance.now();
      const working = await longestBlock(() => create('manifest-1.csv'));
      const seconds = (performance.now() - start) / 1000;
      assert.ok(reports > 0);
      await sleep(1000);
      const idle = await longestBlock(() => sleep(seconds * 1000));
      report({ type: 'line', text: JSON.stringify({ working, idle, seconds }) });
    } finally {
      worker.dispose();
      await rm(root, { recursive: true, force: true });
    }
  });
});
