import { decodeToken, encodeToken } from '../opaqueToken.ts';
import type { QueryParameters } from '../request.ts';
import { element, textElement } from '../xml.ts';
import { constraintError, validationError } from './iamErrors.ts';
import type { IamTag } from './iamTags.ts';

const NAME = /^[\w+=,.@-]+$/;

/** @throws AwsError ValidationError when it is absent, too long or holds other characters than AWS's. */
export function requiredName(parameters: QueryParameters, name: string, most: number): string {
  const value = requiredText(parameters, name);
  checkLength(name, value, 1, most);
  if (NAME.test(value)) return value;
  throw validationError(
    `The specified value for ${lowerFirst(name)} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`,
  );
}

/** @throws AwsError ValidationError when it is absent or empty. */
export function requiredText(parameters: QueryParameters, name: string): string {
  const value = parameters.get(name);
  if (value === undefined) throw constraintError(name, 'not be null');
  checkLength(name, value, 1, Infinity);
  return value;
}

/** @throws AwsError ValidationError unless the text has so many characters. */
export function checkLength(name: string, value: string, least: number, most: number): void {
  if (value.length < least) {
    throw constraintError(name, `have length greater than or equal to ${least}`);
  }
  if (value.length > most) {
    throw constraintError(name, `have length less than or equal to ${most}`);
  }
}

/**
 * @param repeats whether the error repeats the value, as STS does
 * @throws AwsError ValidationError unless it is a whole number of the range, or absent.
 */
export function wholeNumber(
  parameters: QueryParameters,
  name: string,
  range: { least: number; most: number; fallback: number; repeats?: boolean },
): number {
  const { least, most, fallback, repeats = false } = range;
  const text = parameters.get(name);
  if (text === undefined) return fallback;
  const value = Number(text);
  const shown = repeats ? text : undefined;
  if (!/^-?\d+$/.test(text)) throw validationError(`${name} must be a whole number.`);
  if (value < least) {
    throw constraintError(name, `have value greater than or equal to ${least}`, shown);
  }
  if (value > most) throw constraintError(name, `have value less than or equal to ${most}`, shown);
  return value;
}

/** @throws AwsError ValidationError unless it is one of the words, or absent. */
export function word<Word extends string>(
  parameters: QueryParameters,
  name: string,
  words: readonly Word[],
): Word | undefined {
  const text = parameters.get(name);
  if (text === undefined) return undefined;
  const found = words.find(each => each === text);
  if (found === undefined) {
    throw constraintError(name, `satisfy enum value set: [${words.join(', ')}]`);
  }
  return found;
}

/** @throws AwsError ValidationError unless it is `true` or `false`, or absent. */
export function flag(parameters: QueryParameters, name: string): boolean {
  return word(parameters, name, ['true', 'false']) === 'true';
}

/** The path of a role or a policy; `/` when there is none. @throws AwsError ValidationError */
export function readPath(parameters: QueryParameters): string {
  const path = parameters.get('Path') ?? '/';
  checkLength('Path', path, 1, 512);
  if (/^\/([\x21-\x7f]+\/)?$/.test(path)) return path;
  throw validationError(
    'The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.',
  );
}

/** What the paths of a list begin with; `/` when nothing is said. @throws AwsError ValidationError */
export function readPathPrefix(parameters: QueryParameters): string {
  const prefix = parameters.get('PathPrefix') ?? '/';
  checkLength('PathPrefix', prefix, 1, 512);
  if (/^\/[\x21-\x7f]*$/.test(prefix)) return prefix;
  throw validationError(
    'The specified value for pathPrefix is invalid. It must begin with / and contain only alphanumeric characters and/or / characters.',
  );
}

/** @throws AwsError ValidationError when it is longer than AWS takes. */
export function readDescription(parameters: QueryParameters): string | undefined {
  const description = parameters.get('Description');
  checkLength('Description', description ?? '', 0, 1000);
  return description;
}

/** A time as IAM writes it, in whole seconds. */
export function isoSeconds(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, 'Z');
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
export function tagMembers(parameters: QueryParameters): IamTag[] {
  const tags: IamTag[] = [];
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
  const next = start + size < items.length ? start + size : undefined;
  return { shown, trailer: pageTrailer(parameters, next) };
}

/** `IsTruncated`, and the Marker of the next page where there is one. */
function pageTrailer(parameters: QueryParameters, next: number | undefined): string {
  if (next === undefined) return textElement('IsTruncated', false);
  const marker = encodeToken([parameters.get('Action'), next]);
  return textElement('IsTruncated', true) + textElement('Marker', marker);
}

/** @throws AwsError ValidationError when no answer to this operation held such a marker. */
function readMarker(parameters: QueryParameters): number {
  const marker = parameters.get('Marker');
  if (marker === undefined) return 0;
  const parsed = decodeToken(marker);
  const [action, next] = Array.isArray(parsed) ? (parsed as unknown[]) : [];
  if (action === parameters.get('Action') && isPosition(next)) return next;
  throw validationError('Invalid Marker.');
}

function isPosition(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

export function tagList(tags: readonly IamTag[]): string {
  const children = tags.map(tag =>
    element('member', textElement('Key', tag.key), textElement('Value', tag.value)),
  );
  return element('Tags', ...children);
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
