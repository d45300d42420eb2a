import { decodeToken, encodeToken } from '../opaqueToken.ts';
import type { QueryParameters } from '../request.ts';
import { element, textElement } from '../xml.ts';
import { noSuchEntity, validationError } from './iamErrors.ts';
import type { Role, RoleTable, RoleTag } from './roleTable.ts';

const NAME = /^[\w+=,.@-]+$/;

/** @throws AwsError ValidationError when it is absent, too long or holds other characters than AWS's. */
export function requiredName(parameters: QueryParameters, name: string, most: number): string {
  const value = parameters.get(name) ?? '';
  if (value === '' || value.length > most || !NAME.test(value)) {
    throw validationError(
      `The specified value for ${lowerFirst(name)} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_- and have 1 to ${most} characters.`,
    );
  }
  return value;
}

/** @throws AwsError ValidationError when it is absent. */
export function requiredText(parameters: QueryParameters, name: string): string {
  const value = parameters.get(name);
  if (value === undefined || value === '') {
    throw validationError(
      `1 validation error detected: Value at '${lowerFirst(name)}' failed to satisfy constraint: Member must not be null`,
    );
  }
  return value;
}

/** @throws AwsError ValidationError unless it is a whole number of the range, or absent. */
export function wholeNumber(
  parameters: QueryParameters,
  name: string,
  { least, most, fallback }: { least: number; most: number; fallback: number },
): number {
  const text = parameters.get(name);
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw validationError(`${name} must be between ${least} and ${most}.`);
  }
  return value;
}

/** The role that RoleName names. @throws AwsError ValidationError, NoSuchEntity */
export function namedRole(iam: RoleTable, parameters: QueryParameters): Role {
  const name = requiredName(parameters, 'RoleName', 64);
  const role = iam.find(name);
  if (role === undefined) throw noSuchEntity(`The role with name ${name}`);
  return role;
}

/** The values of a list parameter: `ActionNames.member.1`, `.2` … */
export function members(parameters: QueryParameters, name: string): string[] {
  const values: string[] = [];
  for (let index = 1; parameters.has(`${name}.member.${index}`); index += 1) {
    values.push(parameters.get(`${name}.member.${index}`) ?? '');
  }
  return values;
}

/** Tags as the query protocol sends them. */
export function tagMembers(parameters: QueryParameters): RoleTag[] {
  const tags: RoleTag[] = [];
  for (let index = 1; parameters.has(`Tags.member.${index}.Key`); index += 1) {
    const key = parameters.get(`Tags.member.${index}.Key`) ?? '';
    tags.push({ key, value: parameters.get(`Tags.member.${index}.Value`) ?? '' });
  }
  return tags;
}

/** A page of a list: `Marker` is the position of the next entry, as text that means nothing to callers. */
export function page<Item>(
  items: readonly Item[],
  parameters: QueryParameters,
): { shown: readonly Item[]; trailer: string } {
  const size = wholeNumber(parameters, 'MaxItems', { least: 1, most: 1000, fallback: 100 });
  const start = readMarker(parameters);
  const shown = items.slice(start, start + size);
  return { shown, trailer: pageTrailer(start + size < items.length ? start + size : undefined) };
}

/** `IsTruncated`, and the Marker of the next page where there is one. */
export function pageTrailer(next: number | undefined): string {
  if (next === undefined) return textElement('IsTruncated', false);
  return textElement('IsTruncated', true) + textElement('Marker', encodeToken({ next }));
}

/** @throws AwsError ValidationError when no answer held such a marker. */
export function readMarker(parameters: QueryParameters): number {
  const marker = parameters.get('Marker');
  if (marker === undefined) return 0;
  const { next } = (decodeToken(marker) ?? {}) as { next?: unknown };
  if (typeof next === 'number' && next >= 0) return next;
  throw validationError('Invalid Marker.');
}

export function tagList(tags: readonly RoleTag[]): string {
  const children = tags.map(tag =>
    element('member', textElement('Key', tag.key), textElement('Value', tag.value)),
  );
  return element('Tags', ...children);
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
