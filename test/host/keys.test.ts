// What keys of the keyboard act on: the row that is seen to have the focus, while rows are read again too.
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type { AwsClients } from '../../src/aws/clients.ts';
import { eventually } from './eventually.ts';
import { run, startHostSandbox } from './hostSandbox.ts';

const VIEW = 'bucketBrigade.buckets';
/** Milliseconds after a refresh: VS Code forgets rows at once, or when it has waited for more changes. */
const MOMENTS = [0, 20, 120, 210, 300];

describe('a key in the Buckets view', function () {
  this.timeout(90_000);
  const Bucket = `keys-${Date.now()}`;
  let clients: AwsClients;

  before(async () => {
    clients = await startHostSandbox();
    await clients.s3().send(new CreateBucketCommand({ Bucket }));
    for (const Key of ['a.txt', 'b.txt', 'c.txt', 'deep/er/x.txt', 'deep/er/y.txt', 'end.txt']) {
      await clients.s3().send(new PutObjectCommand({ Bucket, Key, Body: Key }));
    }
    await vscode.commands.executeCommand(`${VIEW}.focus`);
    await vscode.commands.executeCommand('bucketBrigade.explorer.refresh');
  });
  after(() => clients.destroy());

  const reveal = (key: string) => run('bucketBrigade.explorer.reveal', { bucket: Bucket, key });
  // While VS Code takes a refreshed view, it does not move the focus.
  beforeEach(() =>
    eventually(async () => {
      await reveal('deep/er/x.txt');
      assert.equal(await copied(), `s3://${Bucket}/deep/er/x.txt`);
    }),
  );

  /** Calls a command with what package.json says of its key, the way that a key takes. */
  function press(command: string): Thenable<unknown> {
    const { contributes } = vscode.extensions.getExtension('bucket-brigade.bucket-brigade')
      ?.packageJSON as { contributes: { keybindings: { command: string; args: unknown[] }[] } };
    const key = contributes.keybindings.find(
      one => one.command === command && one.args.includes(VIEW),
    );
    assert.ok(key, command);
    // The list is one argument, as it is for a key.
    return vscode.commands.executeCommand('runCommands', {
      commands: [{ command, args: [key.args] }],
    });
  }

  async function copied(): Promise<string> {
    await press('bucketBrigade.explorer.copy');
    return await vscode.env.clipboard.readText();
  }

  it('acts on what has the focus', async () => {
    assert.equal(await copied(), `s3://${Bucket}/deep/er/x.txt`);
    await vscode.commands.executeCommand('list.focusUp');
    assert.equal(await copied(), `s3://${Bucket}/deep/er/`);
  });

  for (const [what, target] of [
    ['everything', undefined],
    ['its bucket', { bucket: Bucket }],
    ['its prefix', { bucket: Bucket, key: 'deep/er/' }],
  ] as const) {
    it(`acts on it while ${what} is read again`, async () => {
      for (const moment of MOMENTS) {
        await vscode.env.clipboard.writeText('');
        void vscode.commands.executeCommand('bucketBrigade.explorer.refresh', target);
        await sleep(moment);
        assert.equal(await copied(), `s3://${Bucket}/deep/er/x.txt`, `after ${moment} ms`);
      }
    });
  }

  it('acts on all that is selected, in several prefixes, while they are read again', async () => {
    await reveal('deep/er/x.txt');
    await vscode.commands.executeCommand('list.expandSelectionUp');
    await vscode.commands.executeCommand('list.expandSelectionUp');
    for (const moment of MOMENTS) {
      await vscode.env.clipboard.writeText('');
      void vscode.commands.executeCommand('bucketBrigade.explorer.refresh');
      await sleep(moment);
      const uris = ['deep/', 'deep/er/', 'deep/er/x.txt'].map(key => `s3://${Bucket}/${key}`);
      assert.deepEqual((await copied()).split('\n').sort(), uris, `after ${moment} ms`);
    }
  });

  it('acts on the row that gets the focus meanwhile', async () => {
    void vscode.commands.executeCommand('bucketBrigade.explorer.refresh');
    await sleep(5);
    await vscode.commands.executeCommand('list.focusUp');
    assert.equal(await copied(), `s3://${Bucket}/deep/er/`);
  });

  it('acts on nothing once the row is gone', async () => {
    await clients.s3().send(new PutObjectCommand({ Bucket, Key: 'gone.txt' }));
    await run('bucketBrigade.explorer.refresh', { bucket: Bucket });
    await reveal('gone.txt');
    await clients.s3().send(new DeleteObjectCommand({ Bucket, Key: 'gone.txt' }));
    await run('bucketBrigade.explorer.refresh', { bucket: Bucket });
    // VS Code forgets the row when it has read the others.
    await eventually(async () => {
      await vscode.env.clipboard.writeText('untouched');
      const pressed = press('bucketBrigade.explorer.copy');
      // It asks what to copy.
      const over = Promise.resolve(pressed).then(() => 'over' as const);
      while ((await Promise.race([over, sleep(50)])) !== 'over') {
        await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
      }
      assert.equal(await vscode.env.clipboard.readText(), 'untouched');
    });
  });
});
