import axe from 'axe-core';
import type { Frame } from 'playwright-core';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LAB_NUMBER } from '../../src/sandbox/lab/seedLab.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import type { MetricStore } from '../../src/sandbox/cloudwatch/metricStore.ts';
import type { Theme } from '../support/settings.ts';
import { openWorkbench, type Workbench } from '../support/workbench.ts';

const FUNCTION = 'ImageResizeFunction';
const THEMES: readonly Theme[] = ['dark', 'light', 'hcDark', 'hcLight'];

describe.each(THEMES)('the metrics panel (%s)', theme => {
  let workbench: Workbench;
  beforeAll(async () => {
    workbench = await openWorkbench({ theme });
    await prepare(workbench.sandboxFolder);
    await workbench.openContainer();
    await workbench.page.getByText('Start Local Sandbox').first().click();
    await workbench.row(`images-${LAB_NUMBER}`).waitFor();
  });
  afterAll(() => workbench.close());

  /** What axe finds wrong in the panel, each with where. */
  async function violations(): Promise<string[]> {
    const frames = workbench.page.frames();
    const found = await Promise.all(frames.map(frame => frame.locator('#panel').count()));
    const frame = frames[found.findIndex(count => count > 0)] as Frame;
    await frame.evaluate(axe.source);
    const results = await frame.evaluate(
      '(window.axe.run(document.body, { resultTypes: ["violations"] }))',
    );
    return (results as axe.AxeResults).violations.flatMap(({ id, nodes }) =>
      nodes.map(node => `${id}: ${node.html} ${node.failureSummary ?? ''}`),
    );
  }

  const panel = () => workbench.page.frameLocator('iframe.webview').frameLocator('iframe');

  test('of a bucket that invokes no function lead to the deployment of one', async () => {
    await workbench.contextMenu(`images-${LAB_NUMBER}`, 'Show Metrics…');
    await workbench.page.locator('.statusbar-item[id="status.notifications"]').click();
    const said = workbench.notification('No function is told about new objects of');
    await said.getByText('Deploy Resize Function…').click();
    await workbench.quickInput().getByText('Name of the Lambda function').waitFor();
    // The first one closes the messages.
    await workbench.page.keyboard.press('Escape');
    await workbench.page.keyboard.press('Escape');
    await workbench.quickInput().waitFor({ state: 'hidden' });
  });

  test('shows the charts and the figures of a function', async () => {
    await workbench.runCommand('Bucket Brigade: Show Metrics…');
    await workbench.pick(FUNCTION);
    await panel().locator('.figure').first().waitFor();
    await workbench.page.waitForTimeout(500);
    await workbench.screenshot(`metrics-${theme}`);
    expect(await panel().locator('.figure').first().textContent()).toBe('324');
    expect(await violations()).toEqual([]);
  });

  test('shows the same numbers as a table', async () => {
    await panel().getByRole('button', { name: 'Table' }).click();
    await panel().locator('tbody tr').first().waitFor();
    await workbench.screenshot(`metrics-table-${theme}`);
    expect(await violations()).toEqual([]);
  });
});

/** A function with three hours of invocations, some of them failed. */
async function prepare(dataDir: string): Promise<void> {
  const sandbox = await startSandbox({ dataDir, seed: true });
  const { endpoint, region, accessKeyId, secretAccessKey, accountId } = sandbox;
  const credentials = { accessKeyId, secretAccessKey };
  const lambda = new LambdaClient({ endpoint, region, credentials });
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: FUNCTION,
      Role: `arn:aws:iam::${accountId}:role/S3LambdaRole`,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { S3Bucket: `assets-${LAB_NUMBER}`, S3Key: 'function.zip' },
    }),
  );
  putHistory(sandbox.services.metrics);
  lambda.destroy();
  await sandbox.close();
}

function putHistory(metrics: MetricStore): void {
  const now = Math.floor(Date.now() / 60_000) * 60_000;
  for (let minute = 1; minute <= 120; minute++) {
    if (minute % 20 < 3) continue;
    const timestamp = new Date(now - minute * 60_000);
    const put = (metricName: string, unit: string, value: number) =>
      metrics.put([
        {
          namespace: 'AWS/Lambda',
          metricName,
          dimensions: { FunctionName: FUNCTION },
          unit,
          timestamp,
          value,
        },
      ]);
    const count = 1 + (minute % 5);
    for (let n = 0; n < count; n++) {
      put('Invocations', 'Count', 1);
      put('Errors', 'Count', minute % 30 === 7 && n === 0 ? 1 : 0);
      put('Duration', 'Milliseconds', 180 + 30 * n + ((minute * 37) % 200));
      put('ConcurrentExecutions', 'Count', 1 + (n % 3));
      put('AsyncEventAge', 'Milliseconds', 20 + n * 4);
    }
  }
}
