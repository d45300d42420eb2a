import type { Uri } from 'vscode';
import type { Session } from '../services.ts';
import { allObjects } from './allObjects.ts';
import { lookUp } from './fileSystemCalls.ts';
import { lastSegment } from './downloadPlan.ts';
import { objectResource, locationOfResource } from './s3Resource.ts';
import type { UploadItem } from './uploadPlan.ts';

/** The objects to copy for `s3:` addresses: each object, and everything below each prefix. */
export async function planCopy(
  session: Session,
  sources: readonly Uri[],
  prefix: string,
  signal: AbortSignal,
): Promise<UploadItem[]> {
  const items: UploadItem[] = [];
  const add = (bucket: string, key: string, to: string, size: number): void => {
    // A copy is made by S3: nothing is opened here.
    const open = () => Promise.reject(new Error('An object is copied, not read'));
    items.push({ source: objectResource(bucket, key), key: prefix + to, size, open });
  };
  for (const uri of sources) {
    const { bucket, key = '' } = locationOfResource(uri);
    const found = await lookUp(session.clients, bucket, key === '' ? undefined : key);
    if (found.kind === 'object') {
      add(bucket, key, lastSegment(key), found.size);
      continue;
    }
    const from = key === '' ? '' : `${key}/`;
    const above = from.length - lastSegment(from).length;
    const client = await session.clients.s3ForBucket(bucket, signal);
    for await (const object of allObjects(client, bucket, from, signal)) {
      const to = from === '' ? `${bucket}/${object.key}` : object.key.slice(above);
      add(bucket, object.key, to, object.size);
    }
  }
  return items;
}
