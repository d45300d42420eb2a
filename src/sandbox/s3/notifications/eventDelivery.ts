import { AwsError } from '../../errors.ts';
import type { Clock } from '../../clock.ts';
import type { Store } from '../../store.ts';
import { bucketAsSender } from './checkDestinations.ts';
import type { EventOutbox, OutboxEntry } from '../store/eventOutbox.ts';
import type { EventSink } from '../eventSink.ts';
import { MAX_HOPS, countCall } from './lineage.ts';

/** Events that are handed on in one transaction; requests are answered between two. */
const BATCH = 100;
/** Milliseconds until a delivery that the sandbox failed at (a full disk) is tried again. */
const RETRY_AFTER = 1000;

/** What the delivery needs. */
export interface DeliveryContext {
  readonly accountId: string;
  readonly clock: Clock;
  readonly store: Store;
  readonly s3: { readonly outbox: EventOutbox };
  readonly events: EventSink;
  readonly log: (line: string) => void;
}

/**
 * Hands events on to their functions' queues: an event leaves the outbox in the transaction in which it
 * enters the queue, so that it is delivered whatever happens, and what S3 may not deliver is lost and
 * logged, as S3 loses it silently.
 */
export class EventDelivery {
  private readonly context: DeliveryContext;
  private timer: NodeJS.Timeout | NodeJS.Immediate | undefined;
  private stopped = false;

  constructor(context: DeliveryContext) {
    this.context = context;
  }

  /** Begins, with the events that a former run has left. */
  start(): void {
    this.context.s3.outbox.onAdded(() => this.wake());
    this.wake();
  }

  /** Events that were not handed on stay in the outbox. */
  stop(): void {
    this.stopped = true;
  }

  private wake(): void {
    if (this.timer !== undefined || this.stopped) return;
    this.timer = setImmediate(() => this.run());
  }

  private run(): void {
    this.timer = undefined;
    if (this.stopped) return;
    const { store, s3, log } = this.context;
    try {
      const entries = s3.outbox.first(BATCH);
      store.transaction(() => {
        for (const entry of entries) {
          s3.outbox.delete(entry.id);
          this.deliver(entry);
        }
      });
      if (entries.length === BATCH) this.wake();
    } catch (error) {
      log(`Events could not be delivered yet: ${String(error)}`);
      this.timer = setTimeout(() => this.run(), RETRY_AFTER).unref();
    }
  }

  private deliver(entry: OutboxEntry): void {
    if (entry.kind === 'lambda') this.invoke(entry);
    else this.lose(entry, `the sandbox has no ${entry.kind === 'queue' ? 'SQS' : 'SNS'}`);
  }

  private invoke(entry: OutboxEntry): void {
    const { context } = this;
    const permission = context.events.maySend(entry.arn, bucketAsSender(context, entry.bucket));
    if (permission === 'noFunction') {
      this.lose(entry, 'there is no such function');
      return;
    }
    if (permission === 'denied') {
      this.lose(entry, "the function's policy does not allow S3 to invoke it");
      return;
    }
    const { header, hops } = countCall(entry.traceHeader, entry.arn, context.clock.now());
    if (hops > MAX_HOPS) {
      context.events.countLoop(entry.arn);
      this.lose(entry, 'its calls cause each other in a loop');
      return;
    }
    try {
      context.events.acceptEvent({
        functionName: entry.arn,
        payload: Buffer.from(entry.payload),
        traceHeader: header,
      });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      this.lose(entry, error.message);
    }
  }

  private lose({ bucket, arn, payload }: OutboxEntry, reason: string): void {
    const { Records } = JSON.parse(payload) as {
      Records: { eventName: string; s3: { object: { key: string } } }[];
    };
    for (const { eventName, s3 } of Records) {
      this.context.log(`${eventName} of ${bucket}/${s3.object.key} was lost to ${arn}: ${reason}.`);
    }
  }
}
