import { BrigadeError } from '../errors.ts';
import { globToRegExp } from './glob.ts';
import type { ObjectFilter, ObjectRef, TagCondition } from './selection.ts';
import type { Tag } from '../objects/tagRules.ts';

/** What is wrong with a filter, in English; undefined for one that can be used. */
export function filterProblem({ glob, regex, ...filter }: ObjectFilter): string | undefined {
  const { minBytes = 0, maxBytes = Infinity, modifiedAfter, modifiedBefore } = filter;
  if (glob !== undefined && globToRegExp(glob) === undefined) return 'The glob is not valid';
  if (regex !== undefined && toRegExp(regex) === undefined) {
    return 'The regular expression is not valid';
  }
  if (minBytes > maxBytes) return 'No size is in this range';
  const times = [modifiedAfter, modifiedBefore].filter(time => time !== undefined);
  if (times.some(time => Number.isNaN(Date.parse(time)))) return 'A date is not valid';
  return undefined;
}

/**
 * Tells whether objects match all of a filter but its tags, which only a request tells.
 *
 * @throws BrigadeError `InvalidInput` for a filter with a problem
 */
export function objectMatcher(filter: ObjectFilter): (object: ObjectRef) => boolean {
  const problem = filterProblem(filter);
  if (problem !== undefined)
    throw new BrigadeError('InvalidInput', problem, { problem: { kind: 'filter' } });
  const tests = [...keyTests(filter), ...propertyTests(filter)];
  return object => tests.every(test => test(object));
}

type Test = (object: ObjectRef) => boolean;

function keyTests({ suffix = '', contains = '', glob, regex }: ObjectFilter): Test[] {
  const patterns = [glob === undefined ? undefined : globToRegExp(glob)];
  patterns.push(regex === undefined ? undefined : toRegExp(regex));
  return [
    ...(suffix === '' ? [] : [({ key }: ObjectRef) => key.endsWith(suffix)]),
    ...(contains === '' ? [] : [({ key }: ObjectRef) => key.includes(contains)]),
    ...patterns.flatMap(pattern => (pattern ? [({ key }: ObjectRef) => pattern.test(key)] : [])),
  ];
}

/** What is not known of an object does not match. */
function propertyTests(filter: ObjectFilter): Test[] {
  const { minBytes, maxBytes, storageClasses } = filter;
  const [after, before] = [filter.modifiedAfter, filter.modifiedBefore].map(toTime);
  const tests: (Test | false)[] = [
    minBytes !== undefined && (({ size = -1 }) => size >= minBytes),
    maxBytes !== undefined && (({ size = Infinity }) => size <= maxBytes),
    after !== undefined && (({ lastModified = '' }) => Date.parse(lastModified) >= after),
    before !== undefined && (({ lastModified = '' }) => Date.parse(lastModified) < before),
    storageClasses !== undefined &&
      storageClasses.length > 0 &&
      (({ storageClass = 'STANDARD' }) => storageClasses.includes(storageClass)),
  ];
  return tests.filter(test => test !== false);
}

/** Whether an object's tags are as all the conditions say. */
export function matchesTags(tags: readonly Tag[], conditions: readonly TagCondition[]): boolean {
  return conditions.every(condition => {
    const found = tags.find(({ key }) => key === condition.key);
    if (condition.kind === 'equals') return found?.value === condition.value;
    return (found !== undefined) === (condition.kind === 'has');
  });
}

function toRegExp(text: string): RegExp | undefined {
  try {
    return new RegExp(text, 'u');
  } catch {
    return undefined;
  }
}

function toTime(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Date.parse(text);
}
