/** ARNs of Lambda functions, with or without a version or alias. Nothing here loads the AWS SDK. */

/** Whether a text is the whole ARN of a function. */
export function isFunctionArn(text: string): boolean {
  return /^arn:[^:]+:lambda:[a-z0-9-]+:\d{12}:function:[\w-]{1,64}(:(\$LATEST|[\w-]{1,128}))?$/.test(
    text,
  );
}

/** The ARN without version or alias. */
export function unqualified(functionArn: string): string {
  return functionArn.split(':').slice(0, 7).join(':');
}

/** The version or alias in an ARN. */
export function qualifierOf(functionArn: string): string | undefined {
  return functionArn.split(':')[7];
}

/** `resize`, or `resize:live` with an alias; the text itself where it is no ARN. */
export function functionName(functionArn: string): string {
  return isFunctionArn(functionArn) ? functionArn.split(':').slice(6).join(':') : functionArn;
}

/** The name alone, without version or alias: metrics and logs know no other. */
export function plainFunctionName(functionArn: string): string {
  return functionName(functionArn).split(':')[0] ?? functionArn;
}

/** The Region that a function's ARN names; undefined for a name. */
export function functionRegion(functionArn: string): string | undefined {
  return isFunctionArn(functionArn) ? functionArn.split(':')[3] : undefined;
}

/** The account that a function's ARN names; undefined for a name. */
export function functionAccount(functionArn: string): string | undefined {
  return isFunctionArn(functionArn) ? functionArn.split(':')[4] : undefined;
}

/** Whether Lambda takes a text as the name of a new function (CreateFunction, FunctionName). */
export function isFunctionName(name: string): boolean {
  return /^[A-Za-z0-9_-]{1,64}$/.test(name);
}

/** The log group that Lambda makes for a function, of its name or ARN. */
export function logGroupOf(nameOrArn: string): string {
  return `/aws/lambda/${plainFunctionName(nameOrArn)}`;
}
