import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceName } from './faultRule.ts';
import type { FaultPlan } from './faultPlan.ts';
import { parseFaults } from './parseFaults.ts';

/** The name of the file in the data folder. */
export const FAULT_FILE = 'faults.json';
/** Milliseconds between two looks whether the file has changed. */
const POLL_MS = 500;

/** What the file asks for, for those who show it; undefined when there is none. */
export interface FaultState {
  /** Each rule in a few words. */
  readonly rules: readonly string[];
  /** Why the file can't be used: nothing of it is then. */
  readonly problem?: string;
}

/** Keeps a plan as the file in the data folder wants it, and says in the log whenever that changes. */
export class FaultFile {
  private readonly file: string;
  private readonly plan: FaultPlan;
  private readonly operations: (service: ServiceName) => readonly string[];
  private readonly log: (line: string) => void;
  private stamp: string | undefined;
  private timer: NodeJS.Timeout | undefined;
  private onChanged: () => void = () => undefined;
  private current: FaultState | undefined;

  /** @param operations what each service does, by AWS's names */
  constructor(
    directory: string,
    plan: FaultPlan,
    operations: (service: ServiceName) => readonly string[],
    log: (line: string) => void,
  ) {
    this.operations = operations;
    this.file = join(directory, FAULT_FILE);
    this.plan = plan;
    this.log = log;
  }

  /** What the file asks for; undefined when there is none. */
  get state(): FaultState | undefined {
    return this.current;
  }

  /**
   * Reads the file now, and again whenever it has changed.
   * @param onChanged called after each of the latter
   */
  start(onChanged: () => void): void {
    this.look();
    this.onChanged = onChanged;
    this.timer = setInterval(() => this.look(), POLL_MS).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    const stamp = this.stampNow();
    if (stamp === this.stamp) return;
    this.stamp = stamp;
    this.current = stamp === undefined ? undefined : this.read();
    if (this.current === undefined || this.current.problem !== undefined) {
      this.plan.set({ seed: 1, rules: [] });
    }
    this.log(sentence(this.current));
    this.onChanged();
  }

  private read(): FaultState {
    try {
      this.plan.set(parseFaults(readFileSync(this.file, 'utf8'), this.operations));
      return { rules: this.plan.descriptions };
    } catch (error) {
      return { rules: [], problem: error instanceof Error ? error.message : String(error) };
    }
  }

  /** Changes whenever the file does; undefined while there is none. */
  private stampNow(): string | undefined {
    try {
      const { mtimeMs, size, ino } = statSync(this.file);
      return `${mtimeMs} ${size} ${ino}`;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      return code === 'ENOENT' ? undefined : `unreadable: ${code ?? ''}`;
    }
  }
}

function sentence(state: FaultState | undefined): string {
  if (state === undefined) return `${FAULT_FILE} is gone: no faults on request any more.`;
  if (state.problem !== undefined) {
    return `${FAULT_FILE} can't be used, so there are no faults on request: ${state.problem}.`;
  }
  return `Faults on request, by ${FAULT_FILE}: ${state.rules.join('; ') || 'none'}.`;
}
