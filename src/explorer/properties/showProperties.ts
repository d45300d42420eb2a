import { l10n, window } from 'vscode';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { S3Location } from '../../commands.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import { askLocation, sessionFor, targetsOrAsk, type Explorer } from '../explorer.ts';
import { isRow } from '../tree/rows.ts';
import { openProperties, type PageHost } from './propertiesPage.ts';

/** Pages that are opened without a question. */
const MAX_PAGES = 10;

/** Opens a page with the properties of each object or bucket that is selected. */
export async function showProperties(
  host: PageHost & { readonly explorer: Explorer },
  target: S3Location | undefined,
  selection: readonly S3Location[] | undefined,
): Promise<void> {
  const { explorer } = host;
  const session = await sessionFor(explorer, target);
  const title = l10n.t('Show Properties');
  const chosen = await targetsOrAsk(target, selection, () =>
    askLocation(explorer, session, { title, kind: 'any' }),
  );
  // One object may be shown below several rows.
  const places = [...new Map(chosen.map(placeOf).map(each => [formatS3Uri(each), each])).values()];
  if (places.length > MAX_PAGES) await confirmPages(places.length);
  for (const place of places) await openProperties(host, session, place);
}

/** A prefix that was added by name stands at the top like a bucket, and is shown as its bucket. */
function placeOf(location: S3Location): S3Location {
  const { bucket, key } = location;
  const isBucket = !key || (isRow(location) && location.kind === 'bucket');
  return isBucket ? { bucket } : { bucket, key };
}

async function confirmPages(count: number): Promise<void> {
  const open = l10n.t('Open');
  const question = l10n.t('Show the properties of {0} items in separate editors?', count);
  const answer = await window.showWarningMessage(question, { modal: true }, open);
  if (answer !== open) throw cancelled();
}
