import { l10n } from 'vscode';
import { isGenerator } from '../../aws/manifest/jobManifest.ts';
import type { ManifestSummary } from '../../aws/manifest/manifestSummary.ts';
import { looksLikeManifest } from '../../aws/manifest/manifestFile.ts';
import type { S3Location } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { pickS3Location } from '../../vscode/pickS3Location.ts';
import { BackPressed, type PromptPosition } from '../../vscode/prompts.ts';
import type { Asking } from './flow.ts';
import { readManifestOf, settleProblems, type ManifestPlace } from './readManifest.ts';

/**
 * Lets a person choose a manifest, reads it, and asks again until one is chosen that can be used.
 *
 * @throws BrigadeError `Cancelled`, BackPressed
 */
export async function askUsableManifest(
  position: PromptPosition,
  { session, documents, from, draft: { manifest } }: Asking,
): Promise<ManifestSummary> {
  const begin = manifest === undefined || isGenerator(manifest) ? from : parent(manifest);
  for (;;) {
    const place = await askForManifest(position, session, begin);
    const read = await readManifestOf(session, place);
    const settled = await settleProblems(session, documents, read);
    if (settled !== 'another') return settled;
  }
}

/** Lets a person walk from the buckets to a manifest, or type its S3 URI. */
async function askForManifest(
  position: PromptPosition,
  { clients }: Session,
  from: S3Location | undefined,
): Promise<ManifestPlace> {
  const question = l10n.t('Which manifest names the objects?');
  const options = { ...position, question, kind: 'object', accepts: looksLikeManifest } as const;
  const { bucket, key } = await pickS3Location(clients, { ...options, ...(from && { from }) });
  if (key === undefined) throw new BackPressed();
  return { bucket, key };
}

/** The prefix an object lies in. */
export function parent({ bucket, key }: { bucket: string; key: string }): S3Location {
  const prefix = key.slice(0, key.lastIndexOf('/') + 1);
  return prefix === '' ? { bucket } : { bucket, key: prefix };
}
