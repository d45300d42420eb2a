import { LookupEventsCommand, type Event } from '@aws-sdk/client-cloudtrail';
import { setTimeout as sleep } from 'node:timers/promises';
import { call, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';

/** A change that somebody made, as CloudTrail's event history tells it. */
export interface ManagementEvent {
  /** Seconds since 1970. */
  readonly time: number;
  /** As CloudTrail names it: `UpdateFunctionCode20150331v2`. */
  readonly name: string;
  /** Who made it. */
  readonly username: string;
  /** What was asked for, as far as CloudTrail writes it down. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** Two requests a second and account are answered (LookupEvents). */
const PAUSE_MS = 550;
/** Pages of 50 events that are read of each name; older events are left out. */
const MOST_PAGES = 4;

export interface EventsQuery {
  /** Seconds since 1970. */
  readonly start: number;
  readonly end: number;
  readonly names: readonly string[];
  readonly region?: string;
}

/**
 * Looks up management events of the last 90 days by their names, the newest first. It takes half a
 * second for each name, and a change is found only some minutes after it was made.
 *
 * @throws BrigadeError `AccessDenied` (cloudtrail:LookupEvents), `Throttled` …
 */
export async function lookUpEvents(
  clients: AwsClients,
  query: EventsQuery,
  options: CallOptions = {},
): Promise<ManagementEvent[]> {
  const found: ManagementEvent[] = [];
  let isFirst = true;
  for (const name of query.names) {
    let token: string | undefined;
    let pages = 0;
    do {
      if (!isFirst) await pause(options.signal);
      isFirst = false;
      const command = new LookupEventsCommand({
        LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: name }],
        StartTime: new Date(query.start * 1000),
        EndTime: new Date(query.end * 1000),
        NextToken: token,
      });
      const page = await call('CloudTrail', options, () =>
        clients.cloudTrail(query.region).send(command, { abortSignal: options.signal }),
      );
      found.push(...(page.Events ?? []).flatMap(readEvent));
      token = page.NextToken;
      pages++;
    } while (token !== undefined && pages < MOST_PAGES);
  }
  return found;
}

async function pause(signal: AbortSignal | undefined): Promise<void> {
  // What is aborted is said by the next call.
  await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
}

/** Events of calls that failed changed nothing. */
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
