import type { CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { qualifierOf } from '../functionArn.ts';
import { allowsBucket, statementIdFor } from '../functions/functionPolicyDocument.ts';
import { readPolicy } from '../functions/functionPolicy.ts';
import type { BucketFunction } from '../notifications/bucketFunction.ts';
import { bucketArn } from '../s3Uri.ts';
import type { PermissionFacts } from './deploymentFacts.ts';

/**
 * What lets S3 invoke a function for a bucket: a statement for each version or alias that the bucket's
 * notifications name, for each has a policy of its own (Lambda developer guide, "Resource-based policy").
 *
 * @throws BrigadeError `AccessDenied` (lambda:GetPolicy) …
 */
export async function readPermissions(
  clients: AwsClients,
  bucket: string,
  { name, region, notifications }: BucketFunction,
  options: CallOptions,
): Promise<PermissionFacts[]> {
  const source = { bucketArn: bucketArn(clients.partition, bucket), accountId: clients.accountId };
  const all: PermissionFacts[] = [];
  for (const qualifier of qualifiersOf(notifications.map(({ destination }) => destination.arn))) {
    const functionName = qualifier === undefined ? name : `${name}:${qualifier}`;
    const { statements } = await readPolicy(clients, { functionName, region }, options);
    const found = statements.find(statement => allowsBucket(statement, source));
    const [sourceAccount] = found?.sourceAccounts ?? [source.accountId];
    all.push({
      ...(qualifier !== undefined && { qualifier }),
      statementId: found?.sid ?? statementIdFor(bucket),
      exists: found !== undefined,
      sourceArn: source.bucketArn,
      ...(sourceAccount !== undefined && { sourceAccount }),
    });
  }
  return all;
}

/** The versions and aliases in ARNs, each once, the function itself first. */
function qualifiersOf(arns: readonly string[]): (string | undefined)[] {
  const all = [...new Set(arns.map(qualifierOf))];
  const named = all.filter(qualifier => qualifier !== undefined).sort();
  return named.length === all.length && all.length > 0 ? named : [undefined, ...named];
}
