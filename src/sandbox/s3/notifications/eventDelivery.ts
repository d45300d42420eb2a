import { AwsError } from '../../errors.ts';
import type { Services } from '../../sandboxServices.ts';
import { bucketAsSender } from './checkDestinations.ts';
import type { OutboxEntry } from './eventOutbox.ts';
import { MAX_HOPS, countCall } from './lineage.ts';

/** Events that are handed on in one transaction; requests are answered between two. */
const BATCH = 100;
/** Milliseconds until a delivery that the sandbox failed at (a full disk) is tried again. */
const RETRY_AFTER = 1000;

/**
 * Hands events on to their functions' queues: an event leaves the outbox in the transaction in which it
 * enters the queue, so that it is delivered whatever happens, and what S3 may not deliver is lost and
 * logged, as S3 loses it silently.
 */
export class EventDelivery {
  private readonly services: Services;
  private timer: NodeJS.Timeout | NodeJS.Immediate | undefined;
  private stopped = false;

  constructor(services: Services) {
    this.services = services;
  }

  /** Begins, with the events that a former run has left. */
  start(): void {
    this.services.s3.outbox.onAdded(() => this.wake());
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
    const { store, s3, log } = this.services;
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
    const { services } = this;
    const permission = services.lambda.maySend(entry.arn, bucketAsSender(services, entry.bucket));
    if (permission === 'noFunction') {
      this.lose(entry, 'there is no such function');
      return;
    }
    if (permission === 'denied') {
      this.lose(entry, "the function's policy does not allow S3 to invoke it");
      return;
    }
    const { header, hops } = countCall(entry.traceHeader, entry.arn, services.clock.now());
    if (hops > MAX_HOPS) {
      this.drop(entry);
      return;
    }
    try {
      services.lambda.acceptEvent(services, {
        functionName: entry.arn,
        payload: Buffer.from(entry.payload),
        traceHeader: header,
      });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      this.lose(entry, error.message);
    }
  }

  /** What Lambda does to a call that its own calls have caused. */
  private drop(entry: OutboxEntry): void {
    this.services.metrics.put([
      {
        namespace: 'AWS/Lambda',
        metricName: 'RecursiveInvocationsDropped',
        dimensions: { FunctionName: entry.arn.split(':')[6] ?? '' },
        unit: 'Count',
        timestamp: this.services.clock.now(),
        value: 1,
      },
    ]);
    this.lose(entry, 'its calls cause each other in a loop');
  }

  private lose({ bucket, arn, payload }: OutboxEntry, reason: string): void {
    const { Records } = JSON.parse(payload) as {
      Records: { eventName: string; s3: { object: { key: string } } }[];
    };
    for (const { eventName, s3 } of Records) {
      this.services.log(
        `${eventName} of ${bucket}/${s3.object.key} was lost to ${arn}: ${reason}.`,
      );
    }
  }
}
