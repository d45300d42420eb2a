// Runs in an extension host where the .vsix is installed and nothing runs from sources.
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';

/** What a tool answers to a model; this one only reads, so nobody is asked. */
async function invoke(name: string, input: object): Promise<string> {
  const options = { input, toolInvocationToken: undefined };
  const { content } = await vscode.lm.invokeTool(`bucketBrigade_${name}`, options);
  return content
    .map(part => (part instanceof vscode.LanguageModelTextPart ? part.value : ''))
    .join('\n');
}

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

  it('lists the buckets for the editor’s assistant', async () => {
    assert.match(await invoke('listBuckets', {}), /"name":"images-82834469"/);
  });

  it('checks a manifest in its worker', async () => {
    const manifest = { bucket: 'assets-82834469', key: 'manifest.csv', askObjects: true };
    assert.match(await invoke('checkManifest', manifest), /The manifest names objects: \d+\./);
  });
});
