import { AwsError } from '../errors.ts';
import { REGION } from '../region.ts';

const NAME =
  /^(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-gov)?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\$LATEST|[a-zA-Z0-9-_]+))?$/;
/** The pattern as AWS prints it. */
const PATTERN =
  '(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?';

export interface FunctionReference {
  readonly name: string;
  /** The account that an ARN or a partial ARN names. */
  readonly accountId: string | undefined;
  readonly region: string | undefined;
  readonly qualifier: string | undefined;
}

/**
 * Reads a name, a partial ARN (`123456789012:function:name`) or an ARN, with a qualifier or without.
 * @throws AwsError ValidationException for what is none of these
 */
export function readFunctionName(text: string): FunctionReference {
  const reference = matchFunctionName(text);
  if (reference === undefined) {
    throw constraint(text, `Member must satisfy regular expression pattern: ${PATTERN}`);
  }
  if (reference.name.length > 64) {
    throw constraint(text, 'Member must have length less than or equal to 64');
  }
  return reference;
}

/** Like readFunctionName; undefined for what is no name, and the name of any length. */
export function matchFunctionName(text: string): FunctionReference | undefined {
  const match = NAME.exec(text);
  const name = match?.[7];
  if (match === null || name === undefined) return undefined;
  return {
    name,
    region: match[3]?.slice(0, -1),
    accountId: match[5]?.slice(0, -1),
    qualifier: match[9],
  };
}

/** The ARN of a function, unqualified. */
export function functionArn(accountId: string, name: string): string {
  return `arn:aws:lambda:${REGION}:${accountId}:function:${name}`;
}

export function functionNotFound(arn: string): AwsError {
  return new AwsError('ResourceNotFoundException', 404, `Function not found: ${arn}`);
}

function constraint(value: string, rule: string): AwsError {
  return new AwsError(
    'ValidationException',
    400,
    `1 validation error detected: Value '${value}' at 'functionName' failed to satisfy constraint: ${rule}`,
  );
}
