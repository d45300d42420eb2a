/**
 * Whether a role's trust policy lets a service assume it. Conditions are not weighed: AWS alone
 * knows what it sends.
 *
 * @param document as IAM answers it: JSON, percent-encoded.
 * @param service as trust policies name it: `lambda.amazonaws.com`.
 */
export function trustsService(document: string | undefined, service: string): boolean {
  const statements = statementsOf(document);
  const applying = statements.filter(
    statement =>
      listOf(statement.Action).some(matchesAssumeRole) && namesService(statement, service),
  );
  return (
    applying.some(statement => statement.Effect === 'Allow') &&
    !applying.some(statement => statement.Effect === 'Deny' && statement.Condition === undefined)
  );
}

interface TrustStatement {
  readonly Effect?: unknown;
  readonly Action?: unknown;
  readonly Principal?: unknown;
  readonly Condition?: unknown;
}

function statementsOf(document: string | undefined): TrustStatement[] {
  try {
    const policy = JSON.parse(policyText(document)) as { Statement?: unknown } | null;
    return itemsOf(policy?.Statement).filter(isObject);
  } catch {
    return [];
  }
}

/** The JSON of a policy that IAM answered with, which is percent-encoded. @throws URIError */
export function policyText(document = ''): string {
  return document.trimStart().startsWith('{') ? document : decode(document);
}

function decode(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}

/** `*` covers services too, in Principal itself and as its Service. */
function namesService({ Principal: principal }: TrustStatement, service: string): boolean {
  const services = isObject(principal) ? listOf((principal as { Service?: unknown }).Service) : [];
  return principal === '*' || services.some(name => name === '*' || name === service);
}

function matchesAssumeRole(pattern: string): boolean {
  const expression = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  const wildcards = expression.replaceAll('*', '.*').replaceAll('?', '.');
  return new RegExp(`^${wildcards}$`, 'i').test('sts:AssumeRole');
}

function listOf(value: unknown): string[] {
  return itemsOf(value).filter(item => typeof item === 'string');
}

function itemsOf(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [value];
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
