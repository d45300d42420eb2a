import { env, l10n, window } from 'vscode';
import { hasDotSegments } from '../../aws/links/objectUrl.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { S3Location, VersionLocation } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { formatCount, formatDate, formatObjects } from '../../vscode/formats.ts';
import { neutralizeLinks } from '../../vscode/neutralizeLinks.ts';
import { objectOrAsk, sessionFor, type Explorer } from '../explorer.ts';
import { isObject, isRow } from '../tree/rows.ts';
import { askExpiry, endOf } from './askExpiry.ts';
import { dotSegmentsText } from './dotSegmentsText.ts';
import { openUrl } from '../../vscode/openUrl.ts';

interface Signed extends S3Location {
  readonly key: string;
  readonly versionId?: string;
}

/** Copies URLs by which whoever has them can read objects or versions; one line for each. */
export async function copyPresignedUrls(
  explorer: Explorer,
  target?: S3Location | VersionLocation,
  selection?: readonly (S3Location | VersionLocation)[],
): Promise<void> {
  const session = await sessionFor(explorer, target);
  const title = l10n.t('Copy Presigned URL');
  const chosen = selection ?? (target ? [target] : []);
  const objects = chosen.flatMap(signable);
  if (objects.length === 0) objects.push(await objectOrAsk(explorer, session, target, title));
  const { credentialsEnd } = await import('../../aws/links/credentialsEnd.ts');
  const isOne = objects.length === 1;
  const many = l10n.t('Copy Presigned URLs: {0}', formatObjects(objects.length));
  const seconds = await askExpiry(isOne ? title : many, await credentialsEnd(session.clients));
  const urls = await Promise.all(objects.map(object => sign(session, object, seconds)));
  await env.clipboard.writeText(urls.join('\n'));
  const ends = formatDate(endOf(seconds, await credentialsEnd(session.clients)));
  showCopied(objects, urls, ends);
}

function signable(location: S3Location | VersionLocation): Signed[] {
  const { bucket, key } = location;
  if (key === undefined) return [];
  if ('versionId' in location) return [{ bucket, key, versionId: location.versionId }];
  return isObject(location) && !(isRow(location) && location.kind === 'tag')
    ? [{ bucket, key }]
    : [];
}

async function sign(session: Session, object: Signed, seconds: number): Promise<string> {
  const { presignGet } = await import('../../aws/links/presign.ts');
  return await presignGet(await session.clients.s3ForBucket(object.bucket), object, seconds);
}

/** The URL itself is never shown: it opens the object for whoever reads it over a shoulder, or in a log. */
function showCopied(objects: readonly Signed[], urls: readonly string[], ends: string): void {
  const open = l10n.t('Open in Browser');
  const [object] = objects;
  const [url] = urls;
  const isOne = objects.length === 1 && object && url !== undefined;
  const hasDots = objects.some(({ key }) => hasDotSegments(key));
  const text = isOne
    ? l10n.t(
        'Copied a URL of {0}. Anyone who has it can read the object until {1}.',
        formatS3Uri(object),
        ends,
      )
    : l10n.t(
        'Copied {0} URLs. Anyone who has them can read the objects until {1}.',
        formatCount(objects.length),
        ends,
      );
  const note = hasDots ? ` ${dotSegmentsText()}` : '';
  void window
    .showInformationMessage(neutralizeLinks(text + note), ...(isOne && !hasDots ? [open] : []))
    .then(async answer => {
      if (answer === open && url !== undefined) await openUrl(url);
    });
}
