import { l10n } from 'vscode';
import type { AwsClients } from '../aws/clients.ts';
import { BrigadeError } from '../aws/errors.ts';
import { isFunctionName, plainFunctionName } from '../aws/functionArn.ts';
import { functionArns } from '../aws/notification.ts';
import { formatS3Uri } from '../aws/s3Uri.ts';
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
  const { readBucketNotifications } = await import('../aws/bucketNotifications.ts');
  const { notifications } = await readBucketNotifications(clients, bucket, { signal });
  const names = [...new Set(functionArns(notifications).map(plainFunctionName))];
  if (names.length === 0) {
    throw new BrigadeError(
      'InvalidInput',
      l10n.t('No event notification of this bucket invokes a function. Deploy or add one first.'),
      { subject: formatS3Uri({ bucket }) },
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
    itemFor: typed => (isFunctionName(typed) ? { label: typed, description: '' } : undefined),
  });
  return { functions: [chosen.label], region: clients.region };
}
