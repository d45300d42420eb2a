import { Disposable } from 'vscode';
import { DisposableStore } from '../../vscode/disposables.ts';
import { registerCommand } from '../../vscode/registerCommand.ts';
import type { Explorer } from '../explorer.ts';
import type { CopyClipboard } from './clipboard.ts';

/** Making folders, renaming, cutting, copying, pasting and duplicating; loaded when first run. */
export function registerCopies(explorer: Explorer): Disposable {
  const opened = new DisposableStore();
  const load = () => import('./commands.ts');
  let clipboard: CopyClipboard | undefined;
  const open = async () => {
    const commands = await load();
    clipboard ??= opened.add(new commands.CopyClipboard(explorer.connections));
    return { ...commands, clipboard };
  };
  const put = (id: 'cut' | 'copy'): Disposable =>
    registerCommand(`bucketBrigade.explorer.${id}`, async (target, selection) => {
      const commands = await open();
      await commands.putOnClipboard(explorer, commands.clipboard, id === 'cut', target, selection);
    });
  return Disposable.from(
    opened,
    put('cut'),
    put('copy'),
    registerCommand('bucketBrigade.explorer.paste', async target => {
      const { paste, clipboard: from } = await open();
      await paste(explorer, from, target);
    }),
    registerCommand('bucketBrigade.explorer.newFolder', async target =>
      (await load()).newFolder(explorer, target),
    ),
    registerCommand('bucketBrigade.explorer.rename', async target =>
      (await load()).rename(explorer, target),
    ),
    registerCommand('bucketBrigade.explorer.duplicate', async (target, selection) =>
      (await load()).duplicate(explorer, target, selection),
    ),
    explorer.worker.present('copyObjects', {
      progress: ({ done, skipped, failed }) => String(done + skipped + failed),
      done: async (result, input, session) =>
        (await load()).showContinued(explorer, session, input, result),
    }),
  );
}
