import { looksLikeManifest } from '../../aws/manifestFile.ts';
import type { S3Location } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { pickS3Location } from '../../vscode/pickS3Location.ts';
import { BackPressed, type PromptPosition } from '../../vscode/prompts.ts';
import type { ManifestPlace } from './readManifest.ts';

/**
 * Lets a person walk from the buckets to a manifest, or type its S3 URI.
 *
 * @param from a bucket or prefix to begin in.
 * @throws BrigadeError `Cancelled`, BackPressed
 */
export async function askForManifest(
  position: PromptPosition,
  { clients }: Session,
  from?: S3Location,
): Promise<ManifestPlace> {
  const options = { ...position, kind: 'object', accepts: looksLikeManifest } as const;
  const { bucket, key } = await pickS3Location(clients, { ...options, ...(from && { from }) });
  if (key === undefined) throw new BackPressed();
  return { bucket, key };
}
