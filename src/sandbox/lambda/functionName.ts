import { AwsError } from '../errors.ts';
import { REGION } from '../region.ts';

const ARN_START =
  '(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?';
/** What a function may be called in one kind of operation: the shapes of the API model. */
export interface NameRule {
  /** Of the name or ARN, in characters. */
  readonly most: number;
  /** The pattern as AWS prints it. */
  readonly pattern: string;
}
/** Model shape FunctionName: what is created or changed. */
export const FUNCTION_NAME: NameRule = {
  most: 140,
  pattern: `${ARN_START}([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?`,
};
/** Model shape NamespacedFunctionName: what is read, invoked or deleted. */
export const NAMESPACED_NAME: NameRule = {
  most: 256,
  pattern: `${ARN_START}([a-zA-Z0-9-_\\.]+)(:(\\$LATEST(\\.PUBLISHED)?|[a-zA-Z0-9-_]+))?`,
};
const NAMESPACED = new RegExp(`^${NAMESPACED_NAME.pattern}$`);
/** Model shape NumericLatestPublishedOrAliasQualifier. */
const QUALIFIER = '\\$(LATEST(\\.PUBLISHED)?)|[a-zA-Z0-9-_$]+';
const MAX_QUALIFIER = 128;
/** Of a function's name alone. */
export const MAX_NAME = 64;

export interface FunctionReference {
  readonly name: string;
  /** The account that an ARN or a partial ARN names. */
  readonly accountId: string | undefined;
  readonly region: string | undefined;
  readonly qualifier: string | undefined;
}

/**
 * Reads a name, a partial ARN (`123456789012:function:name`) or an ARN, with a qualifier or without, and
 * the Qualifier beside it.
 * @throws AwsError ValidationException for what is none of these (all of it at once, as AWS says it);
 * InvalidParameterValueException when both name a qualifier, and not the same
 */
export function readFunctionName(
  text: string,
  rule: NameRule = NAMESPACED_NAME,
  qualifier?: string,
): FunctionReference {
  const reference = matchFunctionName(text);
  const broken = [
    ...brokenQualifier(qualifier),
    ...(text.length > rule.most ? [tooLong(text, 'functionName', rule.most)] : []),
    ...(matches(rule.pattern, text) ? [] : [unlike(text, 'functionName', rule.pattern)]),
  ];
  if (broken.length > 0 || reference === undefined) throw constraints(broken);
  if (
    reference.qualifier !== undefined &&
    (qualifier ?? reference.qualifier) !== reference.qualifier
  ) {
    throw new AwsError(
      'InvalidParameterValueException',
      400,
      'The derived qualifier from the function name does not match the specified qualifier.',
    );
  }
  return { ...reference, qualifier: qualifier ?? reference.qualifier };
}

/** Like readFunctionName; undefined for what is no name, and the name of any length. */
export function matchFunctionName(text: string): FunctionReference | undefined {
  const match = NAMESPACED.exec(text);
  const name = match?.[11];
  if (match === null || name === undefined) return undefined;
  return {
    name,
    region: match[3]?.slice(0, -1),
    accountId: match[9]?.slice(0, -1),
    qualifier: match[13],
  };
}

/** @throws AwsError ResourceNotFoundException for a function of another Region */
export function checkRegion({ region = REGION }: FunctionReference): void {
  if (region === REGION) return;
  throw new AwsError(
    'ResourceNotFoundException',
    404,
    `Functions from '${region}' are not reachable in this region ('${REGION}')`,
  );
}

/** The ARN of a function, unqualified. */
export function functionArn(accountId: string, name: string): string {
  return `arn:aws:lambda:${REGION}:${accountId}:function:${name}`;
}

export function functionNotFound(arn: string): AwsError {
  return new AwsError('ResourceNotFoundException', 404, `Function not found: ${arn}`);
}

function brokenQualifier(qualifier: string | undefined): string[] {
  if (qualifier === undefined) return [];
  return [
    ...(qualifier.length > MAX_QUALIFIER ? [tooLong(qualifier, 'qualifier', MAX_QUALIFIER)] : []),
    ...(matches(QUALIFIER, qualifier) ? [] : [unlike(qualifier, 'qualifier', QUALIFIER)]),
  ];
}

function matches(pattern: string, text: string): boolean {
  return new RegExp(`^(?:${pattern})$`).test(text);
}

export function tooLong(value: string, member: string, most: number): string {
  return `Value '${value}' at '${member}' failed to satisfy constraint: Member must have length less than or equal to ${most}`;
}

function unlike(value: string, member: string, pattern: string): string {
  return `Value '${value}' at '${member}' failed to satisfy constraint: Member must satisfy regular expression pattern: ${pattern}`;
}

function constraints(broken: readonly string[]): AwsError {
  const { length } = broken;
  const head = `${length} validation error${length > 1 ? 's' : ''} detected: `;
  return new AwsError('ValidationException', 400, head + broken.join('; '));
}
