import type { Decision } from './simulate.ts';

/** A statement as it is read; anything in it may be of a wrong shape. */
interface ReadStatement {
  readonly Effect?: unknown;
  readonly Action?: unknown;
  readonly NotAction?: unknown;
  readonly Resource?: unknown;
  readonly NotResource?: unknown;
  readonly Condition?: unknown;
}

/**
 * What policies of an identity say of an action on a resource, for callers who may not ask IAM
 * itself. Where a condition decides, nobody knows.
 *
 * @param documents policies as JSON; one that is none makes the answer `unknown`
 * @param resource an ARN without wildcards
 */
export function decideByPolicies(
  documents: readonly string[],
  action: string,
  resource: string,
): Decision {
  const policies = documents.map(statementsOf);
  if (policies.includes(undefined)) return 'unknown';
  const applying = policies
    .flatMap(statements => statements ?? [])
    .filter(statement => applies(statement, action, resource));
  const say = (effect: string, conditional: boolean): boolean =>
    applying.some(
      ({ Effect, Condition }) => Effect === effect && (Condition !== undefined) === conditional,
    );
  if (say('Deny', false)) return 'explicitDeny';
  if (say('Deny', true)) return 'unknown';
  if (say('Allow', false)) return 'allowed';
  return say('Allow', true) ? 'unknown' : 'implicitDeny';
}

function statementsOf(document: string): ReadStatement[] | undefined {
  try {
    const policy = JSON.parse(document) as { Statement?: unknown } | null;
    const statements = itemsOf(policy?.Statement);
    return statements.filter(item => typeof item === 'object' && item !== null);
  } catch {
    return undefined;
  }
}

function applies(statement: ReadStatement, action: string, resource: string): boolean {
  return (
    (matchesAny(statement.Action, action, 'i') || excludes(statement.NotAction, action, 'i')) &&
    (matchesAny(statement.Resource, resource) || excludes(statement.NotResource, resource))
  );
}

function excludes(patterns: unknown, text: string, flags = ''): boolean {
  return patterns !== undefined && !matchesAny(patterns, text, flags);
}

function matchesAny(patterns: unknown, text: string, flags = ''): boolean {
  return itemsOf(patterns).some(
    pattern => typeof pattern === 'string' && wildcard(pattern, flags).test(text),
  );
}

/** `*` and `?` stand for anything, and in `${…}` for themselves (IAM user guide, "Policy variables"). */
function wildcard(pattern: string, flags: string): RegExp {
  const expression = pattern.replace(
    /\$\{([*?$])\}|[.+^${}()|[\]\\*?]/g,
    (found: string, literal: string | undefined) => {
      if (literal !== undefined) return `\\${literal}`;
      if (found === '*') return '[^]*';
      return found === '?' ? '[^]' : `\\${found}`;
    },
  );
  return new RegExp(`^${expression}$`, flags);
}

function itemsOf(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : value === undefined ? [] : [value];
}
