import type { Mark } from '../../src/metrics/protocol.ts';

/** Marks that stand so close together that one line is drawn for all of them. */
export interface MarkGroup {
  /** Where the first of them is. */
  readonly x: number;
  readonly kinds: ReadonlySet<Mark['kind']>;
}

/**
 * Gathers marks, so that hundreds of them stay readable and quick to draw.
 * @param marks by time
 * @param positionOf in pixels, rising with the time
 * @param within pixels between the first and the last of a group
 */
export function groupMarks(
  marks: readonly Mark[],
  positionOf: (mark: Mark) => number,
  within: number,
): MarkGroup[] {
  const groups: { x: number; kinds: Set<Mark['kind']> }[] = [];
  for (const mark of marks) {
    const x = positionOf(mark);
    const group = groups.at(-1);
    if (group !== undefined && x - group.x <= within) group.kinds.add(mark.kind);
    else groups.push({ x, kinds: new Set([mark.kind]) });
  }
  return groups;
}
