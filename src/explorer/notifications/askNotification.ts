import { l10n, type QuickPickItem } from 'vscode';
import type {
  BucketNotification,
  NotificationDestination,
} from '../../aws/notifications/notification.ts';
import {
  NOTIFICATION_EVENTS,
  parseDestinationArn,
  withoutCovered,
  type DestinationArn,
  type NotificationEvent,
} from '../../aws/notifications/notificationRules.ts';
import type { Session } from '../../services.ts';
import { functionItems } from '../../vscode/functionItems.ts';
import { askText, pick, pickMany, runSteps, type PromptPosition } from '../../vscode/prompts.ts';
import { visibleLabel } from '../../vscode/visibleText.ts';
import {
  formatFilters,
  parseFilters,
  unreadableFilters,
  type Draft,
  type KeyFilter,
  type Question,
} from './draft.ts';
import { eventText } from '../../vscode/eventText.ts';
import { kindName } from './notificationText.ts';
import { filtersProblem } from './problems.ts';

export interface PromptContext {
  readonly session: Session;
  readonly bucket: string;
  readonly title: string;
  /** The answers are put here. */
  readonly draft: Draft;
  readonly left: readonly Question[];
  /** The entries that the bucket keeps. */
  readonly others: readonly BucketNotification[];
}

/**
 * Asks the questions that are left, with a Back button.
 *
 * @throws BrigadeError `Cancelled` when one is dismissed.
 */
export async function askNotification(asking: PromptContext): Promise<void> {
  await runSteps(
    asking.left.map(question => async position => {
      // Prefixes and ARNs are copied from elsewhere.
      await ask(question, { ...position, title: asking.title, keepOpen: true }, asking);
      return undefined;
    }),
  );
}

async function ask(
  question: Question,
  position: PromptPosition,
  asking: PromptContext,
): Promise<void> {
  const { draft, session, bucket } = asking;
  switch (question) {
    case 'events':
      draft.events = await askEvents(position, draft.events);
      return;
    case 'filters':
      draft.filters = await askFilters(position, asking);
      return;
    case 'destination':
      draft.destination = await askDestination(position, session, bucket, draft.destination);
  }
}

interface EventItem extends QuickPickItem {
  readonly event: string;
}

async function askEvents(
  position: PromptPosition,
  before: readonly string[] = ['s3:ObjectCreated:*'],
): Promise<readonly string[]> {
  const isKnown = (event: string): event is NotificationEvent =>
    (NOTIFICATION_EVENTS as readonly string[]).includes(event);
  // A bucket may have events that are newer than our list: they can be kept.
  const events = [...before.filter(event => !isKnown(event)), ...NOTIFICATION_EVENTS];
  const chosen = await pickMany<EventItem>({
    ...position,
    placeholder: l10n.t('Select events'),
    items: events.map(event => ({
      label: visibleLabel(event.replace(/^s3:/, '')),
      description: isKnown(event) ? eventText(event) : '',
      event,
    })),
    picked: ({ event }) => before.includes(event),
  });
  return withoutCovered(chosen.map(({ event }) => event));
}

async function askFilters(
  position: PromptPosition,
  { draft: { events = [], filters = [] }, others }: PromptContext,
): Promise<readonly KeyFilter[]> {
  const text = await askText({
    ...position,
    prompt: l10n.t(
      'Prefix and suffix as prefix*suffix, separated by commas. Case-sensitive. Leave empty for all objects.',
    ),
    placeholder: l10n.t('For example: {0}', 'photos/*.jpg, photos/*.png'),
    value: formatFilters(filters),
    validate: typed => {
      const parsed = parseFilters(typed);
      return parsed ? filtersProblem(parsed, events, others) : unreadableFilters();
    },
  });
  return parseFilters(text) ?? [];
}

interface DestinationItem extends QuickPickItem {
  readonly destination?: NotificationDestination;
}

/**
 * Asks for the destination: a function of the account in the bucket's Region, or what is typed as an ARN.
 *
 * @throws BrigadeError `Cancelled`, BackPressed
 */
async function askDestination(
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
function regionProblem(parsed: DestinationArn, region: string): string | undefined {
  if (parsed.region === region) return undefined;
  return l10n.t(
    'It is in {0}, but the bucket is in {1}. A destination must be in the bucket’s Region.',
    parsed.region,
    region,
  );
}
