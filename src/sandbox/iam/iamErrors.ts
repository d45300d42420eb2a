import { AwsError } from '../errors.ts';

export function noSuchEntity(what: string): AwsError {
  return new AwsError('NoSuchEntity', 404, `${what} cannot be found.`);
}

export function validationError(message: string): AwsError {
  return new AwsError('ValidationError', 400, message);
}

export function limitExceeded(message: string): AwsError {
  return new AwsError('LimitExceeded', 409, message);
}
