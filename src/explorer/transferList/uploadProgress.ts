import type { UploadProgress } from '../../aws/objectStory/facts.ts';
import type { ObjectLocation } from '../../commands.ts';
import type { Transfer } from './transfer.ts';

/**
 * How far the newest upload of one object is, or how it ended; undefined where this window knows of none.
 *
 * @param transfers the newest first
 */
export function uploadProgress(
  transfers: readonly Transfer[],
  { session, bucket, key }: ObjectLocation,
): UploadProgress | undefined {
  const found = transfers.find(({ start: { kind, total, target, owner } }) => {
    if (kind !== 'upload' || total?.items !== 1 || owner.key !== session) return false;
    return (
      target !== undefined && 'bucket' in target && target.bucket === bucket && target.key === key
    );
  });
  if (found === undefined) return undefined;
  const { bytes, totalBytes } = found.progress;
  return { state: found.state, bytes, totalBytes };
}
