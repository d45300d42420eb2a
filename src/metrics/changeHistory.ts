import { l10n } from 'vscode';
import type { AwsClients } from '../aws/clients.ts';
import type { ManagementEvent } from '../aws/cloudTrail/managementEvents.ts';
import { plainFunctionName } from '../aws/functions/functionArn.ts';
import type { EpochSeconds, TimeSpan } from '../aws/metrics/metricPeriod.ts';
import type { Mark } from './protocol.ts';

const FUNCTION_EVENTS = [
  'CreateFunction20150331',
  'UpdateFunctionCode20150331v2',
  'UpdateFunctionConfiguration20150331v2',
  'DeleteFunction20150331',
];
const NOTIFICATION_EVENT = 'PutBucketNotification';

/** Seconds. CloudTrail takes minutes to tell of a change, and answers two requests a second. */
const READ_AGAIN_AFTER = 300;

interface Kept {
  readonly span: TimeSpan;
  readonly readAt: EpochSeconds;
  readonly events: readonly ManagementEvent[];
}

/** The changes of functions and notifications in each Region, by CloudTrail; kept for a panel. */
export class ChangeHistory {
  readonly #kept = new Map<string, Kept>();

  /** @throws BrigadeError `AccessDenied` (cloudtrail:LookupEvents) … */
  async marks(
    clients: AwsClients,
    { functionName, region, ...span }: { functionName: string; region: string } & TimeSpan,
    signal: AbortSignal,
  ): Promise<Mark[]> {
    const events = await this.#events(clients, region, span, signal);
    return marksOf(events, functionName);
  }

  async #events(
    clients: AwsClients,
    region: string,
    span: TimeSpan,
    signal: AbortSignal,
  ): Promise<readonly ManagementEvent[]> {
    const now = Math.floor(Date.now() / 1000);
    const kept = this.#kept.get(region);
    const isNew = kept !== undefined && now - kept.readAt < READ_AGAIN_AFTER;
    if (isNew && kept.span.start <= span.start && kept.span.end + READ_AGAIN_AFTER >= span.end) {
      return kept.events;
    }
    const { lookUpEvents } = await import('../aws/cloudTrail/managementEvents.ts');
    const names = [...FUNCTION_EVENTS, NOTIFICATION_EVENT];
    const events = await lookUpEvents(clients, { ...span, names, region }, { signal });
    this.#kept.set(region, { span, readAt: now, events });
    return events;
  }
}

/** What the events mean for one function. */
export function marksOf(events: readonly ManagementEvent[], name: string): Mark[] {
  const buckets = bucketsOf(events, name);
  return events.flatMap((event): Mark[] => {
    const { time, parameters } = event;
    if (event.name === NOTIFICATION_EVENT) {
      const bucket = parameters['bucketName'];
      if (typeof bucket !== 'string' || !buckets.has(bucket)) return [];
      return [{ time, kind: 'notification', text: said(notificationText(bucket), event) }];
    }
    const changed = parameters['functionName'];
    if (typeof changed !== 'string' || plainFunctionName(changed) !== name) return [];
    return [{ time, kind: 'deployment', text: said(deploymentText(event.name), event) }];
  });
}

/** Buckets one of whose configurations named the function: a removal names it no longer. */
function bucketsOf(events: readonly ManagementEvent[], name: string): ReadonlySet<string> {
  const named = new RegExp(`:function:${name}[":]`);
  const told = events.filter(
    event => event.name === NOTIFICATION_EVENT && named.test(JSON.stringify(event.parameters)),
  );
  return new Set(told.map(({ parameters }) => String(parameters['bucketName'])));
}

function deploymentText(eventName: string): string {
  if (eventName.startsWith('CreateFunction')) return l10n.t('Function created');
  if (eventName.startsWith('UpdateFunctionCode')) return l10n.t('Code updated');
  if (eventName.startsWith('DeleteFunction')) return l10n.t('Function deleted');
  return l10n.t('Configuration changed');
}

function notificationText(bucket: string): string {
  return l10n.t('Event notifications of {0} changed', bucket);
}

function said(what: string, { username }: ManagementEvent): string {
  return username === '' ? what : l10n.t('{0} by {1}', what, username);
}
