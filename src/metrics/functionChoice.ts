import { l10n } from 'vscode';
import type { AwsClients } from '../aws/clients.ts';
import { BrigadeError } from '../aws/errors.ts';
import { functionName } from '../aws/functionArn.ts';
import { pick } from '../vscode/prompts.ts';

export interface ChosenFunctions {
  readonly functions: readonly string[];
  readonly region: string;
}

/**
 * The functions that a bucket invokes by its event notifications.
 *
 * @throws BrigadeError `NotFound` when it invokes none
 */
export async function functionsOfBucket(
  clients: AwsClients,
  bucket: string,
  signal: AbortSignal,
): Promise<ChosenFunctions> {
  const { readNotifications } = await import('../aws/notifications.ts');
  const { listed } = await import('../aws/notificationConfiguration.ts');
  const client = await clients.s3ForBucket(bucket, signal);
  const arns = listed(await readNotifications(client, bucket, { signal }))
    .map(({ destination }) => destination)
    .filter(({ kind }) => kind === 'lambda')
    .map(({ arn }) => arn);
  const names = [...new Set(arns.map(plainName))];
  if (names.length === 0) {
    throw new BrigadeError(
      'InvalidInput',
      l10n.t('No event notification of this bucket invokes a function. Deploy or add one first.'),
      { subject: `s3://${bucket}` },
    );
  }
  return { functions: names, region: await clients.regionOfBucket(bucket, signal) };
}

/** Asks for one of the functions of the connection's Region. */
export async function askFunction(clients: AwsClients): Promise<ChosenFunctions> {
  const { listFunctions } = await import('../aws/functions.ts');
  const chosen = await pick({
    title: l10n.t('Show Metrics'),
    placeholder: l10n.t('Which function’s metrics? Type the name of one that is not listed.'),
    items: async signal => {
      const found = await listFunctions(clients, {}, { signal });
      return found.map(({ name, runtime }) => ({ label: name, description: runtime }));
    },
    itemFor: typed => (/^[\w-]{1,64}$/.test(typed) ? { label: typed, description: '' } : undefined),
  });
  return { functions: [chosen.label], region: clients.region };
}

/** CloudWatch knows a function by its name alone; an alias or version is another dimension. */
export function plainName(arn: string): string {
  return functionName(arn).split(':')[0] ?? arn;
}
