import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateFunctionCommand, DeleteFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { MetricStore } from '../../src/sandbox/cloudwatch/metricStore.ts';
import { LAB_NUMBER } from '../../src/sandbox/lab/seedLab.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { startFaultProxy, type FaultProxy } from './faultProxy.ts';

/** A sandbox with functions that have a history, behind a proxy that can fail; a profile leads to it. */
export interface MetricsLab extends Pick<FaultProxy, 'operations' | 'faults'> {
  /** For the extension host: the AWS profile `lab`. */
  readonly env: NodeJS.ProcessEnv;
  readonly logs: Awaited<ReturnType<typeof startSandbox>>['services']['logs'];
  /** The minute of the newest failed invocation, in milliseconds. */
  readonly failedAt: number;
  deleteFunction(name: string): Promise<void>;
  close(): Promise<void>;
}

export const FUNCTION = 'ImageResizeFunction';
export const OTHER_FUNCTION = 'Thumbnail';
/** Never invoked. */
export const IDLE_FUNCTION = 'Idle';

export async function startMetricsLab(): Promise<MetricsLab> {
  const folder = mkdtempSync(join(tmpdir(), 'bb-metrics-'));
  const sandbox = await startSandbox({ dataDir: join(folder, 'sandbox'), seed: true });
  const { endpoint, region, accessKeyId, secretAccessKey } = sandbox;
  const credentials = { accessKeyId, secretAccessKey };
  const lambda = new LambdaClient({ endpoint, region, credentials });
  for (const FunctionName of [FUNCTION, OTHER_FUNCTION, IDLE_FUNCTION]) {
    await lambda.send(
      new CreateFunctionCommand({
        FunctionName,
        Role: `arn:aws:iam::${sandbox.accountId}:role/S3LambdaRole`,
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Code: { S3Bucket: `assets-${LAB_NUMBER}`, S3Key: 'function.zip' },
      }),
    );
  }
  const now = Math.floor(Date.now() / MINUTE) * MINUTE;
  putHistory(sandbox.services.metrics, FUNCTION, 5, now);
  putHistory(sandbox.services.metrics, OTHER_FUNCTION, 2, now);
  const proxy = await startFaultProxy(endpoint);
  const config = join(folder, 'config');
  const keys = join(folder, 'credentials');
  writeFileSync(config, `[profile lab]\nregion = ${region}\nendpoint_url = ${proxy.endpoint}\n`);
  writeFileSync(
    keys,
    `[lab]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`,
  );
  return {
    operations: proxy.operations,
    faults: proxy.faults,
    logs: sandbox.services.logs,
    failedAt: now - 7 * MINUTE,
    env: { AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: keys },
    deleteFunction: async name => {
      await lambda.send(new DeleteFunctionCommand({ FunctionName: name }));
    },
    close: async () => {
      lambda.destroy();
      await proxy.close();
      await sandbox.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const MINUTE = 60_000;

/** Two hours of invocations with pauses, some of them failed. */
function putHistory(metrics: MetricStore, FunctionName: string, most: number, now: number): void {
  for (let minute = 1; minute <= 120; minute++) {
    if (minute % 20 < 3) continue;
    const timestamp = new Date(now - minute * MINUTE);
    const put = (metricName: string, unit: string, value: number): void =>
      metrics.put([
        {
          namespace: 'AWS/Lambda',
          metricName,
          dimensions: { FunctionName },
          unit,
          timestamp,
          value,
        },
      ]);
    const count = 1 + (minute % most);
    for (let n = 0; n < count; n++) {
      put('Invocations', 'Count', 1);
      put('Errors', 'Count', minute % 30 === 7 && n === 0 ? 1 : 0);
      put('Duration', 'Milliseconds', 180 + 30 * n + ((minute * 37) % 200));
      put('ConcurrentExecutions', 'Count', 1 + (n % 3));
      put('AsyncEventAge', 'Milliseconds', 20 + n * 4);
    }
  }
}
