/** The header `x-amz-copy-source`: bucket and key, percent-encoded but for the slashes between. */
export function copySource(bucket: string, key: string): string {
  return [bucket, ...key.split('/')].map(encodeURIComponent).join('/');
}
