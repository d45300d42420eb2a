// Runs in an extension host where the .vsix is installed and nothing runs from sources.
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';

describe('the installed extension', () => {
  const extension = vscode.extensions.getExtension('bucket-brigade.bucket-brigade');

  it('is the one from the .vsix', () => {
    assert.ok(extension, 'not installed');
    const folder = process.env['BUCKET_BRIGADE_EXTENSIONS_FOLDER'] ?? '';
    assert.ok(extension.extensionPath.startsWith(folder), extension.extensionPath);
  });

  it('activates and registers every command of its manifest', async () => {
    assert.ok(extension);
    await extension.activate();
    const registered = new Set(await vscode.commands.getCommands(true));
    const { contributes } = extension.packageJSON as {
      contributes: { commands: { command: string }[] };
    };
    const missing = contributes.commands.filter(({ command }) => !registered.has(command));
    assert.deepEqual(missing, []);
  });

  it('starts its sandbox, which holds the lab', async () => {
    await vscode.commands.executeCommand('bucketBrigade.sandbox.start');
    // What a command opens is read; any other address would be asked about first.
    const image = { bucket: 'images-82834469', key: 'image1.png' };
    await vscode.commands.executeCommand('bucketBrigade.explorer.openObject', image);
    const { size } = await vscode.workspace.fs.stat(
      vscode.Uri.from({ scheme: 's3', authority: image.bucket, path: `/${image.key}` }),
    );
    assert.ok(size > 0);
  });
});
