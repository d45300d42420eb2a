import { l10n, window } from 'vscode';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import { BrigadeError } from '../../aws/errors.ts';
import type { FolderArguments } from '../../commands.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { askText } from '../../vscode/prompts.ts';
import { runCommandFor } from '../../vscode/runCommand.ts';
import { askLocation, sessionFor, type Explorer } from '../explorer.ts';
import { folderOf } from './copySources.ts';
import { keyOfName, nameProblem, type TypedName } from './nameProblem.ts';
import { isNameTaken } from './takenNames.ts';

const SUCCESS_SHOWN = 5000;

/** Makes a folder as the console does: an empty object whose key is the prefix. */
export async function newFolder(explorer: Explorer, target?: FolderArguments): Promise<void> {
  const session = await sessionFor(explorer, target);
  const title = l10n.t('New Folder');
  const place = target ?? (await askLocation(explorer, session, { title, kind: 'folder' }));
  const { bucket, prefix: parent } = folderOf(place);
  const typed = (name: string): TypedName => ({ parent, name, isPrefix: true });
  const name =
    target?.name ??
    (await askText({
      title: l10n.t('New Folder in {0}', formatS3Uri({ bucket, key: parent })),
      prompt: l10n.t('S3 has no folders: an empty object with this key and a slash stands for it.'),
      placeholder: l10n.t('Name, or path such as a/b'),
      validate: text => nameProblem(typed(text)),
      check: async (text, signal) =>
        (await isNameTaken(session, bucket, keyOfName(typed(text)), signal))
          ? l10n.t('{0} already exists.', keyOfName(typed(text)))
          : undefined,
    }));
  const problem = nameProblem(typed(name));
  if (problem !== undefined) throw new BrigadeError('InvalidInput', problem);
  const key = keyOfName(typed(name));
  await withCancellableProgress({ title: l10n.t('Creating {0}', key) }, async signal => {
    const { writeObject } = await import('../../aws/objects/objects.ts');
    const client = await session.clients.s3ForBucket(bucket, signal);
    const body = new Uint8Array();
    await writeObject(client, { bucket, key, body, ifNoneMatch: '*' }, { signal });
  });
  await explorer.tree.refreshKeys(bucket, [key]);
  window.setStatusBarMessage(`$(new-folder) ${l10n.t('Created {0}', key)}`, SUCCESS_SHOWN);
  await runCommandFor(session, 'bucketBrigade.explorer.reveal', { bucket, key });
}
