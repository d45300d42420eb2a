import { expect, test } from 'vitest';
import { groupMarks } from '../../../media/metrics/markGroups.ts';
import type { Mark } from '../../../src/metrics/protocol.ts';

const mark = (time: number, kind: Mark['kind']): Mark => ({ time, kind, text: '' });

test('marks within a few pixels of the first are one group, which keeps every kind', () => {
  const marks = [
    mark(0, 'deployment'),
    mark(8, 'job'),
    mark(9, 'notification'),
    mark(16, 'notification'),
    mark(40, 'job'),
  ];
  const groups = groupMarks(marks, ({ time }) => time, 8);
  expect(groups.map(({ x, kinds }) => [x, ...kinds])).toEqual([
    [0, 'deployment', 'job'],
    [9, 'notification'],
    [40, 'job'],
  ]);
});

test('thousands of marks are no more groups than there is room for', () => {
  const marks = Array.from({ length: 5000 }, (_, index) => mark(index, 'deployment'));
  expect(groupMarks(marks, ({ time }) => time / 10, 8).length).toBeLessThanOrEqual(500 / 8);
});
