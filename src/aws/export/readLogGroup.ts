import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { callWithAction, recoverFrom, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import type { LogGroupFacts } from './deploymentFacts.ts';

/** A log group of that name; one that is not there too where the caller may not look. */
export async function readLogGroup(
  clients: AwsClients,
  { name, region }: { readonly name: string; readonly region: string },
  options: CallOptions,
): Promise<LogGroupFacts> {
  const command = new DescribeLogGroupsCommand({ logGroupNamePrefix: name, limit: 50 });
  return await recoverFrom(['AccessDenied'], { name, exists: false }, async () => {
    const output = await callWithAction('logs:DescribeLogGroups', name, options, () =>
      clients.logs(region).send(command, { abortSignal: options.signal }),
    );
    const found = (output.logGroups ?? []).find(({ logGroupName }) => logGroupName === name);
    const days = found?.retentionInDays;
    return {
      name,
      exists: found !== undefined,
      ...(days !== undefined && { retentionDays: days }),
    };
  });
}
