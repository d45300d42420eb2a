import type { Tag } from '../tagRules.ts';

/** The `x-amz-tagging` header: tags as the parameters of a URL's query; undefined for none. */
export function encodeTags(tags: readonly Tag[]): string | undefined {
  const encoded = tags.map(
    tag => `${encodeURIComponent(tag.key)}=${encodeURIComponent(tag.value)}`,
  );
  return encoded.length > 0 ? encoded.join('&') : undefined;
}
