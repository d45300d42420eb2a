import axe from 'axe-core';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { LAB_NUMBER } from '../../src/sandbox/lab/seedLab.ts';
import {
  FUNCTION,
  IDLE_FUNCTION,
  OTHER_FUNCTION,
  startMetricsLab,
  type MetricsLab,
} from '../support/metricsLab.ts';
import type { Fault } from '../support/faultProxy.ts';
import type { Theme } from '../support/settings.ts';
import { openWorkbench, type Workbench } from '../support/workbench.ts';

const THEMES: readonly Theme[] = ['light', 'hcDark', 'hcLight', 'dark'];

let lab: MetricsLab;
let workbench: Workbench;

beforeAll(async () => {
  lab = await startMetricsLab();
  workbench = await openWorkbench({ env: lab.env });
  await workbench.openContainer();
  await workbench.runCommand('Bucket Brigade: Select Connection…');
  await workbench.pick('lab');
  await workbench.row(`images-${LAB_NUMBER}`).waitFor();
});
afterAll(async () => {
  await workbench.close();
  await lab.close();
});
beforeEach(() => lab.faults.clear());

const panel = () => workbench.preview();

async function show(name: string): Promise<void> {
  await workbench.runCommand('Bucket Brigade: Show Metrics…');
  await workbench.pick(name);
}

async function closeEditors(): Promise<void> {
  await workbench.runCommand('View: Close All Editors');
  await workbench.page.locator('iframe.webview').waitFor({ state: 'detached' });
}

/** A picture in each theme, which the open panel follows, and what axe finds wrong in it. */
async function look(state: string): Promise<void> {
  for (const theme of THEMES) {
    await workbench.setTheme(theme);
    await workbench.page.waitForTimeout(400);
    await workbench.screenshot(`metrics-${state}-${theme}`);
    await expect.poll(violations, { message: `${state}, ${theme}` }).toEqual([]);
  }
}

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

/** CloudWatch's own words for who may not do something. */
function refusal(action: string): Fault {
  const user = 'arn:aws:iam::123456789012:user/eve';
  const message = `User: ${user} is not authorized to perform: ${action} because no identity-based policy allows the ${action} action`;
  return { kind: 'error', code: 'AccessDeniedException', message };
}

