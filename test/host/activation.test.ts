import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { UNASKED, unaskedId } from '../../src/commands.ts';
import { holdsAwsSdk, loadedFiles } from './loadedScripts.ts';
import { sandboxFolder } from './sandboxFolder.ts';

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
  };
}

/**
 * Watches for processes that run something in a folder; VS Code starts some of its own in the
 * extension host. The result counts those so far.
 */
function countProcesses(folder: string): () => number {
  const started: ChildProcess[] = [];
  subscribe('child_process', message => {
    started.push((message as { process: ChildProcess }).process);
  });
  const isOurs = ({ spawnargs }: ChildProcess): boolean =>
    spawnargs.some(argument => argument.startsWith(folder));
  return () => started.filter(isOurs).length;
}

// Runs before the other files (they are in alphabetical order): later the extension is in use.
describe('activation', () => {
  const extension = vscode.extensions.getExtension('bucket-brigade.bucket-brigade');
  assert.ok(extension, 'the extension is not known to VS Code');
  const dist = path.join(extension.extensionPath, 'dist');
  const started = countProcesses(dist);

  it('happens on use only, exports nothing and starts no process', async () => {
    assert.equal(extension.isActive, false);
    assert.equal(await extension.activate(), undefined);
    assert.equal(started(), 0);
    assert.equal(existsSync(path.join(sandboxFolder, 'sandbox.json')), false);
  });

  it('loads no AWS SDK code', async () => {
    const files = await loadedFiles(dist);
    assert.ok(
      files.some(file => path.basename(file) === 'extension.js'),
      files.join(),
    );
    assert.deepEqual(files.filter(holdsAwsSdk), []);
  });

  it('registers every command of package.json, and no others', async () => {
    const { commands, views } = (extension.packageJSON as Manifest).contributes;
    const registered = await vscode.commands.getCommands(true);
    const ids = Object.values(views).flatMap(group => group.map(({ id }) => id));
    // VS Code makes these of every view.
    const ofView = /\.(focus|open|removeView|resetViewLocation|toggleVisibility)$/;
    const isOfView = (id: string): boolean =>
      ofView.test(id) && ids.includes(id.replace(ofView, ''));
    assert.deepEqual(
      registered.filter(id => /^bucketBrigade\./.test(id) && !isOfView(id)).sort(),
      // What skips the questions is there in test runs only, such as this one.
      [
        ...commands.map(({ command }) => command),
        ...Object.keys(UNASKED).map(id => unaskedId(id as keyof typeof UNASKED)),
      ].sort(),
    );
  });

  it('leaves that to the first use: what it is tested for can be seen', async function () {
    this.timeout(90_000);
    await vscode.commands.executeCommand('bucketBrigade.sandbox.start');
    assert.notDeepEqual((await loadedFiles(dist)).filter(holdsAwsSdk), []);
    assert.equal(started(), 1);
    assert.ok(existsSync(path.join(sandboxFolder, 'sandbox.json')));
  });
});
