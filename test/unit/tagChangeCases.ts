import type { TagChange } from '../../src/aws/tagChanges/tagChange.ts';

type Pairs = readonly (readonly [key: string, value: string])[];

/** What a change makes of an object's tags, for every program that makes one. */
export interface TagChangeCase {
  readonly name: string;
  readonly before: Pairs;
  readonly change: TagChange;
  /** Undefined: the object is so already, or there is a problem. */
  readonly after?: Pairs;
  readonly problem?: 'TooManyTags' | 'InvalidTag' | 'KeyExists';
}

const of = (...pairs: Pairs) => pairs.map(([key, value]) => ({ key, value }));
const TEN: Pairs = Array.from({ length: 10 }, (_, at) => [`k${at}`, 'v'] as const);

export const TAG_CHANGE_CASES: readonly TagChangeCase[] = [
  {
    name: 'adds a tag and keeps the others',
    before: [['a', '1']],
    change: { kind: 'add', tags: of(['b', '2']) },
    after: [
      ['a', '1'],
      ['b', '2'],
    ],
  },
  {
    name: 'gives a key that is there the new value, in its place',
    before: [
      ['a', '1'],
      ['b', '2'],
    ],
    change: { kind: 'add', tags: of(['a', '9']) },
    after: [
      ['a', '9'],
      ['b', '2'],
    ],
  },
  {
    name: 'tells capitals apart',
    before: [['a', '1']],
    change: { kind: 'add', tags: of(['A', '1']) },
    after: [
      ['a', '1'],
      ['A', '1'],
    ],
  },
  { name: 'knows what is so', before: [['a', '1']], change: { kind: 'add', tags: of(['a', '1']) } },
  {
    name: 'can’t add an eleventh tag',
    before: TEN,
    change: { kind: 'add', tags: of(['k10', 'v']) },
    problem: 'TooManyTags',
  },
  {
    name: 'changes one of ten',
    before: TEN,
    change: { kind: 'add', tags: of(['k9', '']) },
    after: [...TEN.slice(0, 9), ['k9', '']],
  },
  {
    name: 'sets only what is missing',
    before: [['a', '1']],
    change: { kind: 'addMissing', tags: of(['a', '9'], ['b', '2']) },
    after: [
      ['a', '1'],
      ['b', '2'],
    ],
  },
  {
    name: 'sets nothing where nothing is missing, whatever the value',
    before: TEN,
    change: { kind: 'addMissing', tags: of(['k3', 'other']) },
  },
  {
    name: 'renames a key and keeps its value and place',
    before: [
      ['a', '1'],
      ['b', '2'],
    ],
    change: { kind: 'rename', from: 'a', to: 'c' },
    after: [
      ['c', '1'],
      ['b', '2'],
    ],
  },
  { name: 'renames nothing', before: [['b', '2']], change: { kind: 'rename', from: 'a', to: 'c' } },
  {
    name: 'renames to itself',
    before: [['a', '']],
    change: { kind: 'rename', from: 'a', to: 'a' },
  },
  {
    name: 'can’t rename onto a key that is there',
    before: [
      ['a', '1'],
      ['b', '1'],
    ],
    change: { kind: 'rename', from: 'a', to: 'b' },
    problem: 'KeyExists',
  },
  {
    name: 'removes keys',
    before: [
      ['a', '1'],
      ['b', '2'],
    ],
    change: { kind: 'remove', keys: ['a', 'x'] },
    after: [['b', '2']],
  },
  { name: 'removes nothing', before: [['a', '1']], change: { kind: 'remove', keys: ['A'] } },
  { name: 'removes all', before: TEN, change: { kind: 'removeAll' }, after: [] },
  { name: 'removes all of none', before: [], change: { kind: 'removeAll' } },
  {
    name: 'replaces all',
    before: TEN,
    change: { kind: 'replaceAll', tags: of(['ü b', 'x+y=z/@:.-_']) },
    after: [['ü b', 'x+y=z/@:.-_']],
  },
  {
    name: 'replaces all by the same in another order',
    before: [
      ['a', '1'],
      ['b', '2'],
    ],
    change: { kind: 'replaceAll', tags: of(['b', '2'], ['a', '1']) },
  },
  {
    name: 'knows what characters S3 takes',
    before: [],
    change: { kind: 'add', tags: of(['a', 'x&y']) },
    problem: 'InvalidTag',
  },
  {
    name: 'leaves what begins with aws: to AWS',
    before: [],
    change: { kind: 'add', tags: of(['AWS:x', '']) },
    problem: 'InvalidTag',
  },
  {
    name: 'counts characters as S3 does',
    before: [],
    change: { kind: 'add', tags: of(['𝒳'.repeat(64), '𝒳'.repeat(128)]) },
    after: [['𝒳'.repeat(64), '𝒳'.repeat(128)]],
  },
  {
    name: 'takes no key that is too long',
    before: [],
    change: { kind: 'add', tags: of([`𝒳${'k'.repeat(127)}`, '']) },
    problem: 'InvalidTag',
  },
  {
    name: 'takes no value that is too long',
    before: [],
    change: { kind: 'add', tags: of(['k', 'v'.repeat(257)]) },
    problem: 'InvalidTag',
  },
];
