import type { XmlElement } from '../xml.ts';
import { childOf, childText, childrenOf, element, malformedXml, textElement } from '../xml.ts';
import type { XmlShape } from '../xmlShape.ts';
import { TAG } from '../xmlShape.ts';
import type { Tag } from './tags.ts';

/** What a `<Tagging>` document holds. */
export const TAGGING: XmlShape = { TagSet: { 'Tag*': TAG } };

/**
 * The tags of a `<Tagging>` document.
 * @throws AwsError MalformedXML
 */
export function parseTagging(root: XmlElement): Tag[] {
  const set = childOf(root, 'TagSet');
  // As recorded, no set is an empty one.
  return set ? parseTags(set) : [];
}

/** The `<Tag>` elements inside another. */
export function parseTags(set: XmlElement): Tag[] {
  return childrenOf(set, 'Tag').map(tag => {
    const key = childText(tag, 'Key');
    const value = childText(tag, 'Value');
    if (key === undefined || value === undefined) throw malformedXml();
    return { key, value };
  });
}

export function renderTagSet(tags: readonly Tag[]): string {
  return element(
    'TagSet',
    ...tags.map(tag =>
      element('Tag', textElement('Key', tag.key), textElement('Value', tag.value)),
    ),
  );
}
