import path from 'node:path';
import { startSandbox } from '../../src/sandbox/server.ts';
import type { VsCode } from '../support/vsCode.ts';
import { installProductionExtension, measureInHost } from './extensionHost.ts';
import type { Row } from './row.ts';
import { summarize } from './statistics.ts';

const FUNCTION = 'ImageResizeFunction';
const MINUTES = 14 * 24 * 60;

interface Figures {
  /** Milliseconds of the first panel of a window, which loads the extension's code for it. */
  readonly first: number;
  readonly next: readonly number[];
  readonly empty: readonly number[];
}

/** From the command to the charts, of a function with 14 days of metrics, against an empty webview. */
export async function measureFirstChart(
  vsCode: VsCode,
  dataDir: string,
  rounds: number,
): Promise<Row[]> {
  const data = path.join(dataDir, 'first-chart');
  await prepare(data);
  const extensionsFolder = path.join(dataDir, 'first-chart-extensions');
  await installProductionExtension(extensionsFolder);
  const env = { BUCKET_BRIGADE_SANDBOX_DATA: data, BENCH_FUNCTION: FUNCTION };
  const measured: Figures[] = [];
  for (let round = 0; round < rounds; round++) {
    measured.push(
      await measureInHost<Figures>(vsCode, { name: 'firstChart', extensionsFolder, env }),
    );
  }
  const row = (measure: string, ours: number[]): Row => ({
    group: 'Metrics panel',
    measure,
    unit: 'ms',
    ours: summarize(ours),
    peer: { name: 'empty', sample: summarize(measured.flatMap(({ empty }) => empty)) },
  });
  return [
    row(
      'from command to charts, first of a window',
      measured.map(({ first }) => first),
    ),
    row(
      'from command to charts, next',
      measured.flatMap(({ next }) => next),
    ),
  ];
}

/** A sandbox's data folder with what a function did in the last 14 days. */
async function prepare(dataDir: string): Promise<void> {
  const sandbox = await startSandbox({ dataDir, seed: true });
  const dimensions = { FunctionName: FUNCTION };
  const now = Math.floor(Date.now() / 60_000) * 60_000;
  const minutes = Array.from({ length: MINUTES }, (_, minute) => minute);
  for (const metricName of ['Invocations', 'Errors', 'Duration', 'ConcurrentExecutions']) {
    sandbox.services.metrics.put(
      minutes.map(minute => {
        const timestamp = new Date(now - minute * 60_000);
        const value = metricName === 'Duration' ? 100 + ((minute * 37) % 200) : minute % 2;
        return { namespace: 'AWS/Lambda', metricName, dimensions, timestamp, value };
      }),
    );
  }
  await sandbox.close();
}
