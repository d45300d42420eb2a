import type { XmlElement } from './xmlReader.ts';

/**
 * What an element holds: text, elements by name, or what is read elsewhere. Names with a `*` behind them may come
 * several times.
 */
export type XmlShape = 'text' | 'anything' | { readonly [name: string]: XmlShape };

/** A key and a value, as all tags are. */
export const TAG: XmlShape = { Key: 'text', Value: 'text' };

/**
 * Whether an element holds nothing but what a shape has, nothing twice that comes once, and no text between its
 * elements. Their order is free, and that something is missing is for its reader to say.
 */
export function fitsShape({ children, text }: XmlElement, shape: XmlShape): boolean {
  if (shape === 'anything') return true;
  if (shape === 'text') return children.length === 0;
  if (text.trim() !== '') return false;
  const seen = new Set<string>();
  return children.every(child => {
    const many = own(shape, `${child.name}*`);
    const expected = many ?? own(shape, child.name);
    const repeated = many === undefined && seen.has(child.name);
    seen.add(child.name);
    return expected !== undefined && !repeated && fitsShape(child, expected);
  });
}

function own(shape: Readonly<Record<string, XmlShape>>, name: string): XmlShape | undefined {
  return Object.hasOwn(shape, name) ? shape[name] : undefined;
}
