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

/** `resize`, or `resize:live` with an alias; the text itself where it is no ARN. */
export function functionName(functionArn: string): string {
  return isFunctionArn(functionArn) ? functionArn.split(':').slice(6).join(':') : functionArn;
}

/** The log group that Lambda makes for a function, of its name or ARN. */
export function logGroupOf(functionName: string): string {
  const name = /:function:([^:]+)/.exec(functionName)?.[1] ?? functionName;
  return `/aws/lambda/${name}`;
}
