import type { CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import type { KeyPage, KeyRange } from '../selection/keyRange.ts';
import { listPage } from '../selection/listPage.ts';
import type { ObjectRef } from '../selection/selection.ts';

/**
 * The objects below a prefix in the order of their keys; a page is read ahead.
 *
 * @throws BrigadeError `AccessDenied` (s3:ListBucket) …
 */
export async function* inKeyOrder(
  clients: AwsClients,
  { bucket, prefix }: { readonly bucket: string; readonly prefix: string },
  options: CallOptions,
): AsyncGenerator<ObjectRef, undefined, undefined> {
  const client = await clients.s3ForBucket(bucket, options.signal);
  const read = (range: KeyRange): Promise<KeyPage> => {
    const page = listPage(client, { bucket, versions: 'current', range }, options);
    // Until its turn comes, its failure is nobody's.
    page.catch(() => undefined);
    return page;
  };
  let next: Promise<KeyPage> | undefined = read({ prefix });
  while (next) {
    const { refs, rest }: KeyPage = await next;
    next = rest && read(rest);
    yield* refs;
  }
  return undefined;
}
