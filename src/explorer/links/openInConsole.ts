import { l10n } from 'vscode';
import { BrigadeError } from '../../aws/errors.ts';
import { consoleLink } from '../../aws/links/consoleLink.ts';
import type { S3Location, VersionLocation } from '../../commands.ts';
import { askLocation, sessionFor, type Explorer } from '../explorer.ts';
import { isObject } from '../tree/rows.ts';
import { openUrl } from '../../vscode/openUrl.ts';

/** Opens the page of AWS's console about a bucket, prefix, object or version. */
export async function openInConsole(
  explorer: Explorer,
  target: S3Location | VersionLocation | undefined,
): Promise<void> {
  const session = await sessionFor(explorer, target);
  const { clients } = session;
  if (clients.endpoint !== undefined) {
    const reason = l10n.t('{0} isn’t AWS, and has no console.', session.connection.label);
    throw new BrigadeError('InvalidInput', reason);
  }
  const title = l10n.t('Open in Console');
  const place = target ?? (await askLocation(explorer, session, { title, kind: 'any' }));
  const version: { versionId?: string } = isVersion(place) ? { versionId: place.versionId } : {};
  const { bucket, key } = place;
  const region = await clients.regionOfBucket(bucket);
  const isOne = isVersion(place) || isObject(place);
  const link = consoleLink({ bucket, key, ...version }, region, isOne);
  if (link === undefined) {
    throw new BrigadeError('InvalidInput', l10n.t('The console for {0} isn’t known.', region));
  }
  await openUrl(link);
}

function isVersion(place: S3Location | VersionLocation): place is VersionLocation {
  return 'versionId' in place;
}
