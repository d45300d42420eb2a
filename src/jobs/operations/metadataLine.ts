import type { S3ObjectMetadata } from '@aws-sdk/client-s3-control';

type HeaderMember = 'ContentType' | 'CacheControl' | 'ContentDisposition' | 'ContentEncoding';

const HEADERS: Readonly<Record<string, HeaderMember>> = {
  'content-type': 'ContentType',
  'cache-control': 'CacheControl',
  'content-disposition': 'ContentDisposition',
  'content-encoding': 'ContentEncoding',
};

/** What a cloned job had that is not asked about here. */
export function untouched(metadata: S3ObjectMetadata): S3ObjectMetadata {
  const asked = new Set<string>(['UserMetadata', ...Object.values(HEADERS)]);
  return Object.fromEntries(Object.entries(metadata).filter(([name]) => !asked.has(name)));
}

/** Headers and metadata on a line: `Content-Type=image/png; project=x`. */
export function formatMetadata(metadata: S3ObjectMetadata): string {
  const headers = Object.entries(HEADERS).flatMap(([header, member]) => {
    const value = metadata[member];
    const name = header.replace(/(^|-)[a-z]/g, letter => letter.toUpperCase());
    return value === undefined ? [] : [`${name}=${value}`];
  });
  const own = Object.entries(metadata.UserMetadata ?? {}).map(
    ([name, value]) => `${name}=${value}`,
  );
  return [...headers, ...own].join('; ');
}

/** Undefined for what is no list of names with values. */
export function parseMetadata(text: string): S3ObjectMetadata | undefined {
  const headers: Partial<Record<HeaderMember, string>> = {};
  const own: Record<string, string> = {};
  for (const part of text.split(';').filter(each => each.trim() !== '')) {
    const [, name = '', value = ''] = /^\s*([\w-]+)\s*=\s*(.*?)\s*$/.exec(part) ?? [];
    if (name === '' || value === '') return undefined;
    const header = HEADERS[name.toLowerCase()];
    if (header === undefined) own[name] = value;
    else headers[header] = value;
  }
  return { ...headers, ...(Object.keys(own).length > 0 && { UserMetadata: own }) };
}
