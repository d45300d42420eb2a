import type { Annotation } from '../../src/metrics/protocol.ts';

/** Annotations that stand so close together that one line is drawn for all of them. */
export interface AnnotationGroup {
  /** Where the first of them is. */
  readonly x: number;
  readonly kinds: ReadonlySet<Annotation['kind']>;
}

/**
 * Gathers annotations, so that hundreds of them stay readable and quick to draw.
 * @param annotations by time
 * @param positionOf in pixels, rising with the time
 * @param within pixels between the first and the last of a group
 */
export function groupAnnotations(
  annotations: readonly Annotation[],
  positionOf: (annotation: Annotation) => number,
  within: number,
): AnnotationGroup[] {
  const groups: { x: number; kinds: Set<Annotation['kind']> }[] = [];
  for (const annotation of annotations) {
    const x = positionOf(annotation);
    const group = groups.at(-1);
    if (group !== undefined && x - group.x <= within) group.kinds.add(annotation.kind);
    else groups.push({ x, kinds: new Set([annotation.kind]) });
  }
  return groups;
}
