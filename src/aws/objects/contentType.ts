import mime from 'mime/lite';

/** The media type of a file or key by its name; what S3 itself assumes where it is unknown. */
export function contentTypeOf(name: string): string {
  return mime.getType(name) ?? 'application/octet-stream';
}
