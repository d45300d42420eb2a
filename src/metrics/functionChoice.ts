import { l10n } from 'vscode';
import type { Commands, NotificationTarget } from '../commands.ts';
import type { AwsClients } from '../aws/clients.ts';
import { functionRegion, plainFunctionName } from '../aws/functionArn.ts';
import { functionArns } from '../aws/notifications/notification.ts';
import { cancelled } from '../vscode/cancellation.ts';
import { pickFunction } from '../vscode/functionItems.ts';
import { offerDeployment } from '../vscode/offerDeployment.ts';
import { withCancellableProgress } from '../vscode/progress.ts';
import type { Session } from '../services.ts';

export interface ChosenFunctions {
  readonly functions: readonly string[];
  readonly region: string;
}

/** The functions that a command is about: the named one, those of a bucket, or one that is asked for. */
export async function chooseFunctions(
  session: Session,
  target: Commands['bucketBrigade.metrics.show'][0],
): Promise<ChosenFunctions> {
  const { clients } = session;
  if (target === undefined)
    return await askFunction(clients, { region: clients.region, shown: [] });
  if (!('functionName' in target)) return await functionsOfBucket(session, target);
  const { functionName, region = functionRegion(functionName) ?? clients.region } = target;
  return { functions: [plainFunctionName(functionName)], region };
}

/**
 * The functions that a bucket invokes by its event notifications, or by that one of them.
 *
 * @throws BrigadeError `Cancelled` also when it invokes none, which is said with what would help
 */
async function functionsOfBucket(
  session: Session,
  { bucket, notificationId, notificationIds }: NotificationTarget,
): Promise<ChosenFunctions> {
  const { clients } = session;
  const title = l10n.t('Looking for the functions of {0}', bucket);
  const { names, region } = await withCancellableProgress({ title }, async signal => {
    const { readBucketNotifications } = await import('../aws/notifications/bucketNotifications.ts');
    const { notifications: all } = await readBucketNotifications(clients, bucket, { signal });
    const ids = notificationIds ?? (notificationId === undefined ? undefined : [notificationId]);
    const notifications = all.filter(({ id }) => ids?.includes(id) ?? true);
    return {
      names: [...new Set(functionArns(notifications).map(plainFunctionName))],
      region: await clients.regionOfBucket(bucket, signal),
    };
  });
  if (names.length === 0) {
    void offerDeployment(session, bucket);
    throw cancelled();
  }
  return { functions: names, region };
}

/** Asks for one of the functions of a Region, but for those that are shown. */
export async function askFunction(
  clients: AwsClients,
  { region, shown }: { region: string; shown: readonly string[] },
): Promise<ChosenFunctions> {
  const placeholder = l10n.t('Select a function, or enter the name of one that isn’t listed');
  const question = { placeholder, region, except: shown };
  const chosen = await pickFunction({ title: l10n.t('Show Metrics') }, clients, question);
  return {
    functions: [plainFunctionName(chosen)],
    region: functionRegion(chosen) ?? region,
  };
}