describe('the metrics panel', () => {
  test('of a bucket that invokes no function leads to the deployment of one', async () => {
    await workbench.contextMenu(`images-${LAB_NUMBER}`, 'Show Metrics…');
    await workbench.page.locator('.statusbar-item[id="status.notifications"]').click();
    const said = workbench.notification('has no notification that invokes a function');
    await said.getByText('Deploy Resize Function…').click();
    await workbench.quickInput().getByText('Name of the Lambda function').waitFor();
    await workbench.dismiss();
  });

  test('shows that it reads', async () => {
    let goOn = (): void => undefined;
    const until = new Promise<void>(resolve => (goOn = resolve));
    lab.faults.set('GetMetricData', { kind: 'wait', until });
    await show(FUNCTION);
    await panel().getByRole('img', { name: 'Reading the metrics…' }).waitFor();
    await look('loading');
    goOn();
    await panel().locator('.figure').first().waitFor();
  });

  test('shows the charts and the figures', async () => {
    await expect.poll(() => panel().locator('.figure').first().textContent()).toBe('324');
    await look('charts');
    await workbench.screenshot('metrics-dark');
  });

  test('lists what was changed', async () => {
    await panel().getByText('Deployments, notification changes and batch jobs').click();
    await panel().locator('.annotations li').first().scrollIntoViewIfNeeded();
    await expect
      .poll(() => panel().locator('.annotations li').first().textContent())
      .toMatch(/Function created/);
    await look('annotations');
  });

  test('shows the same numbers as a table', async () => {
    await panel().getByRole('button', { name: 'Table' }).click();
    await panel().locator('tbody tr').first().waitFor();
    await look('table');
    await panel().getByRole('button', { name: 'Copy as CSV' }).click();
    await expect
      .poll(() => workbench.page.evaluate<string>('navigator.clipboard.readText()'))
      .toMatch(/^Time,invocations,errors,successRate,[^\n]+\r\n20\d\d-/);
    await panel().getByRole('button', { name: 'Charts' }).click();
  });

  test('keeps what it shows when the network is gone', async () => {
    lab.faults.set('GetMetricData', { kind: 'cut' });
    await panel().getByRole('button', { name: 'Refresh', exact: true }).click();
    await panel().getByText('CloudWatch couldn’t be reached').waitFor({ timeout: 60_000 });
    await expect.poll(() => panel().locator('.figure').first().textContent()).toBe('324');
    await look('offline');
  });

  test('says when AWS is throttling requests', async () => {
    lab.faults.set('GetMetricData', {
      kind: 'error',
      code: 'ThrottlingException',
      message: 'Rate exceeded',
    });
    await panel().getByRole('button', { name: 'Retry' }).click();
    await panel().getByText('AWS is throttling requests').waitFor();
    await panel().getByText('Next attempt at').waitFor();
    await look('throttled');
  });

  test('says what of it is denied or partial', async () => {
    lab.faults.set('GetMetricStatistics', refusal('cloudwatch:GetMetricStatistics'));
    lab.faults.set('GetMetricData', {
      kind: 'change',
      change: body => ({
        ...body,
        MetricDataResults: (body['MetricDataResults'] as { Id: string }[]).map(result => {
          if (result.Id === 'durationP95') return { Id: result.Id, StatusCode: 'Forbidden' };
          return result.Id === 'errors' ? { ...result, StatusCode: 'PartialData' } : result;
        }),
      }),
    });
    await panel().getByRole('button', { name: 'Retry' }).click();
    await panel().getByText('Duration p95: access denied (cloudwatch:GetMetricData).').waitFor();
    await panel().getByText('Errors: CloudWatch returned only part of the data.').waitFor();
    await panel().getByText('Missing permission: cloudwatch:GetMetricStatistics').waitFor();
    await look('partial');
    lab.faults.clear();
    await panel().getByRole('button', { name: 'Retry' }).click();
    await panel().getByText('returned only part').waitFor({ state: 'detached' });
    await expect
      .poll(() => panel().locator('.before').first().textContent())
      .toContain('Previous period: 0');
  });

  test('shows several functions side by side', async () => {
    await panel().getByRole('button', { name: 'Add Function…' }).click();
    await workbench.pick(OTHER_FUNCTION);
    await expect.poll(() => panel().locator('.figure').count()).toBe(8);
    await look('two');
    await panel().getByRole('combobox', { name: 'Functions' }).selectOption(OTHER_FUNCTION);
    await expect.poll(() => panel().locator('.figure').count()).toBe(4);
    await look('one-of-two');
  });

  test('comes back after a reload as it was', async () => {
    await panel().getByRole('combobox', { name: 'Time zone' }).selectOption('utc');
    await workbench.page.waitForTimeout(500);
    await workbench.runCommand('Developer: Reload Window');
    await panel().locator('.figure').first().waitFor({ state: 'detached' });
    const zone = panel().getByRole('combobox', { name: 'Time zone' });
    await zone.waitFor({ timeout: 60_000 });
    await expect.poll(() => zone.inputValue()).toBe('utc');
    const functions = panel().getByRole('combobox', { name: 'Functions' });
    await expect.poll(() => functions.inputValue()).toBe(OTHER_FUNCTION);
    await panel().locator('.figure').first().waitFor();
    await workbench.openContainer();
    await closeEditors();
  });

  test('asks nothing while it is hidden', async () => {
    await show(FUNCTION);
    await panel().locator('.figure').first().waitFor();
    await panel().getByRole('combobox', { name: 'Refresh every' }).selectOption('10');
    await workbench.runCommand('File: New Untitled Text File');
    const reads = () => lab.operations.filter(operation => operation === 'GetMetricData').length;
    // What was asked before it was hidden may still come.
    for (let before = -1; before !== reads();) {
      before = reads();
      await workbench.page.waitForTimeout(3000);
    }
    const asked = reads();
    await workbench.page.waitForTimeout(12_000);
    expect(reads()).toBe(asked);
    await closeEditors();
  });

  test('says that nothing was invoked', async () => {
    await show(IDLE_FUNCTION);
    await panel().getByText('No invocations in the last 3 hours. Metrics appear').waitFor();
    await look('nothing');
  });

  test('says that its function was deleted', async () => {
    await lab.deleteFunction(IDLE_FUNCTION);
    await panel().getByRole('button', { name: 'Refresh', exact: true }).click();
    await panel().getByText(`${IDLE_FUNCTION} was deleted.`).waitFor();
    await look('deleted');
    await closeEditors();
  });

  test('names the permission that is missing', async () => {
    lab.faults.set('GetMetricData', refusal('cloudwatch:GetMetricData'));
    await show(OTHER_FUNCTION);
    await panel().getByText('Missing permission: cloudwatch:GetMetricData').waitFor();
    await look('denied');
    await closeEditors();
  });
});
