/**
 * What CreateJob and CreateRole accept, as in AWS's service models of S3 Control and IAM. Held
 * against what a person types and, once more, against what is sent. Nothing here loads the AWS SDK.
 */

/** Higher runs first; 0 is the lowest. */
export const MAX_PRIORITY = 2_147_483_647;
/** Characters. */
export const MAX_DESCRIPTION_LENGTH = 256;
/** Characters. */
export const MAX_REPORT_PREFIX_LENGTH = 512;

/** Whether a job can have this priority: a whole number from 0 to `MAX_PRIORITY`. */
export function isPriority(priority: number): boolean {
  return Number.isInteger(priority) && priority >= 0 && priority <= MAX_PRIORITY;
}

/** Whether a text is the ARN of an IAM role, its path included. */
export function isRoleArn(text: string): boolean {
  return /^arn:[^:]+:iam::\d{12}:role\/.+$/.test(text);
}

/** Whether IAM takes a text as the name of a new role. */
export function isRoleName(name: string): boolean {
  return /^[\w+=,.@-]{1,64}$/.test(name);
}
