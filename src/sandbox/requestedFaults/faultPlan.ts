import type { Clock } from '../clock.ts';
import type { AwsError } from '../errors.ts';
import { faultError } from './faultError.ts';
import { describeRule } from './faultRule.ts';
import type { FaultRule, Occasion, RequestedFaults, ServiceName } from './faultRule.ts';

/** The request that may meet a fault. */
export interface FaultyRequest {
  readonly service: ServiceName;
  /** Asked for only where a rule names an operation. */
  readonly operation: () => Promise<string | undefined> | string | undefined;
}

interface Counted {
  readonly rule: FaultRule;
  /** How many requests the rule was for, and how many of them it struck. */
  met: number;
  struck: number;
  /** The second that is counted, and how many came in it. */
  second: number;
  inSecond: number;
}

/** The faults that someone has asked for, to rehearse recovery; none unless they are set. */
export class FaultPlan {
  private readonly clock: Clock;
  private readonly always: readonly FaultRule[];
  private rules: readonly Counted[] = [];
  private random: () => number = () => 1;
  private since = 0;

  /** @param always what goes wrong besides, whatever is set */
  constructor(clock: Clock, always: readonly FaultRule[] = []) {
    this.clock = clock;
    this.always = always;
    this.set({ seed: 1, rules: [] });
  }

  /** Replaces all rules; their counts and the random numbers start again. */
  set({ seed, rules }: RequestedFaults): void {
    this.rules = [...this.always, ...rules].map(rule => ({
      rule,
      met: 0,
      struck: 0,
      second: 0,
      inSecond: 0,
    }));
    this.random = randomNumbers(seed);
    this.since = this.clock.elapsed();
  }

  get isOn(): boolean {
    return this.rules.length > 0;
  }

  /** Each rule in a few words. */
  get descriptions(): readonly string[] {
    return this.rules.map(({ rule }) => describeRule(rule));
  }

  /**
   * Lets a request wait, or fail, as the rules want it.
   * @throws AwsError the fault
   */
  async meet({ service, operation }: FaultyRequest): Promise<void> {
    let name: string | undefined;
    for (const counted of this.rules) {
      const { rule } = counted;
      const isError = 'where' in rule && rule.where === 'requests';
      if (!isError && rule.fault !== 'latency') continue;
      if (rule.service !== undefined && rule.service !== service) continue;
      if (rule.operation !== undefined) {
        name ??= (await operation()) ?? '';
        if (name !== rule.operation) continue;
      }
      counted.met += 1;
      if (!this.strikes(counted, rule, counted.met)) continue;
      if (rule.fault === 'latency') await this.clock.sleep(rule.milliseconds);
      else throw faultError(rule.fault, service);
    }
  }

  /**
   * What happens to a task of a batch job instead of what it would do, if anything.
   * @param number of the task in its job, from 1 on
   */
  taskFault(number: number): AwsError | undefined {
    for (const counted of this.rules) {
      const { rule } = counted;
      if (!('where' in rule) || rule.where !== 'tasks') continue;
      if (this.strikes(counted, rule, number)) return faultError(rule.fault, 's3');
    }
    return undefined;
  }

  /** Whether the process that now runs a function is to be killed. */
  killsFunction(name: string): boolean {
    return this.rules.some(counted => {
      const { rule } = counted;
      if (rule.fault !== 'killFunction') return false;
      if (rule.function !== undefined && rule.function !== name) return false;
      counted.met += 1;
      return this.strikes(counted, rule, counted.met);
    });
  }

  /** Milliseconds after its creation in which a role can't be assumed yet. */
  get roleDelay(): number {
    return this.delay('lateRole');
  }

  /** Milliseconds after a job's end in which its report is not whole yet. */
  get reportDelay(): number {
    return this.delay('lateReport');
  }

  /** Milliseconds in which observations of metrics are not told yet. */
  get metricDelay(): number {
    return this.delay('lateMetrics');
  }

  /** Milliseconds after a bucket's configuration in which its events go by the former one. */
  get eventDelay(): number {
    return this.delay('lateEvents');
  }

  /** Milliseconds that a new or changed function takes until it is ready; 0: as ever. */
  get functionDelay(): number {
    return this.delay('slowFunction');
  }

  private delay(fault: Extract<FaultRule, { readonly seconds: number }>['fault']): number {
    const seconds = this.rules.map(({ rule }) => (rule.fault === fault ? rule.seconds : 0));
    return Math.max(0, ...seconds) * 1000;
  }

  private strikes(counted: Counted, occasion: Occasion, number: number): boolean {
    const { share, nth, burst, perSecond, times } = occasion;
    if (times !== undefined && counted.struck >= times) return false;
    if (nth !== undefined && number !== nth) return false;
    if (share !== undefined && this.random() >= share) return false;
    if (burst !== undefined) {
      const seconds = (this.clock.elapsed() - this.since) / 1000;
      if (seconds % burst.every >= burst.seconds) return false;
    }
    if (perSecond !== undefined && this.countSecond(counted) <= perSecond) return false;
    counted.struck += 1;
    return true;
  }

  /** @returns how many have come in this second */
  private countSecond(counted: Counted): number {
    const second = Math.floor(this.clock.elapsed() / 1000);
    if (second !== counted.second) {
      counted.second = second;
      counted.inSecond = 0;
    }
    counted.inSecond += 1;
    return counted.inSecond;
  }
}

/** The same numbers from 0 up to 1 for the same seed (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
