import { homedir } from 'node:os';
import path from 'node:path';
import { RelativePattern, Uri, workspace, type Disposable } from 'vscode';
import { configPaths } from '../aws/connection/configPaths.ts';
import { DisposableStore } from '../vscode/disposables.ts';

/**
 * Calls back, once the writing is over, when a credentials file changes or `aws sso login` or `aws login` has stored
 * a token.
 */
export function watchCredentialFiles(onDidChange: () => void): Disposable {
  const store = new DisposableStore();
  let timer: NodeJS.Timeout | undefined;
  const changed = (): void => {
    clearTimeout(timer);
    timer = setTimeout(onDidChange, 500);
  };
  store.add({ dispose: () => clearTimeout(timer) });
  const { config, credentials } = configPaths();
  watch(path.dirname(config), path.basename(config));
  watch(path.dirname(credentials), path.basename(credentials));
  for (const kind of ['sso', 'login']) watch(path.join(homedir(), '.aws', kind, 'cache'), '*.json');
  return store;

  function watch(folder: string, glob: string): void {
    const pattern = new RelativePattern(Uri.file(folder), glob);
    const watcher = store.add(workspace.createFileSystemWatcher(pattern));
    store.add(watcher.onDidChange(changed));
    store.add(watcher.onDidCreate(changed));
  }
}
