import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { AwsClients } from '../../src/aws/clients.ts';
import type { ShownFigure } from '../../src/metrics/protocol.ts';
import { eventually } from './eventually.ts';
import { run, startHostSandbox } from './hostSandbox.ts';

const VIEW = /bucketBrigade\.metrics$/;

describe('the metrics panel', () => {
  let clients: AwsClients;

  before(async () => {
    clients = await startHostSandbox();
  });
  after(() => clients.destroy());
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  const show = async (functionName: string) =>
    (await run('bucketBrigade.metrics.show', { functionName })) as readonly ShownFigure[];

  /** The titles of the open panels. */
  const panels = (): string[] =>
    vscode.window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .filter(({ input }) => input instanceof vscode.TabInputWebview && VIEW.test(input.viewType))
      .map(({ label }) => label);

  /** VS Code tells of tabs some time after they are opened. */
  const shows = (titles: readonly string[]): Promise<void> =>
    eventually(() => assert.deepEqual(panels(), titles));

  async function openAnother(): Promise<void> {
    const document = await vscode.workspace.openTextDocument({ content: 'in front' });
    await vscode.window.showTextDocument(document, { preview: false });
  }

  it('tells what stands on its page', async () => {
    const figures = await show('never-invoked');
    assert.deepEqual(
      figures.map(({ label, value }) => [label, value]),
      [
        ['Invocations', '0'],
        ['Errors', '0'],
        ['Success rate (%)', '–'],
        ['Duration p95', '–'],
      ],
    );
    await shows(['Metrics: never-invoked']);
  });

  it('is opened once, and comes to the front with what is there then', async () => {
    assert.equal((await show('one')).length, 4);
    assert.equal((await show('one')).length, 4);
    await openAnother();
    const both = await Promise.all([show('one'), show('one')]);
    assert.deepEqual(
      both.map(({ length }) => length),
      [4, 4],
    );
    await shows(['Metrics: one']);
    const { activeTabGroup } = vscode.window.tabGroups;
    await eventually(() => assert.equal(activeTabGroup.activeTab?.label, 'Metrics: one'));
  });

  it('of another range is another one', async () => {
    await show('ranges');
    await run('bucketBrigade.metrics.show', { functionName: 'ranges', last: 86_400 });
    await run('bucketBrigade.metrics.show', { functionName: 'ranges', last: 86_400 });
    await shows(['Metrics: ranges', 'Metrics: ranges']);
  });

  it('takes an ARN for the function’s name', async () => {
    await show(`arn:aws:lambda:${clients.region}:${clients.accountId}:function:two:live`);
    await shows(['Metrics: two']);
  });

  it('keeps nobody waiting when it is hidden or closed before it is drawn', async () => {
    const hidden = show('hidden');
    while (panels().length === 0) await new Promise(resolve => setTimeout(resolve, 5));
    await openAnother();
    assert.ok(Array.isArray(await hidden));
    const closed = show('closed');
    while (panels().length < 2) await new Promise(resolve => setTimeout(resolve, 5));
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    assert.ok(Array.isArray(await closed));
  });
});
