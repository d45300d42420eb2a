import { AwsError } from '../errors.ts';

export function noSuchEntity(message: string): AwsError {
  return new AwsError('NoSuchEntity', 404, message);
}

/**
 * A member that breaks a rule of the API's model. IAM does not repeat the value, STS does.
 * @param value of STS: what was given, null when nothing was
 * @param rule e.g. `have length less than or equal to 64`
 */
export function constraintError(name: string, rule: string, value?: string | null): AwsError {
  const member = name.charAt(0).toLowerCase() + name.slice(1);
  const shown = value === undefined ? '' : value === null ? ' null' : ` '${value}'`;
  return validationError(
    `1 validation error detected: Value${shown} at '${member}' failed to satisfy constraint: Member must ${rule}`,
  );
}

export function deleteConflict(message: string): AwsError {
  return new AwsError('DeleteConflict', 409, message);
}

export function validationError(message: string): AwsError {
  return new AwsError('ValidationError', 400, message);
}

export function limitExceeded(message: string): AwsError {
  return new AwsError('LimitExceeded', 409, message);
}
