import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { holdsAwsSdk, loadedFiles } from './loadedScripts.ts';
import { sandboxFolder } from './sandboxFolder.ts';

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

/** Children of the extension host; VS Code has some of its own there. */
function childProcesses(): number {
  return process.getActiveResourcesInfo().filter(name => name === 'ProcessWrap').length;
}

// Runs before the other files (they are in alphabetical order): later the extension is in use.
describe('activation', () => {
  const extension = vscode.extensions.getExtension('bucket-brigade.bucket-brigade');
  assert.ok(extension, 'the extension is not known to VS Code');
  const dist = path.join(extension.extensionPath, 'dist');

  it('happens on use only, exports nothing and starts no process', async () => {
    assert.equal(extension.isActive, false);
    const before = childProcesses();
    assert.equal(await extension.activate(), undefined);
    assert.equal(childProcesses(), before);
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
    const { commands } = (extension.packageJSON as Manifest).contributes;
    const registered = await vscode.commands.getCommands(true);
    // VS Code makes these of every view.
    const views = /\.(focus|open|removeView|resetViewLocation|toggleVisibility)$/;
    assert.deepEqual(
      registered.filter(id => /^bucketBrigade\./.test(id) && !views.test(id)).sort(),
      commands.map(({ command }) => command).sort(),
    );
  });
});

describe('the first use', () => {
  it('loads the AWS SDK and starts the sandbox: what activation is tested for can be seen', async function () {
    this.timeout(90_000);
    const extension = vscode.extensions.getExtension('bucket-brigade.bucket-brigade');
    assert.ok(extension);
    const before = childProcesses();
    await vscode.commands.executeCommand('bucketBrigade.sandbox.start');
    const files = await loadedFiles(path.join(extension.extensionPath, 'dist'));
    assert.notDeepEqual(files.filter(holdsAwsSdk), []);
    assert.equal(childProcesses(), before + 1);
    assert.ok(existsSync(path.join(sandboxFolder, 'sandbox.json')));
  });
});
