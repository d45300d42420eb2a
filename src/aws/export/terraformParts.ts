import type { HclBlock } from './hclText.ts';

/** A block with the comments before it. */
export type Part = readonly [comments: readonly string[], block: HclBlock];

/** The names of several resources of a kind: `resize`, `resize_2` … */
export function numbered(name: string, at: number): string {
  return at === 0 ? name : `${name}_${at + 1}`;
}
