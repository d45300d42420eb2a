import { AwsError } from '../errors.ts';

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterException', 400, message);
}

export function notFound(what: 'group' | 'stream'): AwsError {
  return new AwsError(
    'ResourceNotFoundException',
    400,
    `The specified log ${what} does not exist.`,
  );
}

export function alreadyExists(what: 'group' | 'stream'): AwsError {
  return new AwsError(
    'ResourceAlreadyExistsException',
    400,
    `The specified log ${what} already exists`,
  );
}

/** AWS's form for a member that breaks its rule. @param value null: it is missing */
export function constraintError(member: string, value: string | null, rule: string): AwsError {
  const shown = value === null ? 'Value null' : `Value '${value}'`;
  return invalidParameter(
    `1 validation error detected: ${shown} at '${member}' failed to satisfy constraint: Member must ${rule}`,
  );
}

/** AWS's sentence for a filter pattern, which names the characters that need quotes. */
export function invalidCharacters(rest: string): AwsError {
  const offending = /[^\p{L}\p{N}_\s]+/u.exec(rest)?.[0] ?? rest;
  return invalidParameter(`Invalid character(s) in term '${offending}'`);
}
