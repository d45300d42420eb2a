import assert from 'node:assert/strict';
import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { AwsClients } from '../../src/aws/clients.ts';
import { eventually } from './eventually.ts';
import { LAB, run, startHostSandbox } from './hostSandbox.ts';
import { press } from './press.ts';

const bucket = `images-${LAB}`;
const key = 'properties/a b%2F+🪣.txt';

const tabs = (): string[] =>
  vscode.window.tabGroups.all.flatMap(group => group.tabs.map(({ label }) => label));

/** VS Code tells of tabs some time after they are opened. */
const shows = (wanted: readonly string[]): Promise<void> =>
  eventually(() => assert.deepEqual(tabs(), wanted));

describe('Show Properties', function () {
  this.timeout(90_000);
  let clients: AwsClients;
  before(async () => {
    clients = await startHostSandbox();
    await clients.s3().send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: 'text' }));
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await clients.s3().send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
  });

  it('opens a page for each object and bucket that is selected, once', async () => {
    const object = { bucket, key };
    await run('bucketBrigade.explorer.showProperties', object, [object, { bucket }, object]);
    const wanted = [`a b%2F+🪣.txt: Properties`, `${bucket}: Properties`];
    await shows(wanted);
    await run('bucketBrigade.explorer.showProperties', object);
    await shows(wanted);
  });

  it('opens none for what is not there', async () => {
    const before = tabs();
    await run('bucketBrigade.explorer.showProperties', { bucket, key: 'properties/none' });
    await sleep(500);
    assert.deepEqual(tabs(), before);
  });
});

describe('Open Part or Tail', function () {
  this.timeout(90_000);
  const log = { bucket, key: 'properties/a b+%.log' };
  let clients: AwsClients;
  const put = async (Body: string): Promise<void> => {
    await clients.s3().send(new PutObjectCommand({ Bucket: bucket, Key: log.key, Body }));
  };
  before(async () => {
    clients = await startHostSandbox();
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await clients.s3().send(new DeleteObjectCommand({ Bucket: bucket, Key: log.key }));
  });

  /** Runs the command and takes the nth of what it offers. */
  async function choose(nth: number): Promise<vscode.TextDocument> {
    const running = run('bucketBrigade.explorer.openPart', log);
    for (let at = 0; at < nth; at++) await press('next');
    await press('accept');
    await running;
    const document = vscode.window.activeTextEditor?.document;
    assert.ok(document);
    return document;
  }
  const name = ({ uri }: vscode.TextDocument): string => uri.path.split('/').at(-1) ?? '';

  it('shows the first part under a title that says so, and can’t be saved as the object', async () => {
    await put('line of a log\n'.repeat(100_000));
    const document = await choose(0);
    assert.equal(name(document), '[Bytes 0–1,048,576 of 1.3 MB] a b+%.log');
    assert.equal(document.getText().length, 1024 ** 2);
    assert.notEqual(document.uri.scheme, 's3');
  });

  it('shows the end from its first whole line on, and follows it until it is closed', async () => {
    const lines = 'line of a log\n'.repeat(100_000);
    const document = await choose(3);
    assert.equal(name(document), '[Last 256 KB of 1.3 MB] a b+%.log');
    assert.ok(document.getText().startsWith('line of a log\n'));
    await put(`${lines}added\n`);
    await eventually(() => assert.ok(document.getText().endsWith('line of a log\nadded\n')));
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
});
