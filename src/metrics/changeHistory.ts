import type { AwsClients } from '../aws/clients.ts';
import { raceAbort } from '../aws/call.ts';
import type { EventLookup, FoundEvents } from '../aws/cloudTrail/managementEvents.ts';
import { BrigadeError } from '../aws/errors.ts';
import type { EpochSeconds, TimeSpan } from '../aws/metrics/metricPeriod.ts';
import { FUNCTION_EVENTS, NOTIFICATION_EVENT } from './changeAnnotations.ts';

/** Seconds. CloudTrail takes minutes to tell of a change, and answers two requests a second. */
const READ_AGAIN_AFTER = 300;
/** Seconds that the event history goes back (LookupEvents: 90 days). */
const HISTORY = 90 * 24 * 60 * 60;

interface Reading {
  readonly span: TimeSpan;
  readonly startedAt: EpochSeconds;
  readonly found: Promise<FoundEvents>;
}

/**
 * What CloudTrail tells of functions and notifications, kept for a panel. All its functions share one
 * reading for each Region: side by side they would pass CloudTrail's rate.
 */
export class ChangeHistory {
  readonly #readings = new Map<string, Reading>();
  readonly #closed = new AbortController();
  readonly #onFailure: (error: unknown) => void;
  readonly #clock: () => EpochSeconds;

  /** @param onFailure called for each reading that failed */
  constructor(
    onFailure: (error: unknown) => void,
    clock: () => EpochSeconds = () => Math.floor(Date.now() / 1000),
  ) {
    this.#onFailure = onFailure;
    this.#clock = clock;
  }

  /** Ends what is being read. */
  dispose(): void {
    this.#closed.abort();
  }

  /**
   * Events of a Region in a span, and those of notifications before it: a removal is told by the
   * configuration before.
   *
   * @param signal ends the waiting only; what others wait for, or will, is read on
   * @throws BrigadeError `AccessDenied` (cloudtrail:LookupEvents) …
   */
  async events(
    clients: AwsClients,
    { region, ...span }: { readonly region: string } & TimeSpan,
    signal: AbortSignal,
  ): Promise<FoundEvents> {
    const kept = this.#readings.get(region);
    const reading = kept && this.#covers(kept, span) ? kept : this.#read(clients, region, span);
    return await raceAbort(reading.found, signal);
  }

  #covers({ span, startedAt }: Reading, { start, end }: TimeSpan): boolean {
    const isNew = this.#clock() - startedAt < READ_AGAIN_AFTER;
    return isNew && span.start <= start && span.end >= end - READ_AGAIN_AFTER;
  }

  #read(clients: AwsClients, region: string, { start, end }: TimeSpan): Reading {
    // Another function's span may begin a little earlier.
    const span = { start: start - READ_AGAIN_AFTER, end };
    const startedAt = this.#clock();
    const before = this.#readings.get(region)?.found;
    const found = this.#lookUp(clients, { region, lookups: lookupsOf(span, startedAt) }, before);
    const reading = { span, startedAt, found };
    this.#readings.set(region, reading);
    found.catch((error: unknown) => {
      if (this.#closed.signal.aborted) return;
      this.#onFailure(error);
      // A refusal stays one for a while; what else failed may work at the next refresh.
      const isRefusal = error instanceof BrigadeError && error.code === 'AccessDenied';
      if (!isRefusal && this.#readings.get(region) === reading) this.#readings.delete(region);
    });
    return reading;
  }

  /** @param before what is being read already: both at once would be too many requests */
  async #lookUp(
    clients: AwsClients,
    query: { readonly region: string; readonly lookups: readonly EventLookup[] },
    before: Promise<unknown> | undefined,
  ): Promise<FoundEvents> {
    await before?.catch(() => undefined);
    const { lookUpEvents } = await import('../aws/cloudTrail/managementEvents.ts');
    return await lookUpEvents(clients, query, { signal: this.#closed.signal });
  }
}

function lookupsOf(span: TimeSpan, now: EpochSeconds): EventLookup[] {
  const start = Math.min(span.start, now - HISTORY);
  return [
    ...FUNCTION_EVENTS.map(name => ({ name, ...span })),
    { name: NOTIFICATION_EVENT, start, end: span.end },
  ];
}
