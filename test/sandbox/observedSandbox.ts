import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { Sandbox } from '../../src/sandbox/server.ts';

type Keys = Pick<Sandbox, 'accessKeyId' | 'secretAccessKey'> & { readonly sessionToken?: string };

/** CloudWatch and Logs clients as anyone would make them from the printed endpoint and keys. */
export function observationClients(sandbox: Sandbox, keys: Keys = sandbox) {
  const { endpoint, region } = sandbox;
  const { accessKeyId, secretAccessKey, sessionToken } = keys;
  const credentials = { accessKeyId, secretAccessKey, sessionToken };
  const config = { endpoint, region, credentials, maxAttempts: 1 };
  return {
    cloudwatch: new CloudWatchClient(config),
    logs: new CloudWatchLogsClient(config),
  };
}
