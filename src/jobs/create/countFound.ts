import { l10n } from 'vscode';
import { unless } from '../../aws/call.ts';
import type { ObjectCount } from '../../aws/objects/countObjects.ts';
import { BrigadeError } from '../../aws/errors.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { Session } from '../../services.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { formatObjects } from '../jobText.ts';
import type { FoundObjects } from './draft.ts';

/**
 * Counts the objects that S3 would find, as far as that is worth a wait.
 *
 * @throws BrigadeError `InvalidInput` when there is none: the job would fail.
 */
export async function countFound(session: Session, found: FoundObjects): Promise<FoundObjects> {
  const { sourceBucket: bucket, prefix, suffix } = found;
  const title = l10n.t('Counting objects in {0}', formatS3Uri({ bucket, key: prefix }));
  const count = await withCancellableProgress({ title }, signal =>
    countUnlessDenied(session, { bucket, prefix, suffix }, signal),
  );
  if (count?.objects === 0 && count.complete) throw nothingFound(found);
  return { ...found, ...(count && { count }) };
}

/** Undefined for who may not list: S3 Batch Operations lists as the job's role. */
export async function countUnlessDenied(
  { clients }: Session,
  place: { readonly bucket: string; readonly prefix?: string; readonly suffix?: string },
  signal: AbortSignal,
): Promise<ObjectCount | undefined> {
  const { countObjects } = await import('../../aws/objects/countObjects.ts');
  return await unless(['AccessDenied'], undefined, async () => {
    const client = await clients.s3ForBucket(place.bucket, signal);
    return await countObjects(client, place, { signal });
  });
}

export function nothingFound({ sourceBucket: bucket, prefix, suffix }: FoundObjects): BrigadeError {
  const where = formatS3Uri({ bucket, key: prefix });
  const sentence =
    suffix === undefined
      ? l10n.t('There is no object in {0}.', where)
      : l10n.t('No object in {0} ends in {1}.', where, suffix);
  return new BrigadeError('InvalidInput', sentence, { subject: where });
}

/** `37 objects`, or `at least 10,000 objects` where that is all that is known. */
export function countText({ objects, complete }: NonNullable<FoundObjects['count']>): string {
  return complete ? formatObjects(objects) : l10n.t('at least {0}', formatObjects(objects));
}
