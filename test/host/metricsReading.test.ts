import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { BrigadeError } from '../../src/aws/errors.ts';
import { createClients, type AwsClients } from '../../src/aws/clients.ts';
import { newPanel, stateFor, type MetricsPanel } from '../../src/metrics/metricsPanel.ts';
import type { ShownFigure } from '../../src/metrics/protocol.ts';
import { eventually } from './eventually.ts';
import { startExplorerFixture, TestConnections, type ExplorerFixture } from './explorerFixture.ts';

const REGION = 'us-east-1';

describe('the metrics panel, whatever becomes of its connection', () => {
  let on: ExplorerFixture;
  let connections: TestConnections;
  let panel: MetricsPanel | undefined;
  /** Takes requests and never answers. */
  const silent = createServer((_, response) => {
    asked++;
    response.on('close', () => cutOff++);
  });
  let asked = 0;
  let cutOff = 0;

  before(async () => {
    on = await startExplorerFixture();
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
  });
  after(async () => {
    await on.close();
    silent.closeAllConnections();
    silent.close();
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    panel = undefined;
  });

  function open(): Promise<readonly ShownFigure[]> {
    const extension = vscode.extensions.getExtension('bucket-brigade.bucket-brigade');
    assert.ok(extension);
    const context = { extensionUri: extension.extensionUri } as vscode.ExtensionContext;
    panel = newPanel({ context, connections }, stateFor(['f'], REGION));
    return panel.shown();
  }

  async function use(clients?: AwsClients): Promise<void> {
    connections.use(await on.sessionOf('sandbox', clients));
  }

  function silentClients(): AwsClients {
    const endpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
    const identity = { accountId: '123456789012', partition: 'aws' };
    return createClients({ region: REGION, endpoint, credentials }, identity);
  }

  const until = (condition: () => boolean): Promise<void> =>
    eventually(() => assert.ok(condition()));

  it('says that there is none, and reads as soon as there is one', async () => {
    connections = new TestConnections();
    connections.open = () => Promise.reject(new BrigadeError('NoConnection', 'none'));
    assert.deepEqual(await open(), []);
    const figures = panel?.shown();
    await use();
    assert.equal((await figures)?.length, 4);
  });

  it('gives up what it reads of a connection that is left', async () => {
    connections = new TestConnections();
    await use(silentClients());
    const sent = asked;
    const figures = open();
    await until(() => asked > sent);
    const before = cutOff;
    await use();
    await until(() => cutOff > before);
    assert.equal((await figures).length, 4);
  });

  it('gives up what it reads when it is hidden or closed', async () => {
    connections = new TestConnections();
    await use(silentClients());
    for (const leave of [
      'workbench.action.files.newUntitledFile',
      'workbench.action.closeAllEditors',
    ]) {
      const sent = asked;
      const figures = open();
      await until(() => asked > sent);
      const before = cutOff;
      await vscode.commands.executeCommand(leave);
      assert.deepEqual(await figures, []);
      await until(() => cutOff > before);
    }
  });

  it('shows no figures where it may not read', async () => {
    connections = new TestConnections();
    await use(await on.roleClients(['s3:ListBucket']));
    assert.deepEqual(await open(), []);
  });

  it('shows the charts where only the totals are denied', async () => {
    connections = new TestConnections();
    await use(await on.roleClients(['cloudwatch:GetMetricData']));
    const figures = await open();
    assert.deepEqual(
      figures.map(({ value }) => value),
      ['0', '0', '–', '–'],
    );
  });
});
