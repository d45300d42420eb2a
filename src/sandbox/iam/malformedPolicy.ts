import { AwsError } from '../errors.ts';

/** AWS's answer to a policy document that it won't store. */
export function malformed(message: string): AwsError {
  return new AwsError('MalformedPolicyDocument', 400, message);
}
