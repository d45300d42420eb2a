import { l10n, type Uri } from 'vscode';
import type { CopySource } from '../../aws/copies/orders.ts';
import type { Session } from '../../services.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { lookUp } from '../fileSystem/fileSystemCalls.ts';
import { locationOfResource } from '../fileSystem/s3Resource.ts';

/** What `s3:` addresses stand for: an address does not tell an object from a prefix. */
export async function sourcesOfUris(
  { clients }: Session,
  uris: readonly Uri[],
): Promise<CopySource[]> {
  const title = l10n.t('Looking for the objects to copy');
  return await withCancellableProgress({ title }, async signal => {
    const sources: CopySource[] = [];
    for (const uri of uris) {
      signal.throwIfAborted();
      const { bucket, key = '' } = locationOfResource(uri);
      const isPrefix = (await lookUp(clients, bucket, key || undefined)).kind !== 'object';
      sources.push({ bucket, key: isPrefix && key !== '' ? `${key}/` : key, isPrefix });
    }
    return sources;
  });
}
