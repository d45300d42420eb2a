import type { CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { BrigadeError } from '../errors.ts';
import { putTrustPolicy } from '../roles/roleChanges.ts';
import { getRole } from '../roles/roleDetails.ts';
import { roleName } from '../roles/roleNames.ts';
import { batchTrustPolicy } from '../roles/rolePolicy.ts';

/**
 * Lets S3 Batch Operations assume a role, besides those who may already.
 *
 * @throws BrigadeError `InvalidInput` where the trust policy can't be read, `AccessDenied`
 *   (iam:GetRole, iam:UpdateAssumeRolePolicy) …
 */
export async function addTrust(
  clients: AwsClients,
  roleArn: string,
  options: CallOptions = {},
): Promise<void> {
  const role = roleName(roleArn);
  const { trustPolicy } = await getRole(clients, role, options);
  const before = parsed(trustPolicy, roleArn);
  const statements = [before.Statement ?? []].flat();
  const document = JSON.stringify({
    ...before,
    Version: before.Version ?? '2012-10-17',
    Statement: [...statements, ...batchTrustPolicy().Statement],
  });
  await putTrustPolicy(clients, { role, document }, options);
}

interface TrustDocument {
  readonly Version?: string;
  readonly Statement?: object | readonly object[];
}

function parsed(document: string, subject: string): TrustDocument {
  try {
    return JSON.parse(document) as TrustDocument;
  } catch (cause) {
    throw new BrigadeError('InvalidInput', 'The trust policy is no JSON', {
      subject,
      cause,
      problem: { kind: 'trustPolicy' },
    });
  }
}
