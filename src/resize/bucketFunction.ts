import { l10n } from 'vscode';
import {
  isInvokedFor,
  isDeployedFor,
  type BucketFunction,
} from '../aws/notifications/bucketFunction.ts';
import type { Session } from '../services.ts';
import { cancelled } from '../vscode/cancellation.ts';
import { functionItem } from '../vscode/functionItems.ts';
import { offerDeployment } from '../vscode/offerDeployment.ts';
import { withCancellableProgress } from '../vscode/progress.ts';
import { pick, type PromptPosition } from '../vscode/prompts.ts';
import { bundledHashes } from '../vscode/bundledZip.ts';
import type { Resize } from './resize.ts';

/** The functions that a bucket's notifications invoke, read under a progress. @throws BrigadeError */
export async function functionsOf(session: Session, bucket: string): Promise<BucketFunction[]> {
  const { readBucketFunctions } = await import('../aws/notifications/bucketFunctions.ts');
  const title = l10n.t('Looking for the functions of {0}', bucket);
  return await withCancellableProgress({ title }, signal =>
    readBucketFunctions(session.clients, bucket, { signal }),
  );
}

/**
 * The function that resizes a bucket's objects: the one that was deployed for it or runs the
 * extension's own code; if there are several or none, the one that the user selects.
 *
 * @throws BrigadeError `Cancelled` also when the bucket has none, which is said with what would help
 */
export async function resizeFunctionOf(
  resize: Resize,
  session: Session,
  position: PromptPosition,
  place: { readonly bucket: string; readonly key?: string },
): Promise<BucketFunction> {
  const { bucket, key } = place;
  const all = await functionsOf(session, bucket);
  if (all.length === 0) {
    void offerDeployment(session, bucket);
    throw cancelled();
  }
  const ours = await oursOf(resize, all, bucket);
  const invoked = ours.filter(one => key === undefined || isInvokedFor(one, key));
  const [only, ...others] = invoked.length > 0 ? invoked : ours;
  if (only !== undefined && others.length === 0) return only;
  return await pickBucketFunction(position, only === undefined ? all : [only, ...others], bucket);
}

/** The functions of a bucket that were deployed for it, or that run the extension's own code. */
export async function oursOf(
  resize: Resize,
  functions: readonly BucketFunction[],
  bucket: string,
): Promise<BucketFunction[]> {
  if (functions.length === 0) return [];
  const hashes = await bundledHashes(resize);
  return functions.filter(one => isDeployedFor(one, bucket) || hashes.has(one.codeSha256));
}

/** Asks which of a bucket's functions. @throws BrigadeError `Cancelled`, BackPressed */
export async function pickBucketFunction(
  position: PromptPosition,
  functions: readonly BucketFunction[],
  bucket: string,
): Promise<BucketFunction> {
  const items = functions.map(found => ({ ...functionItem(found), found }));
  const placeholder = l10n.t('Select a function of {0}', bucket);
  return (await pick({ ...position, placeholder, items })).found;
}
