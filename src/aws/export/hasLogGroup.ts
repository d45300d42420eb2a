import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { callWithAction, recoverFrom, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';

/** Whether there is a log group of that name; false too where the caller may not look. */
export async function hasLogGroup(
  clients: AwsClients,
  { name, region }: { readonly name: string; readonly region: string },
  options: CallOptions,
): Promise<boolean> {
  const command = new DescribeLogGroupsCommand({ logGroupNamePrefix: name, limit: 50 });
  return await recoverFrom(['AccessDenied'], false, async () => {
    const output = await callWithAction('logs:DescribeLogGroups', name, options, () =>
      clients.logs(region).send(command, { abortSignal: options.signal }),
    );
    return (output.logGroups ?? []).some(({ logGroupName }) => logGroupName === name);
  });
}
