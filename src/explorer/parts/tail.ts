import { l10n, type Uri } from 'vscode';
import { lastSegment } from '../../aws/keySegments.ts';
import type { Tail } from '../../aws/parts/tail.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { Session } from '../../services.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { formatSize } from '../../vscode/sizes.ts';
import { Following } from './following.ts';
import { partFolder, partTitle, type PartialObject, type PartHost } from './partDocument.ts';
import { revealEnd, tailText, TAIL_BYTES } from './tailDocument.ts';

/** Opens the end of an object. */
export async function openTail(
  { documents }: PartHost,
  session: Session,
  object: PartialObject,
): Promise<{ readonly uri: Uri; readonly tail: Tail }> {
  const title = l10n.t('Reading the end of {0}', formatS3Uri(object));
  const tail = await withCancellableProgress({ title }, async signal => {
    const { readTail } = await import('../../aws/parts/tail.ts');
    const client = await session.clients.s3ForBucket(object.bucket, signal);
    return await readTail(client, object, TAIL_BYTES, { signal });
  });
  const text = await tailText(tail, object);
  const what = l10n.t('Last {0} of {1}', formatSize(tail.bytes.length), formatSize(tail.total));
  const folder = partFolder(session, object);
  const uri = await documents.show(folder, partTitle(what, object), text, { inMemory: true });
  revealEnd(uri);
  return { uri, tail };
}

/** Opens the end of an object and follows what is added to it, until it is closed or stopped. */
export async function followTail(
  host: PartHost,
  session: Session,
  object: PartialObject,
): Promise<void> {
  const { uri, tail } = await openTail(host, session, object);
  const following = new Following(host, session, object, { uri, tail });
  const title = l10n.t('Following {0}', lastSegment(object.key));
  // Nobody waits for it: it continues for hours.
  void following.run(title);
}
