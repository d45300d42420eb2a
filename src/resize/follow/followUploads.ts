import { l10n, window } from 'vscode';
import { isInvokedFor } from '../../aws/notifications/bucketFunction.ts';
import { BrigadeError } from '../../aws/errors.ts';
import { looksLikeImage } from '../../aws/objects/objectKind.ts';
import { resizedKeys } from '../../aws/resizeFunction/resizedKeys.ts';
import {
  DESTINATION_VARIABLE,
  defaultDestination,
  fromEnvironment,
} from '../../aws/resizeFunction/resizeSettings.ts';
import type { ChangedObjects, ObjectLocation } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { errorForLog } from '../../vscode/errorLog.ts';
import { oursOf } from '../bucketFunction.ts';
import { showNotYet, showResized } from '../invoke/showResult.ts';
import { offerDeployment } from '../../vscode/offerDeployment.ts';
import type { Resize } from '../resize.ts';

/** Milliseconds in which an image is resized, a cold start and a retry of S3 included. */
const TIMEOUT_MS = 30_000;
/** Images that are looked for one by one, of many that were uploaded at once. */
const MAX_FOLLOWED = 20;

/**
 * Shows what happened to images that were just uploaded, where a function of ours resizes them: the
 * new objects in the Buckets view, and a message that leads there. Nothing is said where none does,
 * or where the caller may not look: an upload needs no more permissions for this.
 */
export async function followUploads(resize: Resize, uploaded: ChangedObjects): Promise<void> {
  const keys = uploaded.keys.filter(looksLikeImage).slice(0, MAX_FOLLOWED);
  if (keys.length === 0) return;
  try {
    const session = await resize.connections.session();
    await follow(resize, session, uploaded.bucket, keys);
  } catch (error) {
    if (!(error instanceof BrigadeError)) throw error;
    resize.log.debug(`resized images of ${uploaded.bucket} not followed: ${errorForLog(error)}`);
  }
}

async function follow(
  resize: Resize,
  session: Session,
  bucket: string,
  keys: readonly string[],
): Promise<void> {
  const { readBucketFunctions } = await import('../../aws/notifications/bucketFunctions.ts');
  const all = await readBucketFunctions(session.clients, bucket);
  const told = all.filter(one => keys.some(key => isInvokedFor(one, key)));
  if (told.length === 0) await showDeleted(session, bucket, keys);
  const [found, ...others] = await oursOf(resize, told, bucket);
  // Which of several makes what is not for us to guess.
  if (found === undefined || others.length > 0) return;
  const images = keys.filter(key => isInvokedFor(found, key));
  const settings = fromEnvironment(found.environment);
  const destination = found.environment[DESTINATION_VARIABLE] ?? defaultDestination(bucket);
  const expected = images
    .flatMap(key => resizedKeys(settings, key))
    .map(key => ({ bucket: destination, key }));
  const waiting = waitFor(session, { bucket, key: images[0] ?? '' }, expected);
  const text = l10n.t('Waiting for {0}', found.name);
  window.setStatusBarMessage(`$(sync~spin) ${text}`, waiting);
  if (await waiting) await showResized(session, expected);
  // With {extension} the expected keys are a guess.
  else if (!settings.keyTemplate.includes('{extension}')) {
    await showNotYet(session, found, { bucket, key: images[0] ?? '' }, images.length);
  }
}

/** An upload that nothing comes of is no silent one, where something was meant to. */
async function showDeleted(
  session: Session,
  bucket: string,
  keys: readonly string[],
): Promise<void> {
  const { clients } = session;
  const { readBucketNotifications } =
    await import('../../aws/notifications/bucketNotifications.ts');
  const { findDeletedFunctions } = await import('../../aws/notifications/bucketFunctions.ts');
  const { notifications } = await readBucketNotifications(clients, bucket);
  const meant = notifications.filter(one =>
    keys.some(key => isInvokedFor({ notifications: [one] }, key)),
  );
  if ((await findDeletedFunctions(clients, meant)).size > 0) void offerDeployment(session, bucket);
}

async function waitFor(
  { clients }: Session,
  source: ObjectLocation,
  expected: readonly ObjectLocation[],
): Promise<boolean> {
  const { headObject } = await import('../../aws/objects/listing.ts');
  const { awaitResized } = await import('../../aws/resizeFunction/awaitResized.ts');
  const client = await clients.s3ForBucket(source.bucket);
  const { lastModified: since } = await headObject(client, source);
  if (since === undefined) return false;
  const keys = expected.map(({ key }) => key);
  const bucket = expected[0]?.bucket ?? '';
  return await awaitResized(clients, { bucket, keys, since, patience: TIMEOUT_MS });
}
