import { dnsSuffix } from '../awsHosts.ts';

export interface ObjectUrlInput {
  readonly bucket: string;
  readonly key?: string;
  readonly region: string;
  readonly partition: string;
  /** A custom endpoint is addressed path style. */
  readonly endpoint?: string;
}

/**
 * Whether browsers can't open a URL of a key: they leave out segments of `.` and `..`, encoded ones too
 * (WHATWG URL standard, "double-dot URL path segment"), and ask for another object.
 */
export function hasDotSegments(key: string): boolean {
  return key.split('/').some(segment => segment === '.' || segment === '..');
}

/** The object's own HTTPS address, percent-encoded; opens only where the object may be read. */
export function objectUrl({
  bucket,
  key = '',
  region,
  partition,
  endpoint,
}: ObjectUrlInput): string {
  const path = key.split('/').map(encodeSegment).join('/');
  if (endpoint !== undefined) {
    return `${endpoint.replace(/\/+$/, '')}/${bucket}/${path}`;
  }
  const host = `s3.${region}.${dnsSuffix(partition)}`;
  // A dot in the bucket's name does not match AWS's wildcard certificate, and host names are lower case.
  return /^[a-z0-9-]{3,63}$/.test(bucket)
    ? `https://${bucket}.${host}/${path}`
    : `https://${host}/${bucket}/${path}`;
}

function encodeSegment(segment: string): string {
  return encodeURIComponent(segment.toWellFormed()).replace(
    /[!'()*]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
