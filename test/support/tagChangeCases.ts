import type { TagChange } from '../../src/aws/tagChanges/tagChange.ts';

/** Tags as `key=value`. */
type Tags = readonly string[];

export interface TagChangeCase {
  readonly name: string;
  readonly before: Tags;
  readonly change: TagChange;
  /** The tags then; or the problem's kind, for a rule that of the rule. */
  readonly after: Tags | { readonly problem: string };
}

/** Reads `key=value`. */
export function tag(text: string): { key: string; value: string } {
  const at = text.indexOf('=');
  return { key: text.slice(0, at), value: text.slice(at + 1) };
}

export const tags = (...texts: string[]): { key: string; value: string }[] => texts.map(tag);

const TEN = Array.from({ length: 10 }, (_, number) => `k${number}=v`);
const NINE = TEN.slice(0, 9);

/** What every engine that changes tags makes of them: the direct one and the tagger function. */
export const TAG_CHANGE_CASES: readonly TagChangeCase[] = [
  {
    name: 'adds to none',
    before: [],
    change: { kind: 'add', tags: tags('a=1') },
    after: ['a=1'],
  },
  {
    name: 'adds and keeps the others',
    before: ['b=2', 'c=3'],
    change: { kind: 'add', tags: tags('a=1') },
    after: ['b=2', 'c=3', 'a=1'],
  },
  {
    name: 'gives a key that is there its new value',
    before: ['a=0', 'b=2'],
    change: { kind: 'add', tags: tags('a=1', 'c=3') },
    after: ['a=1', 'b=2', 'c=3'],
  },
  {
    name: 'adds what is there already',
    before: ['a=1', 'b=2'],
    change: { kind: 'add', tags: tags('a=1') },
    after: ['a=1', 'b=2'],
  },
  {
    name: 'tells capitals apart',
    before: ['A=1'],
    change: { kind: 'add', tags: tags('a=1') },
    after: ['A=1', 'a=1'],
  },
  {
    name: 'adds an empty value',
    before: ['a=1'],
    change: { kind: 'add', tags: tags('a=') },
    after: ['a='],
  },
  {
    name: 'adds the tenth tag',
    before: NINE,
    change: { kind: 'add', tags: tags('a=1') },
    after: [...NINE, 'a=1'],
  },
  {
    name: 'refuses the eleventh tag',
    before: TEN,
    change: { kind: 'add', tags: tags('a=1') },
    after: { problem: 'tooMany' },
  },
  {
    name: 'gives one of ten its new value',
    before: TEN,
    change: { kind: 'add', tags: tags('k3=w') },
    after: TEN.map(text => (text === 'k3=v' ? 'k3=w' : text)),
  },
  {
    name: 'sets what is missing only',
    before: ['a=0'],
    change: { kind: 'addMissing', tags: tags('a=1', 'b=2') },
    after: ['a=0', 'b=2'],
  },
  {
    name: 'sets nothing where nothing is missing, on ten too',
    before: TEN,
    change: { kind: 'addMissing', tags: tags('k0=x') },
    after: TEN,
  },
  {
    name: 'refuses an eleventh that is missing',
    before: TEN,
    change: { kind: 'addMissing', tags: tags('a=1') },
    after: { problem: 'tooMany' },
  },
  {
    name: 'renames a key and keeps its value and place',
    before: ['a=1', 'b=2'],
    change: { kind: 'rename', from: 'a', to: 'c' },
    after: ['c=1', 'b=2'],
  },
  {
    name: 'renames nothing that is not there',
    before: ['b=2', 'c=3'],
    change: { kind: 'rename', from: 'a', to: 'c' },
    after: ['b=2', 'c=3'],
  },
  {
    name: 'renames a key to itself',
    before: ['a=1'],
    change: { kind: 'rename', from: 'a', to: 'a' },
    after: ['a=1'],
  },
  {
    name: 'renames to the same in another case',
    before: ['owner=me'],
    change: { kind: 'rename', from: 'owner', to: 'Owner' },
    after: ['Owner=me'],
  },
  {
    name: 'refuses to rename onto a key that is there',
    before: ['a=1', 'b=2'],
    change: { kind: 'rename', from: 'a', to: 'b' },
    after: { problem: 'keyExists' },
  },
  {
    name: 'refuses it with the same value too',
    before: ['a=1', 'b=1'],
    change: { kind: 'rename', from: 'a', to: 'b' },
    after: { problem: 'keyExists' },
  },
  {
    name: 'removes keys and keeps the others',
    before: ['a=1', 'b=2', 'c=3'],
    change: { kind: 'remove', keys: ['a', 'c', 'd'] },
    after: ['b=2'],
  },
  {
    name: 'removes nothing that is not there',
    before: ['a=1'],
    change: { kind: 'remove', keys: ['A'] },
    after: ['a=1'],
  },
  { name: 'removes all', before: TEN, change: { kind: 'removeAll' }, after: [] },
  { name: 'removes all of none', before: [], change: { kind: 'removeAll' }, after: [] },
  {
    name: 'replaces all',
    before: TEN,
    change: { kind: 'replaceAll', tags: tags('a=1', 'k0=v') },
    after: ['a=1', 'k0=v'],
  },
  {
    name: 'replaces all by none',
    before: ['a=1'],
    change: { kind: 'replaceAll', tags: [] },
    after: [],
  },
  {
    name: 'replaces by the same in another order',
    before: ['a=1', 'b=2'],
    change: { kind: 'replaceAll', tags: tags('b=2', 'a=1') },
    after: ['b=2', 'a=1'],
  },
  {
    name: 'refuses forbidden characters',
    before: [],
    change: { kind: 'add', tags: tags('a=1,2') },
    after: { problem: 'forbiddenCharacters' },
  },
  {
    name: 'refuses a key of AWS',
    before: [],
    change: { kind: 'add', tags: tags('aws:a=1') },
    after: { problem: 'reserved' },
  },
  {
    name: 'refuses a renaming to a key that is too long',
    before: ['a=1'],
    change: { kind: 'rename', from: 'a', to: 'x'.repeat(129) },
    after: { problem: 'tooLong' },
  },
  {
    name: 'takes letters and spaces of any language',
    before: ['größe=groß'],
    change: { kind: 'add', tags: tags('所有者=山田 太郎') },
    after: ['größe=groß', '所有者=山田 太郎'],
  },
  {
    name: 'takes every sign that S3 takes',
    before: TEN,
    change: { kind: 'replaceAll', tags: tags('ü b=x+y=z/@:.-_') },
    after: ['ü b=x+y=z/@:.-_'],
  },
  {
    name: 'refuses a key of AWS in capitals',
    before: [],
    change: { kind: 'add', tags: tags('AWS:x=') },
    after: { problem: 'reserved' },
  },
  {
    name: 'counts characters as S3 does: UTF-16 units',
    before: [],
    change: { kind: 'add', tags: tags(`${'𝒳'.repeat(64)}=${'𝒳'.repeat(128)}`) },
    after: [`${'𝒳'.repeat(64)}=${'𝒳'.repeat(128)}`],
  },
  {
    name: 'refuses a key that is too long',
    before: [],
    change: { kind: 'add', tags: tags(`𝒳${'k'.repeat(127)}=`) },
    after: { problem: 'tooLong' },
  },
  {
    name: 'refuses a value that is too long',
    before: [],
    change: { kind: 'add', tags: tags(`k=${'v'.repeat(257)}`) },
    after: { problem: 'tooLong' },
  },
];
