import { l10n, window } from 'vscode';
import type { RestoreOutcome } from '../../aws/objects/restore/restoreObject.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { S3Location, VersionLocation } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import { formatCount, formatObjects } from '../../vscode/formats.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { runCommand } from '../../vscode/runCommand.ts';
import { ownerOf, sessionOf } from '../../vscode/sessionOwner.ts';
import { formatSize } from '../../vscode/sizes.ts';
import { neutralizeLinks } from '../../vscode/neutralizeLinks.ts';
import { objectOrAsk, sessionFor, type Explorer } from '../explorer.ts';
import { runBatch } from '../../aws/transfers/batch.ts';
import { nameList } from '../transfers/confirmOverwrite.ts';
import { reportFailures } from '../transfers/reportFailures.ts';
import { isLocation, isRow } from '../tree/rows.ts';
import { findArchived, type ArchivedObject, type FoundArchived } from './archivedObjects.ts';
import { askRestore, costText, countText, type RestorePlan } from './askRestore.ts';

/** Requests at a time: each is a short one. */
const AT_A_TIME = 16;
/** From so many on, a batch job is worth its fee. */
const MANY = 1000;

type Target = S3Location | VersionLocation;

/** Has S3 restore archived objects, after it was said what that costs and how long it takes. */
export async function restoreArchived(
  explorer: Explorer,
  target?: Target,
  selection?: readonly Target[],
): Promise<void> {
  const session = await sessionFor(explorer, target);
  const title = l10n.t('Restore from Archive');
  const given = selection ?? (target ? [target] : []);
  const chosen = given.filter(one => !isRow(one) || isLocation(one) || one.kind === 'version');
  const places = chosen.length > 0 ? chosen : [await objectOrAsk(explorer, session, target, title)];
  // A row says itself whose it is.
  const owned = places.map(one => (isRow(one) ? one : { ...one, session: session.key }));
  const found = await findArchived(session, places);
  if (found.isMore) {
    await offerJob(owned, found);
    return;
  }
  if (found.archived.length === 0) {
    void window.showInformationMessage(noneText(places, found));
    return;
  }
  const plan = await askRestore(found.archived);
  if (await confirmRestore(found.archived, plan))
    await restoreAll(explorer, session, found.archived, plan);
  else await runCommand('bucketBrigade.jobs.create', owned[0], owned);
}

function noneText([place]: readonly Target[], { looked }: FoundArchived): string {
  if (looked === 1 && place?.key !== undefined && !place.key.endsWith('/')) {
    return neutralizeLinks(l10n.t('{0} isn’t archived.', formatS3Uri(place)));
  }
  return l10n.t('Nothing is archived there: {0}.', formatObjects(looked));
}

async function offerJob(places: readonly Target[], { archived }: FoundArchived): Promise<void> {
  const create = l10n.t('Create Job…');
  const text = l10n.t(
    'More than {0} objects are archived. To restore any number of objects, create a batch job with the operation Restore.',
    formatCount(archived.length - 1),
  );
  const answer = await window.showInformationMessage(text, create);
  if (answer === create) await runCommand('bucketBrigade.jobs.create', places[0], places);
}

/** @returns false where a job is to do it. @throws BrigadeError `Cancelled` */
async function confirmRestore(
  objects: readonly ArchivedObject[],
  plan: RestorePlan,
): Promise<boolean> {
  const restore = l10n.t('Restore');
  const job = l10n.t('Create Job Instead…');
  const size = formatSize(objects.reduce((sum, one) => sum + one.size, 0));
  const [first] = objects;
  const question =
    objects.length === 1 && first
      ? l10n.t('Restore {0} ({1})?', formatS3Uri(first), size)
      : l10n.t('Restore {0}?', countText(objects, size));
  const isMany = objects.length >= MANY;
  const detail = [
    ...(objects.length === 1 ? [] : [nameList(objects.map(({ key }) => key))]),
    l10n.t('Tier: {0}, available in {1}. Cost: {2}.', plan.tier, plan.time, costText(plan.cost)),
    plan.days > 0
      ? l10n.t(
          'The objects stay archived. A temporary copy of each can be read for {0} days.',
          plan.days,
        )
      : l10n.t('The objects move back to the Frequent Access tier.'),
    ...(isMany
      ? [l10n.t('A batch job can do the same on AWS, with a completion report and its own fee.')]
      : []),
  ].join('\n\n');
  const answer = await window.showWarningMessage(
    neutralizeLinks(question),
    { modal: true, detail },
    ...(isMany ? [restore, job] : [restore]),
  );
  if (answer === undefined) throw cancelled();
  return answer === restore;
}

/** Asks S3 for each; those that fail are named item by item. */
export async function restoreAll(
  explorer: Explorer,
  session: Session,
  objects: readonly ArchivedObject[],
  plan: Pick<RestorePlan, 'tier' | 'days'>,
): Promise<void> {
  const owner = ownerOf(session);
  const { restoreObject } = await import('../../aws/objects/restore/restoreObject.ts');
  const { makesCopy } = await import('../../aws/objects/restore/restoreTiers.ts');
  const outcomes: RestoreOutcome[] = [];
  const title = l10n.t('Requesting the restore of {0}', formatObjects(objects.length));
  const outcome = await withCancellableProgress({ title }, (signal, report) =>
    runBatch(
      objects,
      AT_A_TIME,
      signal,
      async object => {
        const client = await session.clients.s3ForBucket(object.bucket, signal);
        const days = makesCopy(object.archive) ? { days: plan.days } : {};
        const input = { ...object, tier: plan.tier, ...days };
        outcomes.push(await restoreObject(client, input, { signal }));
        report({ fraction: outcomes.length / objects.length });
      },
      ({ bucket }) => bucket,
    ),
  );
  for (const [bucket, own] of Map.groupBy(objects, object => object.bucket)) {
    void explorer.tree.refreshKeys(
      bucket,
      own.map(({ key }) => key),
    );
  }
  const { done, failed } = outcome;
  if (done.length > 0 && done.length === objects.length) {
    void window.showInformationMessage(outcomeText(outcomes));
  }
  void reportFailures({
    outcome,
    doneText: l10n.t('{0} of {1} restores were requested.', done.length, objects.length),
    failedText: l10n.t('{0} of {1} restores were refused.', failed.length, objects.length),
    nameOf: ({ key }) => key,
    again: async rest =>
      restoreAll(explorer, await sessionOf(explorer.connections, owner), rest, plan),
  });
}

/** What happened to them: begun, longer there, or under way already. */
export function outcomeText(outcomes: readonly RestoreOutcome[]): string {
  const count = (kind: RestoreOutcome): number => outcomes.filter(one => one === kind).length;
  const [begun, extended, underWay] = [
    count('begun'),
    count('extended'),
    count('alreadyInProgress'),
  ];
  const parts = [
    ...(begun > 0 ? [l10n.t('Restores requested: {0}.', formatCount(begun))] : []),
    ...(extended > 0
      ? [l10n.t('Already restored, availability extended: {0}.', formatCount(extended))]
      : []),
    ...(underWay > 0 ? [l10n.t('Already in progress: {0}.', formatCount(underWay))] : []),
  ];
  return parts.join(' ');
}
