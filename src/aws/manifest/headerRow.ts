import { isBucketName } from '../s3Uri.ts';

/** Of these words the title of a column of buckets is made, and with one of `BUCKETS`. */
const BUCKET_WORDS = new Set([
  ...['bucket', 'buckets', 'bucketname', 'name', 'source', 'src', 'target', 'destination', 'dest'],
  ...['s3', 'aws', 'the', 'id', 'object', 'container'],
]);
const BUCKETS = /^(buckets?|bucketname|container)$/;
const KEY_WORDS = new Set([
  ...['key', 'keys', 'keyname', 'objectkey', 'object', 'objects', 'path', 'name', 'file', 'files'],
  ...['filename', 'prefix', 'uri', 'url', 'source', 'src', 'target', 'destination', 'dest', 's3'],
  ...['aws', 'the', 'id', 'full', 'encoded', 'bucket'],
]);
const KEYS = /^(keys?|keyname|objectkey|objects?|path|name|files?|filename|uri|url)$/;

/** Whether the titles of columns are in a manifest's first row, whatever other rows hold. */
export function isHeader(
  [bucket = '', key = '']: readonly string[],
  next: readonly string[] | undefined,
): boolean {
  if (next?.[0] === bucket) return false;
  if (made(bucket, BUCKET_WORDS, BUCKETS) && made(key, KEY_WORDS, KEYS)) return true;
  // No bucket has such a name, and no file such a key.
  return !isBucketName(bucket.trim()) && isBucketName(next?.[0] ?? '') && looksLikeWords(key);
}

/** Whether a key reads like a title: words, but no folder, no extension and no number. */
export function looksLikeWords(cell: string): boolean {
  return /^[\p{L}\p{M}_ ()-]+$/u.test(cell);
}

function made(cell: string, allowed: ReadonlySet<string>, needed: RegExp): boolean {
  const words = cell
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[\s_.:-]+/)
    .filter(word => word !== '');
  return words.some(word => needed.test(word)) && words.every(word => allowed.has(word));
}
