/** Names and ARNs of roles, as in AWS's service model of IAM. Nothing here loads the AWS SDK. */

/** Whether a text is the ARN of an IAM role, its path included. */
export function isRoleArn(text: string): boolean {
  return /^arn:[^:]+:iam::\d{12}:role\/.+$/.test(text);
}

/** A role's name, which an ARN ends with after its path. */
export function roleName(roleArn: string): string {
  return roleArn.slice(roleArn.lastIndexOf('/') + 1);
}

/** Whether IAM takes a text as the name of a new role. */
export function isRoleName(name: string): boolean {
  return /^[\w+=,.@-]{1,64}$/.test(name);
}
