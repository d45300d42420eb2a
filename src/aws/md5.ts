import { createHash } from 'node:crypto';

/** Of a document's text in UTF-8; what `addContentMd5` takes. */
export function md5InBase64(text: string): string {
  return createHash('md5').update(text).digest('base64');
}
