import { ERRORS, SERVICES } from './faultRule.ts';
import type { FaultRule, Occasion, RequestedFaults, ServiceName, Target } from './faultRule.ts';

/** Why a file of faults can't be used; the message names the rule and the member. */
export class FaultFileError extends Error {
  override readonly name = 'FaultFileError';
}

/** The names of a service's operations. */
type Operations = (service: ServiceName) => readonly string[];

const OCCASION = ['share', 'nth', 'burst', 'perSecond', 'times'];
const TARGET = ['service', 'operation'];

/**
 * Reads `{ "seed": 7, "rules": [{ "fault": "SlowDown", … }] }`. Unknown members are errors: a
 * misspelt rule would otherwise inject nothing, silently.
 * @param operations the names of each service's operations
 * @throws FaultFileError
 */
export function parseFaults(text: string, operations: Operations): RequestedFaults {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new FaultFileError(`it is no JSON (${(error as Error).message})`);
  }
  const file = new Members(value, 'the file');
  file.only('seed', 'rules');
  const rules = file.value('rules');
  if (!Array.isArray(rules)) throw new FaultFileError('"rules" must be an array');
  return {
    seed: file.number('seed', 0, 2 ** 32 - 1) ?? 1,
    rules: rules.map((rule, index) => readRule(new Members(rule, `rule ${index + 1}`), operations)),
  };
}

function readRule(members: Members, operations: Operations): FaultRule {
  const kinds = [
    ...ERRORS,
    'latency',
    'lateRole',
    'lateReport',
    'lateMetrics',
    'lateEvents',
    'slowFunction',
    'killFunction',
  ] as const;
  const fault = members.requiredWord('fault', kinds);
  members.title = `${members.title} (${fault})`;
  switch (fault) {
    case 'lateRole':
    case 'lateReport':
    case 'lateMetrics':
    case 'lateEvents':
    case 'slowFunction':
      members.only('fault', 'seconds');
      return { fault, seconds: members.required('seconds', 0, 86_400) };
    case 'latency': {
      members.only('fault', 'milliseconds', ...TARGET, ...OCCASION);
      const milliseconds = members.required('milliseconds', 0, 600_000);
      return { fault, milliseconds, ...readTarget(members, operations), ...readOccasion(members) };
    }
    case 'killFunction':
      members.only('fault', 'function', ...OCCASION);
      return { fault, ...defined('function', members.text('function')), ...readOccasion(members) };
    default: {
      const where = members.word('where', ['requests', 'tasks']) ?? 'requests';
      members.only('fault', 'where', ...OCCASION, ...(where === 'tasks' ? [] : TARGET));
      if (where === 'tasks') return { fault, where, ...readOccasion(members) };
      return { fault, where, ...readTarget(members, operations), ...readOccasion(members) };
    }
  }
}

function readTarget(members: Members, operations: Operations): Target {
  const service = members.word('service', SERVICES);
  const operation = members.text('operation');
  const known = (service === undefined ? SERVICES : [service]).flatMap(each => operations(each));
  if (operation !== undefined && !known.includes(operation)) {
    members.fail('operation', `must be one that ${service ?? 'the sandbox'} has here, by its name`);
  }
  return { ...defined('service', service), ...defined('operation', operation) };
}

function readOccasion(members: Members): Occasion {
  const given = ['share', 'nth', 'burst', 'perSecond'].filter(
    name => members.value(name) !== undefined,
  );
  if (given.length > 1) {
    throw new FaultFileError(`${members.title}: of ${given.join(', ')} there can be only one`);
  }
  const share = members.number('share', 0, 1);
  if (share === 0) members.fail('share', 'must be above 0, up to 1');
  return {
    ...defined('share', share),
    ...defined('nth', members.whole('nth')),
    ...defined('burst', readBurst(members)),
    ...defined('perSecond', members.whole('perSecond')),
    ...defined('times', members.whole('times')),
  };
}

function readBurst(members: Members): Occasion['burst'] {
  const value = members.value('burst');
  if (value === undefined) return undefined;
  const burst = new Members(value, `${members.title}: "burst"`);
  burst.only('seconds', 'every');
  const seconds = burst.required('seconds', 0, 86_400);
  return { seconds, every: burst.required('every', seconds, 86_400) };
}

function defined<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { [Key in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { [Key in Name]: Value });
}

/** The members of an object of the file, each read by what it must be. */
class Members {
  title: string;
  private readonly members: Readonly<Record<string, unknown>>;

  constructor(value: unknown, title: string) {
    this.title = title;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new FaultFileError(`${title} must be an object`);
    }
    this.members = value as Readonly<Record<string, unknown>>;
  }

  fail(name: string, rule: string): never {
    throw new FaultFileError(`${this.title}: "${name}" ${rule}`);
  }

  only(...names: readonly string[]): void {
    const other = Object.keys(this.members).find(name => !names.includes(name));
    if (other !== undefined) this.fail(other, `is not known here; known are ${names.join(', ')}`);
  }

  value(name: string): unknown {
    return Object.hasOwn(this.members, name) ? this.members[name] : undefined;
  }

  text(name: string): string | undefined {
    const value = this.value(name);
    if (value === undefined || (typeof value === 'string' && value !== '')) return value;
    return this.fail(name, 'must be a text');
  }

  word<Word extends string>(name: string, words: readonly Word[]): Word | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    return words.find(word => word === value) ?? this.fail(name, `must be ${words.join(' or ')}`);
  }

  requiredWord<Word extends string>(name: string, words: readonly Word[]): Word {
    return this.word(name, words) ?? this.fail(name, `must be ${words.join(' or ')}`);
  }

  number(name: string, least: number, most: number): number | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (typeof value === 'number' && value >= least && value <= most) return value;
    return this.fail(name, `must be a number from ${least} to ${most}`);
  }

  required(name: string, least: number, most: number): number {
    const value = this.number(name, least, most);
    return value ?? this.fail(name, `must be a number from ${least} to ${most}`);
  }

  /** A whole number from 1 on. */
  whole(name: string): number | undefined {
    const value = this.number(name, 1, Number.MAX_SAFE_INTEGER);
    if (value === undefined || Number.isInteger(value)) return value;
    return this.fail(name, 'must be a whole number');
  }
}
