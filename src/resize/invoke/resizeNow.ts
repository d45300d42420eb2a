import { l10n } from 'vscode';
import type { BucketFunction } from '../../aws/notifications/bucketFunction.ts';
import { BrigadeError } from '../../aws/errors.ts';
import { looksLikeImage } from '../../aws/objects/objectKind.ts';
import type { ResizeResult } from '../../aws/resizeFunction/resizeEvent.ts';
import type { ResizedNow } from '../../aws/resizeFunction/resizeObject.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { ObjectLocation, S3Location } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { titleWithOwner } from '../../vscode/ownerLabel.ts';
import { pickS3Location } from '../../vscode/pickS3Location.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { resizeFunctionOf } from '../bucketFunction.ts';
import type { Resize } from '../resize.ts';
import { showFault, showResult } from './showResult.ts';

/**
 * Invokes the function of an object's bucket on this one object, as an upload would, and shows what
 * came of it.
 *
 * @returns what the function said of the object; undefined when it failed
 */
export async function resizeNow(
  resize: Resize,
  target: S3Location | undefined,
): Promise<ResizeResult | undefined> {
  const session = await resize.connections.session();
  const title = l10n.t('Resize Image');
  const { bucket, key } = await imageOrAsk(session, title, target);
  const found = await resizeFunctionOf(resize, session, { title }, { bucket, key });
  try {
    const { result, requestId } = await withCancellableProgress(
      { title: l10n.t('Resizing {0}', formatS3Uri({ bucket, key })) },
      signal => invokeOn(session, found, { bucket, key }, signal),
    );
    void showResult(session, found, result, requestId);
    return result;
  } catch (error) {
    // The function's own failure is an outcome too, and its log says more.
    if (!(error instanceof BrigadeError) || error.code !== 'FunctionFailed') throw error;
    resize.log.warn(`${found.arn}: ${error.message} (request ${error.requestId ?? ''})`);
    void showFault(session, found, error);
    return undefined;
  }
}

async function imageOrAsk(
  session: Session,
  asking: string,
  target: S3Location | undefined,
): Promise<ObjectLocation> {
  const from = target && { from: { bucket: target.bucket } };
  const title = titleWithOwner(session, asking);
  const { bucket, key } =
    target?.key === undefined
      ? await pickS3Location(session.clients, {
          ...{ title, accepts: looksLikeImage, ...from },
          kind: 'object',
        })
      : target;
  if (key === undefined) throw new BrigadeError('InvalidInput', l10n.t('Select an object.'));
  return { bucket, key };
}

async function invokeOn(
  { clients }: Session,
  found: BucketFunction,
  place: ObjectLocation,
  signal: AbortSignal,
): Promise<ResizedNow> {
  const { headObject } = await import('../../aws/objects/listing.ts');
  const { resizeObject } = await import('../../aws/resizeFunction/resizeObject.ts');
  const client = await clients.s3ForBucket(place.bucket, signal);
  const { size, eTag, versionId } = await headObject(client, place, { signal });
  const object = { ...place, size, eTag, ...(versionId !== undefined && { versionId }) };
  const address = { functionName: found.name, region: found.region };
  return await resizeObject(clients, { ...address, object }, { signal });
}
