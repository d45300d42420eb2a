import { l10n, window } from 'vscode';
import { fromErrorFacts } from '../../aws/errorFacts.ts';
import { BrigadeError } from '../../aws/errors.ts';
import type {
  ChangeStorageClassInput,
  StorageClassResult,
} from '../../aws/properties/changeStorageClass.ts';
import type { SelectionCount } from '../../aws/selection/countSelection.ts';
import type { ObjectSelection } from '../../aws/selection/selection.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { S3Location } from '../../commands.ts';
import type { BulkWorker, Session } from '../../services.ts';
import { formatCount, formatObjects } from '../../vscode/formats.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { pick } from '../../vscode/prompts.ts';
import { countSelected } from '../../vscode/selection/countSelected.ts';
import { isObject, selectionOf } from '../../vscode/selection/selectedRows.ts';
import { ownerOf, sessionOf } from '../../vscode/sessionOwner.ts';
import { storageClassItems } from '../../vscode/storageClasses.ts';
import { askLocation, sessionFor, targetsOrAsk, type Explorer } from '../explorer.ts';
import type { BatchOutcome } from '../../aws/transfers/batch.ts';
import { reportFailures } from '../transfers/reportFailures.ts';
import { confirmStorageClass } from './confirmStorageClass.ts';

/** What the command works with. */
export interface ClassHost {
  readonly explorer: Explorer;
  readonly worker: BulkWorker;
}

/** How long a success stays in the status bar, in milliseconds. */
const SUCCESS_SHOWN = 5000;

/** Changes the storage class of objects, and of all below the prefixes and buckets that are selected. */
export async function changeStorageClass(
  host: ClassHost,
  target: S3Location | undefined,
  selection: readonly S3Location[] | undefined,
): Promise<void> {
  const { explorer } = host;
  const session = await sessionFor(explorer, target);
  const title = l10n.t('Change Storage Class');
  const places = await targetsOrAsk(target, selection, () =>
    askLocation(explorer, session, { title, kind: 'any' }),
  );
  await changeStorageClassOf(host, session, places);
}

/** The same for places that are known, with the session that they belong to. */
export async function changeStorageClassOf(
  host: ClassHost,
  session: Session,
  places: readonly S3Location[],
): Promise<void> {
  const title = l10n.t('Change Storage Class');
  const { label: storageClass } = await pick({
    title,
    placeholder: l10n.t('Select a storage class'),
    items: storageClassItems(),
  });
  // A listing is of one bucket, and continues by itself.
  const selections = selectionsOf(places);
  const count = await countAll(session, selections);
  if (count?.objects === 0) {
    const subject = formatS3Uri(places[0] ?? { bucket: '' });
    throw new BrigadeError('NotFound', 'No objects', { subject, reason: 'NoObjects' });
  }
  await confirmStorageClass(session, places, storageClass, count);
  for (const each of selections) await change(host, session, each, storageClass);
}

function selectionsOf(places: readonly S3Location[]): ObjectSelection[] {
  return [...Map.groupBy(places, ({ bucket }) => bucket).values()].flatMap(ofBucket => {
    const [first] = ofBucket;
    // One that looks like a manifest is meant itself here.
    if (first && ofBucket.length === 1 && isObject(first)) {
      const { bucket, key } = first;
      return [{ kind: 'objects' as const, objects: [{ bucket, key }] }];
    }
    const selected = selectionOf(ofBucket);
    return selected === undefined || selected === 'severalBuckets' ? [] : [selected];
  });
}

/** Undefined for callers who may not list. */
async function countAll(
  session: Session,
  selections: readonly ObjectSelection[],
): Promise<SelectionCount | undefined> {
  const title = l10n.t('Counting objects');
  return await withCancellableProgress({ title }, async signal => {
    const counts: SelectionCount[] = [];
    for (const selection of selections) {
      const count = await countSelected(session, selection, signal);
      if (!count) return undefined;
      counts.push(count);
    }
    const sum = (of: (count: SelectionCount) => number): number =>
      counts.reduce((total, count) => total + of(count), 0);
    return {
      objects: sum(({ objects }) => objects),
      bytes: sum(({ bytes }) => bytes),
      complete: counts.every(({ complete }) => complete),
      groups: [],
      samples: [],
    };
  });
}

async function change(
  { explorer, worker }: ClassHost,
  session: Session,
  selection: ObjectSelection,
  storageClass: ChangeStorageClassInput['storageClass'],
): Promise<void> {
  const title = l10n.t('Changing the storage class to {0}', storageClass);
  const input = { selection, storageClass };
  const result = await withCancellableProgress({ title }, (signal, report) =>
    worker.run(session, 'changeStorageClass', input, {
      ...{ title, signal },
      onProgress: ({ changed, same, failed }) =>
        report({ message: formatObjects(changed + same + failed) }),
    }),
  );
  await showChangeResult({ explorer, worker }, session, input, result);
}

/** Shows the result of a change, also of one that continued after its window was closed. */
export async function showChangeResult(
  { explorer, worker }: ClassHost,
  session: Session,
  { selection, storageClass }: ChangeStorageClassInput,
  result: StorageClassResult,
): Promise<void> {
  const owner = ownerOf(session);
  await showChanged(explorer, selection);
  showCounts(result, storageClass);
  if (result.failed === 0) return;
  const failed = result.failures.map(({ bucket, key, error }) => ({
    item: { bucket, key },
    error: fromErrorFacts(error),
  }));
  const outcome: BatchOutcome<{ bucket: string; key: string }> = {
    ...{ done: [], failed, left: [], isCancelled: false },
  };
  void reportFailures({
    outcome,
    doneText: '',
    failedText: l10n.t(
      'The storage class of {0} of {1} objects wasn’t changed.',
      formatCount(result.failed),
      formatCount(result.changed + result.same + result.failed),
    ),
    nameOf: formatS3Uri,
    again: async objects => {
      const now = await sessionOf(explorer.connections, owner);
      const rest = { kind: 'objects' as const, objects };
      await change({ explorer, worker }, now, rest, storageClass);
    },
  });
}

function showCounts({ changed, same, failed }: StorageClassResult, storageClass: string): void {
  if (failed > 0) return;
  const text =
    changed === 0 && same > 0
      ? l10n.t('No changes: {0} already in {1}', formatObjects(same), storageClass)
      : l10n.t('Changed {0} to {1}', formatObjects(changed), storageClass);
  window.setStatusBarMessage(`$(pass) ${text}`, SUCCESS_SHOWN);
}

async function showChanged({ tree }: Explorer, selection: ObjectSelection): Promise<void> {
  if (selection.kind === 'objects') {
    const [first] = selection.objects;
    const keys = selection.objects.map(({ key }) => key);
    if (first) await tree.refreshKeys(first.bucket, keys);
  } else if (selection.kind === 'listing') {
    tree.refresh();
  }
}
