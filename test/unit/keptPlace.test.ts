import { expect, it } from 'vitest';
import { readKept } from '../../src/vscode/keptPlace.ts';

const owner = { key: 'a/1', connectionId: 'a', name: 'A' };

it('reads what a page has kept, and nothing beside it', () => {
  const key = 'a/../b\u2028';
  expect(
    readKept({ scrolled: 3, kept: { owner, place: { bucket: 'b-b', key }, more: 1 } }),
  ).toEqual({
    owner,
    place: { bucket: 'b-b', key },
  });
  expect(readKept({ kept: { owner, place: { bucket: 'b-b' } } })?.place).toEqual({ bucket: 'b-b' });
});

it.each([
  ...[undefined, null, 'text', {}, { kept: null }, { kept: { owner } }],
  { kept: { place: { bucket: 'b-b' } } },
  { kept: { owner, place: { bucket: '' } } },
  { kept: { owner, place: { bucket: 'b-b', key: 3 } } },
  { kept: { owner: { ...owner, name: undefined }, place: { bucket: 'b-b' } } },
])('reads nothing of anything else: %j', state => {
  expect(readKept(state)).toBeUndefined();
});
