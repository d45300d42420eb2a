import { consoleHost } from '../consoleAddress.ts';
import type { S3Address } from '../s3Uri.ts';

/**
 * The page of AWS's console about a bucket, a prefix or an object.
 *
 * @returns undefined in a partition whose console is not known
 */
export function consoleLink(
  { bucket, key = '', versionId }: S3Address & { readonly versionId?: string },
  region: string,
  isObject = key !== '' && !key.endsWith('/'),
): string | undefined {
  const host = consoleHost(region);
  if (host === undefined) return undefined;
  const page = isObject ? 'object' : 'buckets';
  const query = [
    `region=${region}`,
    ...(key === '' ? [] : [`prefix=${encodeURIComponent(key.toWellFormed())}`]),
    ...(versionId === undefined ? [] : [`versionId=${encodeURIComponent(versionId)}`]),
  ];
  return `https://${region}.${host}/s3/${page}/${bucket}?${query.join('&')}`;
}
