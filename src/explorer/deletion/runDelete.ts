import { randomUUID } from 'node:crypto';
import { l10n } from 'vscode';
import type { DeletionCount } from '../../aws/deletion/countForDeletion.ts';
import type { DeleteObjectsInput, DeleteObjectsResult } from '../../aws/deletion/deleteObjects.ts';
import type { DeletionProgress } from '../../aws/deletion/deletionRun.ts';
import { fromErrorFacts } from '../../aws/errorFacts.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { Session } from '../../services.ts';
import { formatCount, formatList } from '../../vscode/formats.ts';
import { ownerOf, sessionOf } from '../../vscode/sessionOwner.ts';
import type { Explorer } from '../explorer.ts';
import type { RunningTransfer, TransferEnd } from '../transferList/transfer.ts';
import { showDeleteResult } from './showDeleteResult.ts';
import type { VersioningOf } from './confirmDelete.ts';
import { bucketsOf, selectionsOf, type DeletionScope } from './deletionScope.ts';
import { progressText } from './deletionTexts.ts';
import { DeleteHistory, refreshDeleted, type PastDelete } from './deleteHistory.ts';

/** A delete that the user has confirmed. */
export interface AgreedDelete {
  readonly scope: DeletionScope;
  readonly count: Pick<DeletionCount, 'objects' | 'bytes'>;
  readonly versioning: VersioningOf;
  /** ISO 8601: when a delete that is continued was confirmed; what was written since is kept. */
  readonly agreedAt?: string;
}

/** Selected objects up to which one request, sent from the extension host, deletes all. */
const MAX_HERE = 1000;

/** Runs a confirmed delete as a row of Transfers, and shows its result. @throws BrigadeError */
export async function runDelete(
  explorer: Explorer,
  session: Session,
  agreed: AgreedDelete,
): Promise<void> {
  const { scope, count, versioning } = agreed;
  const id = randomUUID();
  const pasts = new DeleteHistory(explorer.storage);
  const past = pastOf(session, agreed);
  const { agreedAt = past.agreedAt } = agreed;
  await pasts.begin(id, past);
  const input: DeleteObjectsInput = {
    selections: selectionsOf(scope),
    makesMarkers: bucketsOf(scope).some(bucket =>
      ['Enabled', undefined].includes(versioning.get(bucket)),
    ),
    folder: pasts.folderOf(id),
    agreedAt,
    isContinued: agreed.agreedAt !== undefined,
  };
  const again = async (rest: DeletionScope): Promise<void> => {
    const now = await sessionOf(explorer.connections, past.owner);
    const again = { scope: rest, count: countOf(rest, count), versioning, agreedAt };
    await runDelete(explorer, now, again);
  };
  const start = {
    ...{ kind: 'delete' as const, title: titleOf(count.objects), owner: past.owner },
    from: past.place,
    total: { items: count.objects, bytes: count.bytes },
  };
  try {
    const result = await explorer.transfers.track(
      start,
      transfer => send(explorer, session, { input, scope, title: start.title }, transfer),
      ended => endOf(ended, scope, again),
    );
    void showDeleteResult(explorer, { id, past, result, scope, again });
  } finally {
    refreshDeleted(explorer.tree, past);
  }
}

function pastOf(session: Session, { scope, count }: AgreedDelete): PastDelete {
  const [only, ...others] = [...scope.prefixes, ...scope.objects];
  const buckets = bucketsOf(scope);
  const shown = buckets.map(bucket => ({
    bucket,
    keys: [...scope.prefixes, ...scope.objects]
      .filter(each => each.bucket === bucket)
      .map(({ key }) => key),
  }));
  return {
    owner: ownerOf(session),
    place: only && others.length === 0 ? formatS3Uri(only) : formatList(buckets),
    shown,
    agreedAt: new Date().toISOString(),
    objects: count.objects,
  };
}

function titleOf(objects: number): string {
  return objects === 1
    ? l10n.t('Deleting 1 object')
    : l10n.t('Deleting {0} objects', formatCount(objects));
}

/** Chosen objects are known by now; how many of prefixes are left is not. */
function countOf({ objects, prefixes }: DeletionScope, before: AgreedDelete['count']) {
  if (prefixes.length > 0) return before;
  return { objects: objects.length, bytes: objects.reduce((sum, { size = 0 }) => sum + size, 0) };
}

async function send(
  { worker }: Explorer,
  session: Session,
  work: { input: DeleteObjectsInput; scope: DeletionScope; title: string },
  { signal, report }: RunningTransfer,
): Promise<DeleteObjectsResult> {
  const { input, scope, title } = work;
  const onProgress = (progress: DeletionProgress): void =>
    report({ message: progressText(progress), items: progress.deleted + progress.failed });
  if (scope.prefixes.length > 0 || scope.objects.length > MAX_HERE) {
    return await worker.run(session, 'deleteObjects', input, { title, signal, onProgress });
  }
  const { deleteObjects } = await import('../../aws/deletion/deleteObjects.ts');
  const unsaved = { checkpoint: () => undefined, save: () => Promise.resolve() };
  return await deleteObjects(session.clients, input, unsaved, { signal, onProgress });
}

function endOf(
  result: DeleteObjectsResult,
  scope: DeletionScope,
  again: (scope: DeletionScope) => Promise<void>,
): TransferEnd {
  const { failures, failed, cancelled } = result;
  const rest = restOf(result, scope);
  return {
    failed: failures.map(({ key, error }) => ({ name: key, error: fromErrorFacts(error) })),
    ...{ failedCount: failed, isCancelled: cancelled },
    ...(rest && { retry: () => again(rest) }),
  };
}

/** What a retry deletes: the failures, or everything where they are too many to name. */
function restOf(
  { failures, failed, cancelled }: DeleteObjectsResult,
  scope: DeletionScope,
): DeletionScope | undefined {
  if (cancelled || failed > failures.length) return scope;
  if (failed === 0) return undefined;
  return { objects: failures.map(({ bucket, key }) => ({ bucket, key })), prefixes: [] };
}
