import { setTimeout as delay } from 'node:timers/promises';
import { describe, retryDelay } from '../../faults.ts';
import type { S3Context } from '../s3Context.ts';
import { advanceRestore } from './restoreObject.ts';

/** The clock may be set, and a sleeping machine counts no time: look again after so many milliseconds. */
const LONGEST_SLEEP = 60_000;

type KeeperContext = Pick<S3Context, 's3' | 'store' | 'clock' | 'accountId'> & {
  readonly log: (line: string) => void;
};

/**
 * Tells of restored copies when they come and when they go, those that came or went while the sandbox
 * was off included. Whether an object can be read does not wait for this: that is a matter of the time.
 */
export class RestoreKeeper {
  private readonly context: KeeperContext;
  private readonly stopped = new AbortController();
  private nudged = new AbortController();
  private loop: Promise<void> = Promise.resolve();

  constructor(context: KeeperContext) {
    this.context = context;
  }

  start(): void {
    this.context.s3.restores.onChanged(() => this.wake());
    this.loop = this.run();
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    this.wake();
    await this.loop;
  }

  private wake(): void {
    const { nudged } = this;
    this.nudged = new AbortController();
    nudged.abort();
  }

  private async run(): Promise<void> {
    let failures = 0;
    while (!this.stopped.signal.aborted) {
      const { signal } = this.nudged;
      try {
        if (!this.advanceNext()) await this.pause(signal);
        failures = 0;
      } catch (error) {
        this.context.log(`Restored copies: ${describe(error)}`);
        const stop = { signal: this.stopped.signal };
        await delay(retryDelay(failures), undefined, stop).catch(() => undefined);
        failures += 1;
      }
    }
  }

  /** @returns false if nothing is due */
  private advanceNext(): boolean {
    const { store, s3, clock } = this.context;
    const next = s3.restores.next();
    if (next === undefined || next.due > clock.now().getTime()) return false;
    return store.transaction(() => {
      const bucket = s3.buckets.find(next.bucket);
      if (bucket === undefined) return false;
      const version = s3.versions.find(bucket.id, next.key, next.versionId);
      return version !== undefined && advanceRestore(this.context, bucket, version);
    });
  }

  /** Until a restore was changed, or the next one has come or gone. */
  private async pause(signal: AbortSignal): Promise<void> {
    if (this.stopped.signal.aborted) return;
    const { s3, clock } = this.context;
    const due = s3.restores.next()?.due;
    try {
      const left = due === undefined ? Infinity : due - clock.now().getTime();
      await clock.sleep(Math.max(0, Math.min(left, LONGEST_SLEEP)), signal);
    } catch (error) {
      if (!(error instanceof Error && error.name === 'AbortError')) throw error;
    }
  }
}
