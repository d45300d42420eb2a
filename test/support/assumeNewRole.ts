import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { createClients, type AwsClients } from '../../src/aws/clients.ts';
import { identify } from '../../src/aws/identify.ts';
import type { SandboxClients } from './sandboxClients.ts';

/** Clients with a session of a new role that may do just this. */
export async function assumeNewRole(
  sandbox: SandboxClients,
  name: string,
  statements: readonly object[],
): Promise<AwsClients> {
  const { clients } = sandbox;
  const { region, endpoint } = sandbox.sandbox;
  const document = (Statement: readonly object[]) =>
    JSON.stringify({ Version: '2012-10-17', Statement });
  const trust = {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${clients.accountId}:root` },
    Action: 'sts:AssumeRole',
  };
  const created = await clients
    .iam()
    .send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: document([trust]) }));
  await clients.iam().send(
    new PutRolePolicyCommand({
      RoleName: name,
      PolicyName: 'p',
      PolicyDocument: document(statements),
    }),
  );
  const assumed = await clients
    .sts()
    .send(new AssumeRoleCommand({ RoleArn: created.Role?.Arn, RoleSessionName: 'test' }));
  const credentials = {
    accessKeyId: assumed.Credentials?.AccessKeyId ?? '',
    secretAccessKey: assumed.Credentials?.SecretAccessKey ?? '',
    sessionToken: assumed.Credentials?.SessionToken,
  };
  const config = { region, endpoint, credentials };
  return createClients(config, await identify(config));
}
