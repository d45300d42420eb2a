import { decodeKey, isBucketName, isDirectoryBucketName, type S3Address } from './s3Uri.ts';

/** The consoles of the partitions, with a Region or an account's session before them. */
const CONSOLE_HOST =
  /(?:^|\.)console\.(?:aws\.amazon\.com|amazonaws\.cn|amazonaws-us-gov\.com|amazonaws-eusc\.eu)$/;

/** The consoles of the partitions, by how the names of their Regions begin (AWS GovCloud and China guides). */
const HOSTS: readonly (readonly [regions: RegExp, host: string | undefined])[] = [
  [/^cn-/, 'console.amazonaws.cn'],
  [/^us-gov-/, 'console.amazonaws-us-gov.com'],
  // Theirs are not public.
  [/^(us|eu)-iso|^eusc-/, undefined],
  [/^/, 'console.aws.amazon.com'],
];

/** The host of the console that shows a Region; undefined in a partition whose console is not known. */
export function consoleHost(region: string): string | undefined {
  return HOSTS.find(([regions]) => regions.test(region))?.[1];
}

/** Pages of the S3 console that are about a bucket, a folder or an object, and where they name it. */
const PAGES = /^s3\/(?:buckets|object|upload)\/([^/]+)\/?(.*)$/;

/**
 * Reads the address of a page of AWS's console.
 *
 * @returns undefined for other hosts; a word for a page that does not name what we can open.
 */
export function readConsoleUrl(
  host: string,
  path: string,
  query: URLSearchParams,
):
  | (S3Address & { readonly versionId?: string })
  | 'console'
  | 'accessPoint'
  | 'directoryBucket'
  | undefined {
  if (!CONSOLE_HOST.test(host)) return undefined;
  if (path.startsWith('s3/ap/')) return 'accessPoint';
  const [, inPath, rest = ''] = PAGES.exec(path) ?? [];
  const bucket = inPath ?? (path.startsWith('s3/home') ? query.get('bucket') : null);
  if (bucket === null || !isBucketName(bucket)) return 'console';
  if (isDirectoryBucketName(bucket)) return 'directoryBucket';
  // Pages of some years ago have the folder in the path.
  const key = query.get('prefix') ?? decodeKey(rest, true) ?? '';
  const versionId = query.get('versionId');
  if (key === '') return { bucket };
  return versionId === null ? { bucket, key } : { bucket, key, versionId };
}
