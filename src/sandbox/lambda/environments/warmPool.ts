import { availableParallelism } from 'node:os';
import type { Clock } from '../../clock.ts';
import type { EnvironmentLog } from './environmentLog.ts';
import type { ExecutionEnvironment } from './executionEnvironment.ts';

/** An environment with what it was made of. */
export interface WarmEnvironment {
  readonly environment: ExecutionEnvironment;
  readonly log: EnvironmentLog;
  readonly functionName: string;
  /** Of the code and the configuration: environments of another one are not used again. */
  readonly key: string;
  /** When its credentials end. */
  readonly expiration: Date;
}

interface Idle {
  readonly warm: WarmEnvironment;
  readonly since: number;
  /** Whether the runtime has asked for more. */
  readonly ready: Promise<boolean>;
}

/** AWS keeps environments for some minutes and says no figure. */
const IDLE_MS = 5 * 60_000;
const SWEEP_MS = 60_000;
/** So many processes may wait for work. */
const MAX_IDLE = Math.max(4, 2 * availableParallelism());
/** Milliseconds in which a runtime that has answered must ask for more. */
const READY_LIMIT_MS = 10_000;
/** Credentials must last this long to be used once more: AWS's longest time-out and a minute. */
const RESERVE_MS = 16 * 60_000;

/** Environments that have finished an invocation and wait for the next. */
export class WarmPool {
  private readonly clock: Clock;
  private idle: Idle[] = [];
  private readonly all = new Set<WarmEnvironment>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /**
   * Counts an environment in, so that it is killed in the end.
   * @param onExit called when its process has ended
   */
  register(warm: WarmEnvironment, onExit: () => void): void {
    this.all.add(warm);
    warm.environment.onExit = () => {
      onExit();
      this.all.delete(warm);
      this.idle = this.idle.filter(entry => entry.warm !== warm);
    };
  }

  /** An environment that can take an invocation, the one that was used last. */
  async take(key: string): Promise<WarmEnvironment | undefined> {
    for (;;) {
      const index = this.idle.findLastIndex(entry => entry.warm.key === key);
      const [entry] = index === -1 ? [] : this.idle.splice(index, 1);
      if (entry === undefined) return undefined;
      const left = entry.warm.expiration.getTime() - this.clock.now().getTime();
      if (left > RESERVE_MS && (await entry.ready) && entry.warm.environment.alive) {
        return entry.warm;
      }
      entry.warm.environment.kill();
    }
  }

  give(warm: WarmEnvironment): void {
    const ready = warm.environment.ready(READY_LIMIT_MS);
    const entry: Idle = { warm, since: this.clock.elapsed(), ready };
    this.idle.push(entry);
    void ready.then(yes => {
      if (!yes) this.drop(entry);
    });
    const [oldest] = this.idle;
    if (this.idle.length > MAX_IDLE && oldest !== undefined) this.drop(oldest);
  }

  /** Ends idle environments of a function: of all its states, or of all but one. */
  retire(functionName: string, exceptKey?: string): void {
    for (const entry of [...this.idle]) {
      const { warm } = entry;
      if (warm.functionName === functionName && warm.key !== exceptKey) this.drop(entry);
    }
  }

  /** Ends environments that nobody has used for some minutes, until the signal comes. */
  async expire(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.clock.sleep(SWEEP_MS, signal);
      } catch {
        return;
      }
      const due = this.clock.elapsed() - IDLE_MS;
      for (const entry of [...this.idle]) if (entry.since <= due) this.drop(entry);
    }
  }

  /** Kills all environments, also those that work. */
  killAll(): void {
    for (const warm of this.all) {
      warm.log.close();
      warm.environment.kill();
    }
  }

  /** How many processes there are. */
  get size(): number {
    return this.all.size;
  }

  private drop(entry: Idle): void {
    this.idle = this.idle.filter(other => other !== entry);
    entry.warm.environment.kill();
  }
}
