import type { S3Client } from '@aws-sdk/client-s3';
import type { CallOptions } from '../call.ts';
import { listPage } from '../selection/listPage.ts';

/** An object below a prefix. */
export interface RemoteEntry {
  /** Its key behind the prefix. */
  readonly path: string;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

/**
 * The objects below a prefix in S3's order, without the markers of folders (empty, with a `/` at the
 * end), as `aws s3 sync` sees them. The next page is asked for while one is read.
 *
 * @throws BrigadeError `AccessDenied` (s3:ListBucket) …
 */
export async function* remoteEntries(
  client: S3Client,
  { bucket, prefix }: { readonly bucket: string; readonly prefix: string },
  options: CallOptions,
): AsyncGenerator<RemoteEntry> {
  const list = (after: string | undefined) => {
    const range = { prefix, ...(after !== undefined && { after }) };
    const page = listPage(client, { bucket, range, versions: 'current' }, options);
    // Until its turn comes, its failure is nobody's.
    page.catch(() => undefined);
    return page;
  };
  let next: ReturnType<typeof list> | undefined = list(undefined);
  while (next) {
    const { refs, rest }: Awaited<typeof next> = await next;
    next = rest && list(rest.after);
    for (const { key, size = 0, lastModified = '' } of refs) {
      const path = key.slice(prefix.length);
      if (path === '' || (size === 0 && path.endsWith('/'))) continue;
      yield { path, size, modified: Date.parse(lastModified) };
    }
  }
}
