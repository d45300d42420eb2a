import { l10n, type QuickPickItem } from 'vscode';
import type { NotificationDestination } from '../../aws/notifications/notification.ts';
import {
  parseDestinationArn,
  type DestinationArn,
} from '../../aws/notifications/notificationRules.ts';
import type { Session } from '../../services.ts';
import { functionItems } from '../../vscode/functionItems.ts';
import { pick, type PromptPosition } from '../../vscode/prompts.ts';
import { kindName } from './notificationText.ts';

interface DestinationItem extends QuickPickItem {
  readonly destination?: NotificationDestination;
}

/**
 * Asks who is told: a function of the account in the bucket's Region, or what is typed as an ARN.
 *
 * @throws BrigadeError `Cancelled`, BackPressed
 */
export async function askDestination(
  position: PromptPosition,
  session: Session,
  bucket: string,
  before: NotificationDestination | undefined,
): Promise<NotificationDestination> {
  const region = await session.clients.regionOfBucket(bucket);
  for (;;) {
    const { destination } = await pick<DestinationItem>({
      ...position,
      placeholder: l10n.t('A function, or the ARN of a queue or topic in {0}', region),
      items: signal => destinationItems(session, region, before, signal),
      active: item => item.destination !== undefined && item.destination.arn === before?.arn,
      itemFor: typed => typedItem(typed, region),
    });
    if (destination) return destination;
  }
}

/** The one that was chosen before need not be among those that can be listed. */
async function destinationItems(
  { clients }: Session,
  region: string,
  before: NotificationDestination | undefined,
  signal: AbortSignal,
): Promise<DestinationItem[]> {
  const functions = await functionItems(clients, region, signal);
  const items = functions.map(({ chosen: arn, ...item }) => ({
    ...item,
    ...(arn !== undefined && { destination: { kind: 'lambda' as const, arn } }),
  }));
  const isListed = before === undefined || functions.some(({ chosen }) => chosen === before.arn);
  return isListed ? items : [arnItem(before), ...items];
}

function arnItem({ kind, arn }: NotificationDestination): DestinationItem {
  return { label: arn, description: kindName(kind), destination: { kind, arn } };
}

function typedItem(typed: string, region: string): DestinationItem | undefined {
  const parsed = parseDestinationArn(typed);
  if (!parsed) return undefined;
  const problem = regionProblem(parsed, region);
  return problem === undefined ? arnItem(parsed) : { label: typed, detail: problem };
}

/** S3 tells only what is in the bucket's own Region. */
export function regionProblem(parsed: DestinationArn, region: string): string | undefined {
  if (parsed.region === region) return undefined;
  return l10n.t(
    'It is in {0}, but the bucket in {1}: S3 takes no such destination.',
    parsed.region,
    region,
  );
}
