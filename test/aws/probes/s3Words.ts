import { createHash } from 'node:crypto';

export const md5 = (text: string): string => createHash('md5').update(text).digest('base64');

/** The ETag of an object that came in one piece. */
export const etagOf = (text: string): string => `"${createHash('md5').update(text).digest('hex')}"`;

/** A document that S3 takes only with a checksum. */
export function document(body: string): {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
} {
  return { body, headers: { 'content-md5': md5(body), 'content-type': 'application/xml' } };
}

export const copySource = (source: string): Record<string, string> => ({
  'x-amz-copy-source': source,
});
