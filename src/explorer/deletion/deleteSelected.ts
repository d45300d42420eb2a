import { l10n, window } from 'vscode';
import type { DeletionCount } from '../../aws/deletion/countForDeletion.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { S3Location } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { formatCount, formatList } from '../../vscode/formats.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { formatSize } from '../../vscode/sizes.ts';
import { neutralizeLinks } from '../../vscode/neutralizeLinks.ts';
import { objectOrAsk, targetsOrAsk, sessionFor, type Explorer } from '../explorer.ts';
import { confirmDelete, readVersioning } from './confirmDelete.ts';
import { bucketsOf, scopeOf, selectionsOf, type DeletionScope } from './deletionScope.ts';
import { runDelete } from './runDelete.ts';

/** Deletes all objects that are selected, and all below selected prefixes. */
export async function deleteSelected(
  explorer: Explorer,
  target: S3Location | undefined,
  selection: readonly S3Location[] | undefined,
): Promise<void> {
  const session = await sessionFor(explorer, target);
  const title = l10n.t('Delete');
  const chosen = await targetsOrAsk(target, selection, () =>
    objectOrAsk(explorer, session, undefined, title),
  );
  const scope = scopeOf(chosen);
  const buckets = bucketsOf(scope);
  if (buckets.length === 0) return;
  const count = await countScope(explorer, session, scope);
  if (count.objects === 0) {
    showEmpty(scope);
    return;
  }
  const versioning = await readVersioning(session, buckets);
  await confirmDelete(session, scope, count, versioning);
  await runDelete(explorer, session, { scope, count, versioning });
}

/** What was chosen one by one is counted at once; the rest by listing it. */
async function countScope(
  { worker }: Explorer,
  session: Session,
  scope: DeletionScope,
): Promise<Pick<DeletionCount, 'objects' | 'bytes'>> {
  const { objects, prefixes } = scope;
  if (prefixes.length === 0) {
    return { objects: objects.length, bytes: objects.reduce((sum, { size = 0 }) => sum + size, 0) };
  }
  const title = l10n.t('Counting the objects to delete');
  return await withCancellableProgress({ title }, async (signal, report) => {
    const onProgress = (count: DeletionCount): void => report({ message: countText(count) });
    const input = { selections: selectionsOf(scope) };
    return await worker.run(session, 'countForDeletion', input, { title, signal, onProgress });
  });
}

function countText({ objects, bytes }: DeletionCount): string {
  return l10n.t('{0} objects, {1}', formatCount(objects), formatSize(bytes));
}

function showEmpty({ prefixes }: DeletionScope): void {
  const places = formatList(prefixes.map(formatS3Uri));
  void window.showInformationMessage(
    neutralizeLinks(l10n.t('{0} has no objects to delete.', places)),
  );
}
