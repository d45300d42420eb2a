import { serializationError } from '../input.ts';
import type { Output, OutputValue } from '../output.ts';
import { Double, OutputMap, Timestamp } from '../output.ts';
import { element, textElement } from '../xml.ts';

/** Levels that a form's names may have: a name is one long text. */
const MAX_LEVELS = 16;
/** The longest list that a form may have. */
const MAX_MEMBERS = 100_000;
const NOT_MEMBERS = new Set(['Action', 'Version']);

interface Branch {
  readonly [name: string]: string | Branch | (string | Branch)[];
}

/**
 * Turns the flat names of the query protocol (`Dimensions.member.1.Name`) into structures and lists.
 * @throws AwsError SerializationException when names contradict each other
 */
export function expandForm(pairs: readonly (readonly [string, string])[]): Branch {
  const root = new Map<string, unknown>();
  for (const [name, value] of pairs) {
    if (!NOT_MEMBERS.has(name)) insert(root, name.split('.'), value);
  }
  return collapse(root) as Branch;
}

function insert(root: Map<string, unknown>, path: readonly string[], value: string): void {
  const name = path.join('.');
  if (path.length > MAX_LEVELS) throw serializationError(name);
  let level = root;
  for (const part of path.slice(0, -1)) {
    const next = level.get(part) ?? new Map<string, unknown>();
    if (!(next instanceof Map)) throw serializationError(name);
    level.set(part, next);
    level = next as Map<string, unknown>;
  }
  const last = path.at(-1) ?? '';
  if (level.has(last)) throw serializationError(name);
  level.set(last, value);
}

/** A level whose only name is `member` is a list. */
function collapse(value: unknown): string | Branch | (string | Branch)[] {
  if (!(value instanceof Map)) return String(value);
  const level = value as ReadonlyMap<string, unknown>;
  const members = level.get('member');
  if (level.size === 1 && members instanceof Map) {
    return toList(members as ReadonlyMap<string, unknown>);
  }
  const entries = [...level].map(([name, child]) => [name, collapse(child)] as const);
  return Object.fromEntries(entries);
}

function toList(members: ReadonlyMap<string, unknown>): (string | Branch)[] {
  return [...members]
    .map(([position, child]) => {
      const index = Number(position);
      if (!/^\d+$/.test(position) || index < 1 || index > MAX_MEMBERS) {
        throw serializationError(`member.${position}`);
      }
      const value = collapse(child);
      if (Array.isArray(value)) throw serializationError(`member.${position}`);
      return { index, value };
    })
    .sort((a, b) => a.index - b.index)
    .map(({ value }) => value);
}

/** The markup of a structure's members. */
export function renderMembers(output: Output): string {
  return Object.entries(output)
    .map(([name, value]) => renderMember(name, value))
    .join('');
}

function renderMember(name: string, value: OutputValue): string {
  if (value === undefined) return '';
  if (typeof value !== 'object') return textElement(name, value);
  if (value instanceof Double || value instanceof Timestamp)
    return textElement(name, value.toString());
  if (isList(value)) return element(name, ...value.map(each => renderMember('member', each)));
  if (value instanceof OutputMap) return element(name, ...value.entries.map(renderEntry));
  return element(name, renderMembers(value));
}

function renderEntry([key, value]: readonly [string, OutputValue]): string {
  return element('entry', textElement('key', key), renderMember('value', value));
}

function isList(value: OutputValue): value is readonly OutputValue[] {
  return Array.isArray(value);
}
