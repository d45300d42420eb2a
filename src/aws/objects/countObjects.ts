import type { S3Client } from '@aws-sdk/client-s3';
import type { CallOptions } from '../call.ts';
import { listObjects } from './listing.ts';

export interface ObjectCount {
  /** Objects seen. */
  readonly objects: number;
  /** False where there are more than were seen. */
  readonly complete: boolean;
  /** What the keys seen end with from their last dot on, as it is written; most frequent first. */
  readonly suffixes: readonly { readonly suffix: string; readonly objects: number }[];
}

/** Of 1,000 keys each: what a person waits for, and what costs next to nothing. */
const MAX_PAGES = 10;

/**
 * Counts the objects below a prefix, up to 10,000 of them: how many millions there are only a job's
 * own manifest tells.
 *
 * @throws BrigadeError `AccessDenied` (s3:ListBucket) …
 */
export async function countObjects(
  client: S3Client,
  {
    bucket,
    prefix = '',
    suffix = '',
  }: { readonly bucket: string; readonly prefix?: string; readonly suffix?: string },
  options: CallOptions = {},
): Promise<ObjectCount> {
  const suffixes = new Map<string, number>();
  let objects = 0;
  let continuationToken: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const input = { bucket, prefix, delimiter: '', continuationToken };
    const listed = await listObjects(client, input, options);
    for (const { key } of listed.objects) {
      if (!key.endsWith(suffix)) continue;
      objects += 1;
      const ending = suffixOf(key);
      if (ending !== undefined) suffixes.set(ending, (suffixes.get(ending) ?? 0) + 1);
    }
    continuationToken = listed.nextToken;
    if (continuationToken === undefined) break;
  }
  return {
    objects,
    complete: continuationToken === undefined,
    suffixes: [...suffixes]
      .map(([ending, count]) => ({ suffix: ending, objects: count }))
      .sort((a, b) => b.objects - a.objects),
  };
}

/** `.png` of `a/b.png`; undefined for a name without one or with one that is none (`v1.2 final`). */
function suffixOf(key: string): string | undefined {
  return /[^/](\.[A-Za-z0-9]{1,8})$/.exec(key)?.[1];
}
