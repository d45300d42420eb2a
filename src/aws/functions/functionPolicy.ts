import {
  AddPermissionCommand,
  GetPolicyCommand,
  RemovePermissionCommand,
} from '@aws-sdk/client-lambda';
import { call, recoverFrom, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import type { FunctionAddress } from './functions.ts';
import { policyStatements, type InvokeStatement } from './functionPolicyDocument.ts';

export interface FunctionPolicy {
  readonly statements: readonly InvokeStatement[];
  readonly revisionId: string | undefined;
}

/**
 * Who may invoke a function by its resource policy; empty when it has none.
 *
 * @throws BrigadeError `AccessDenied` (lambda:GetPolicy) …
 */
export async function readPolicy(
  clients: AwsClients,
  { functionName, region }: FunctionAddress,
  options: CallOptions = {},
): Promise<FunctionPolicy> {
  const command = new GetPolicyCommand({ FunctionName: functionName });
  // So it answers for a function without a policy, and for a function that is not there.
  const output = await recoverFrom(['NotFound'], undefined, () =>
    call(functionName, options, () =>
      clients.lambda(region).send(command, { abortSignal: options.signal }),
    ),
  );
  return { statements: policyStatements(output?.Policy), revisionId: output?.RevisionId };
}

export interface Permission extends FunctionAddress {
  /** 1 to 100 letters, digits, `-` and `_`; unique within the function's policy. */
  readonly statementId: string;
  /** `lambda:InvokeFunction`. */
  readonly action: string;
  /** `s3.amazonaws.com`, an account … */
  readonly principal: string;
  readonly sourceArn?: string;
  readonly sourceAccount?: string;
}

/**
 * Adds a statement to a function's policy.
 *
 * @throws BrigadeError `Conflict` when there is a statement of that id, `AccessDenied`
 *   (lambda:AddPermission) …
 */
export async function addPermission(
  clients: AwsClients,
  input: Permission,
  options: CallOptions = {},
): Promise<void> {
  const command = new AddPermissionCommand({
    FunctionName: input.functionName,
    StatementId: input.statementId,
    Action: input.action,
    Principal: input.principal,
    SourceArn: input.sourceArn,
    SourceAccount: input.sourceAccount,
  });
  await call(input.functionName, options, () =>
    clients.lambda(input.region).send(command, { abortSignal: options.signal }),
  );
}

export interface BucketPermission extends Pick<
  Permission,
  'functionName' | 'region' | 'statementId'
> {
  /** ARN of the bucket that may invoke it. */
  readonly bucketArn: string;
  /** The account that owns the bucket: another's bucket may get the name after it is deleted. */
  readonly accountId: string;
}

/**
 * Lets a bucket invoke a function (AWS Lambda developer guide, "Process Amazon S3 event
 * notifications with Lambda").
 *
 * @throws BrigadeError as `addPermission`
 */
export async function addBucketPermission(
  clients: AwsClients,
  { bucketArn, accountId, ...address }: BucketPermission,
  options: CallOptions = {},
): Promise<void> {
  await addPermission(
    clients,
    {
      ...address,
      action: 'lambda:InvokeFunction',
      principal: 's3.amazonaws.com',
      sourceArn: bucketArn,
      sourceAccount: accountId,
    },
    options,
  );
}

/** Takes a statement out of a function's policy. @throws BrigadeError `NotFound` … */
export async function removePermission(
  clients: AwsClients,
  input: FunctionAddress & { readonly statementId: string },
  options: CallOptions = {},
): Promise<void> {
  const command = new RemovePermissionCommand({
    FunctionName: input.functionName,
    StatementId: input.statementId,
  });
  await call(input.functionName, options, () =>
    clients.lambda(input.region).send(command, { abortSignal: options.signal }),
  );
}
