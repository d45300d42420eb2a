import { recoverFrom, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { functionRegion } from '../functionArn.ts';
import { addBucketPermission, readPolicy, removePermission } from '../functions/functionPolicy.ts';
import { permits, statementIdFor } from '../functions/functionPolicyDocument.ts';
import { bucketArn } from '../s3Uri.ts';

export interface PermissionInput {
  readonly bucket: string;
  /** With its version or alias, which have policies of their own. */
  readonly functionArn: string;
}

/**
 * Lets a bucket of this account invoke a function, unless it may already.
 *
 * @returns whether a permission was made
 * @throws BrigadeError `AccessDenied` (lambda:AddPermission), `NotFound` …
 */
export async function permitBucket(
  clients: AwsClients,
  input: PermissionInput,
  options: CallOptions = {},
): Promise<boolean> {
  if ((await ownStatements(clients, input, options)).length > 0) return false;
  const statementId = statementIdFor(input.bucket);
  const statement = { ...addressOf(input), statementId, ...sourceOf(clients, input) };
  await addBucketPermission(clients, statement, options);
  return true;
}

/**
 * Takes back what lets exactly this bucket invoke the function, whoever made it.
 *
 * @returns whether there was any
 * @throws BrigadeError `AccessDenied` (lambda:GetPolicy, lambda:RemovePermission) …
 */
export async function removeBucketPermission(
  clients: AwsClients,
  input: PermissionInput,
  options: CallOptions = {},
): Promise<boolean> {
  const statements = await ownStatements(clients, input, options);
  for (const { sid } of statements) {
    await removePermission(clients, { ...addressOf(input), statementId: sid }, options);
  }
  return statements.length > 0;
}

/** Whether the function's policy names the bucket; false also where it may not be read. */
export async function isBucketPermitted(
  clients: AwsClients,
  input: PermissionInput,
  options: CallOptions = {},
): Promise<boolean> {
  const statements = await recoverFrom(['AccessDenied'], [], () =>
    ownStatements(clients, input, options),
  );
  return statements.length > 0;
}

async function ownStatements(clients: AwsClients, input: PermissionInput, options: CallOptions) {
  const { statements } = await readPolicy(clients, addressOf(input), options);
  return statements.filter(statement => permits(statement, sourceOf(clients, input)));
}

function addressOf({ functionArn }: PermissionInput) {
  const region = functionRegion(functionArn);
  return { functionName: functionArn, region };
}

function sourceOf({ partition, accountId }: AwsClients, { bucket }: PermissionInput) {
  return { bucketArn: bucketArn(partition, bucket), accountId };
}
