import { LookupEventsCommand, type Event } from '@aws-sdk/client-cloudtrail';
import { setTimeout as sleep } from 'node:timers/promises';
import { callWithAction, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';

/** A change that somebody made, as CloudTrail's event history tells it. */
export interface ManagementEvent {
  /** Seconds since 1970, as all times here. */
  readonly time: number;
  /** As CloudTrail names it: `UpdateFunctionCode20150331v2`. */
  readonly name: string;
  /** Who made it. */
  readonly username: string;
  /** What was asked for, as far as CloudTrail writes it down. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** Events of one name; both ends of the span are of it. */
export interface EventLookup {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

export interface EventsQuery {
  readonly lookups: readonly EventLookup[];
  readonly region?: string;
}

export interface FoundEvents {
  readonly events: readonly ManagementEvent[];
  /** False where there are older events that were not read. */
  readonly isAll: boolean;
}

/** Two requests a second, account and Region are answered (LookupEvents). */
const PAUSE_MS = 550;
/** Pages of 50 events that are read of each name; older events are left out. */
const MAX_PAGES = 4;

/**
 * Looks up management events of the last 90 days by their names, those of a name the newest first. It
 * takes half a second for each page, and a change is found only some minutes after it was made. Calls
 * that failed changed nothing and are left out.
 *
 * @throws BrigadeError `AccessDenied` (cloudtrail:LookupEvents), `Throttled` …
 */
export async function lookUpEvents(
  clients: AwsClients,
  { lookups, region }: EventsQuery,
  options: CallOptions = {},
): Promise<FoundEvents> {
  const events: ManagementEvent[] = [];
  let isAll = true;
  let isFirst = true;
  for (const lookup of lookups) {
    let token: string | undefined;
    for (let page = 0; page < MAX_PAGES; page++) {
      if (!isFirst) await pause(options.signal);
      isFirst = false;
      const found = await readPage(clients, { ...lookup, token, region }, options);
      events.push(...found.events);
      token = found.token;
      if (token === undefined) break;
    }
    isAll &&= token === undefined;
  }
  return { events, isAll };
}

async function readPage(
  clients: AwsClients,
  query: EventLookup & { readonly token: string | undefined; readonly region: string | undefined },
  options: CallOptions,
): Promise<{ events: ManagementEvent[]; token: string | undefined }> {
  const command = new LookupEventsCommand({
    LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: query.name }],
    StartTime: new Date(query.start * 1000),
    EndTime: new Date(query.end * 1000),
    NextToken: query.token,
  });
  const output = await callWithAction('cloudtrail:LookupEvents', 'CloudTrail', options, () =>
    clients.cloudTrail(query.region).send(command, { abortSignal: options.signal }),
  );
  return {
    events: (output.Events ?? []).flatMap(readEvent),
    token: output.NextToken === '' ? undefined : output.NextToken,
  };
}

async function pause(signal: AbortSignal | undefined): Promise<void> {
  // What is aborted is said by the next call.
  await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
}

function readEvent(event: Event): ManagementEvent[] {
  const { EventTime: time, EventName: name, Username: username = '' } = event;
  const record = readRecord(event.CloudTrailEvent);
  if (time === undefined || name === undefined || 'errorCode' in record) return [];
  const parameters = record['requestParameters'];
  return [
    {
      time: Math.floor(time.getTime() / 1000),
      name,
      username,
      parameters: isRecord(parameters) ? parameters : {},
    },
  ];
}

function readRecord(text = '{}'): Record<string, unknown> {
  try {
    const record: unknown = JSON.parse(text);
    return isRecord(record) ? record : {};
  } catch {
    return {};
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
