import { expect, test } from 'vitest';
import { groupAnnotations } from '../../../media/metrics/annotationGroups.ts';
import type { Annotation } from '../../../src/metrics/protocol.ts';

const annotation = (time: number, kind: Annotation['kind']): Annotation => ({
  time,
  kind,
  text: '',
});

test('annotations within a few pixels of the first are one group, which keeps every kind', () => {
  const annotations = [
    annotation(0, 'deployment'),
    annotation(8, 'job'),
    annotation(9, 'notification'),
    annotation(16, 'notification'),
    annotation(40, 'job'),
  ];
  const groups = groupAnnotations(annotations, ({ time }) => time, 8);
  expect(groups.map(({ x, kinds }) => [x, ...kinds])).toEqual([
    [0, 'deployment', 'job'],
    [9, 'notification'],
    [40, 'job'],
  ]);
});

test('thousands of annotations are no more groups than there is room for', () => {
  const annotations = Array.from({ length: 5000 }, (_, index) => annotation(index, 'deployment'));
  expect(groupAnnotations(annotations, ({ time }) => time / 10, 8).length).toBeLessThanOrEqual(
    500 / 8,
  );
});
