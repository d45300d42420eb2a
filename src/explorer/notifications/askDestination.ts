import { l10n, ThemeIcon, type QuickPickItem } from 'vscode';
import { BrigadeError } from '../../aws/errors.ts';
import type { LambdaFunction } from '../../aws/functions/functions.ts';
import type { NotificationDestination } from '../../aws/notifications/notification.ts';
import {
  parseDestinationArn,
  type DestinationArn,
} from '../../aws/notifications/notificationRules.ts';
import type { Session } from '../../services.ts';
import { describeError } from '../../vscode/describeError.ts';
import { pick, type PromptPosition } from '../../vscode/prompts.ts';
import { visibleLabel } from '../../vscode/visibleText.ts';
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
      items: signal => functionItems(session, region, before, signal),
      active: item => item.destination !== undefined && item.destination.arn === before?.arn,
      itemFor: typed => typedItem(typed, region),
    });
    if (destination) return destination;
  }
}

async function functionItems(
  { clients }: Session,
  region: string,
  before: NotificationDestination | undefined,
  signal: AbortSignal,
): Promise<DestinationItem[]> {
  const { listFunctions } = await import('../../aws/functions/functions.ts');
  try {
    const functions = await listFunctions(clients, { region }, { signal });
    const isListed = before === undefined || functions.some(({ arn }) => arn === before.arn);
    const items = [...(isListed ? [] : [arnItem(before)]), ...functions.map(functionItem)];
    return items.length > 0 ? items : [{ label: l10n.t('No functions in {0}', region) }];
  } catch (error) {
    // Who may not list functions may still name one.
    if (!(error instanceof BrigadeError) || error.code !== 'AccessDenied') throw error;
    const label = l10n.t('Functions cannot be listed');
    const denied = { label, detail: describeError(error), iconPath: new ThemeIcon('lock') };
    return [...(before ? [arnItem(before)] : []), denied];
  }
}

function functionItem({ name, arn, runtime, description }: LambdaFunction): DestinationItem {
  return {
    label: name,
    description: runtime,
    iconPath: new ThemeIcon('symbol-function'),
    ...(description !== '' && { detail: visibleLabel(description) }),
    destination: { kind: 'lambda', arn },
  };
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
