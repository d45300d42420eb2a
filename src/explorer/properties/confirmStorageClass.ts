import { l10n, window, workspace } from 'vscode';
import { rewritePrice } from '../../aws/cost/copyPrice.ts';
import { pricesWith } from '../../aws/cost/prices.ts';
import type { SelectionCount } from '../../aws/selection/countSelection.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { S3Location } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import { dollars } from '../../vscode/formats.ts';
import { selectedText } from '../../vscode/selection/countSelected.ts';
import { isObject } from '../../vscode/selection/selectedRows.ts';
import type { StorageClassName } from '../../vscode/storageClasses.ts';
import { visible } from '../../vscode/visibleText.ts';

/**
 * Asks before objects are copied into another class: how many, what it costs, what the class asks for.
 *
 * @throws BrigadeError `Cancelled`
 */
export async function confirmStorageClass(
  session: Session,
  places: readonly S3Location[],
  storageClass: StorageClassName,
  count: SelectionCount | undefined,
): Promise<void> {
  const [first] = places;
  if (!first) throw cancelled();
  const change = l10n.t('Change');
  const what =
    places.length === 1
      ? visible(formatS3Uri(first))
      : l10n.t('{0} and {1} more', visible(formatS3Uri(first)), places.length - 1);
  const isOne = places.length === 1 && isObject(first);
  const question = isOne
    ? l10n.t('Change the storage class of 1 object to {0}?', storageClass)
    : l10n.t(
        'Change the storage class of {0} to {1}?',
        count ? selectedText(count) : l10n.t('all objects in it'),
        storageClass,
      );
  const notes = [what, costText(storageClass, count), keepText(storageClass)];
  if (await keepsVersions(session, places)) {
    notes.push(
      l10n.t(
        'The bucket has versioning enabled: each object gets a new version. The current one stays in its storage class and is still charged.',
      ),
    );
  }
  notes.push(l10n.t('Archived objects are skipped and listed: restore them first.'));
  const answer = await window.showWarningMessage(
    question,
    { modal: true, detail: notes.join('\n\n') },
    change,
  );
  if (answer !== change) throw cancelled();
}

/** The requests that it takes, in dollars. */
function costText(storageClass: StorageClassName, count: SelectionCount | undefined): string {
  const prices = pricesWith(workspace.getConfiguration('bucketBrigade').get('cost.prices'));
  const price = rewritePrice(prices, storageClass);
  const thousand = dollars(price);
  if (!count) return l10n.t('It costs about {0} for each 1,000 objects in requests.', thousand);
  const cost = dollars((price / 1000) * count.objects);
  return count.complete
    ? l10n.t('It costs about {0} in requests ({1} for each 1,000 objects).', cost, thousand)
    : l10n.t('It costs at least {0} in requests ({1} for each 1,000 objects).', cost, thousand);
}

const DAYS: Partial<Record<StorageClassName, number>> = {
  STANDARD_IA: 30,
  ONEZONE_IA: 30,
  GLACIER_IR: 90,
  GLACIER: 90,
  DEEP_ARCHIVE: 180,
};

/** What a class asks for besides, and what leaving one costs (user guide, "Storage classes"). */
function keepText(storageClass: StorageClassName): string {
  const days = DAYS[storageClass];
  const leaving = l10n.t(
    'Objects that leave their storage class early are charged for its minimum storage duration: 30 days for STANDARD_IA and ONEZONE_IA, 90 for the GLACIER classes, 180 for DEEP_ARCHIVE.',
  );
  if (days === undefined) return leaving;
  return `${l10n.t('{0} has a minimum storage duration of {1} days.', storageClass, days)} ${leaving}`;
}

async function keepsVersions(session: Session, places: readonly S3Location[]): Promise<boolean> {
  const { GetBucketVersioningCommand } = await import('@aws-sdk/client-s3');
  const buckets = [...new Set(places.map(({ bucket }) => bucket))];
  const found = await Promise.all(
    buckets.map(async bucket => {
      const client = await session.clients.s3ForBucket(bucket);
      // A caller who may not ask is not told.
      const answer = await client
        .send(new GetBucketVersioningCommand({ Bucket: bucket }))
        .catch(() => undefined);
      return answer?.Status === 'Enabled';
    }),
  );
  return found.includes(true);
}
